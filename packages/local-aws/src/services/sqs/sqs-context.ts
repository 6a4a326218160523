import type { Clock } from '../../clock.ts'
import type { SqsEvent } from '../../events.ts'
import type { RandomBytes } from '../../random.ts'
import type { Sql } from '../../sql.ts'
import type { MessageSignal } from './message-signal.ts'

/** What every SQS operation works with. */
export interface SqsContext {
  readonly sql: Sql
  readonly clock: Clock
  readonly random: RandomBytes
  /** Rung for a queue when a message may be visible there now, or at another time than before, or never. */
  readonly messageSignal: MessageSignal
  readonly emit: (event: Untimed<SqsEvent>) => void
  /** AWS refuses a second purge, and a queue deleted just now, for 60 s. */
  readonly enforceSixtySeconds: boolean
}

type Untimed<Event> = Event extends unknown ? Omit<Event, 'at' | 'source'> : never
