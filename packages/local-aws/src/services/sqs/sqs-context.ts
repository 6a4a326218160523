import type { Clock } from '../../clock.ts'
import type { SqsEvent } from '../../events.ts'
import type { RandomBytes } from '../../random.ts'
import type { Sql } from '../../sql.ts'

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

/** Wakes the long polls of a queue. */
export interface MessageSignal {
  notify(queueId: number): void
  /** Calls `run` at the next notification for that queue; the returned function cancels that. */
  onNotify(queueId: number, run: () => void): () => void
}

export function createMessageSignal(): MessageSignal {
  const waiting = new Map<number, Set<() => void>>()
  return {
    notify(queueId) {
      const called = waiting.get(queueId)
      if (!called) return
      waiting.delete(queueId)
      for (const run of called) run()
    },
    onNotify(queueId, run) {
      const called = waiting.get(queueId) ?? new Set()
      waiting.set(queueId, called.add(run))
      return () => void called.delete(run)
    },
  }
}
