import type { Clock } from '../../clock.ts'
import type { SqsEvent } from '../../events.ts'
import type { RandomBytes } from '../../random.ts'
import type { Sql } from '../../sql.ts'
import type { MessageSignal } from './message-signal.ts'

/** The dependencies of every SQS operation. */
export interface SqsContext {
  readonly sql: Sql
  readonly clock: Clock
  readonly random: RandomBytes
  /** Notified when a queue's visible messages, or the time of the next one, may have changed. */
  readonly messageSignal: MessageSignal
  readonly emit: (event: Untimed<SqsEvent>) => void
  /** As on AWS, a second purge and a deleted queue's name are rejected for 60 s. */
  readonly enforceSixtySeconds: boolean
}

type Untimed<Event> = Event extends unknown ? Omit<Event, 'at' | 'source'> : never
