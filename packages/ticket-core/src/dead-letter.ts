import type { TicketEvent } from './event.ts'
import type { AttemptHistory, DeathCause } from './ledger-record.ts'
import type { Ticket } from './ticket.ts'

/** A queue message kept whole, as it reached the dead-letter queue. */
export interface KeptMessage {
  readonly messageId: string
  readonly body: string
  readonly sentAt?: number
  readonly receiveCount?: number
  /** Of a native redrive: the ARN of the queue that it came from. */
  readonly sourceQueueArn?: string
  readonly attributes: Readonly<Record<string, string>>
}

/** An operator closed it: nothing is left to do, and why. Milliseconds since the epoch. */
export interface Closing {
  readonly at: number
  readonly because: string
}

/** One failed life of a ticket or an event, and whether it was notified, redriven, closed or delivered after all. */
export interface Death {
  readonly life: number
  /** When it was dead-lettered, as in the ledger; without a record there, when it was archived. */
  readonly at: number
  readonly cause: DeathCause
  /** When an admin was notified of this life's end. */
  readonly toldAt?: number
  readonly redrivenAt?: number
  /** No operator has to act any more. A letter that was closed and then redriven has both. */
  readonly closed?: Closing
  /** When it turned out that the ticket was delivered after all. */
  readonly correctedAt?: number
}

/**
 * A dead letter: `dead-letters/<key>.json`. `key` is the ticket id, `event-<digest>` for an event that could not be added to
 * its ticket's case, `unreadable-<digest>` for a body without either, `collision-<digest>` for a second message under the
 * id of another ticket. Never deleted.
 */
export interface DeadLetter extends Death {
  readonly v: 1
  readonly key: string
  readonly nonce: string
  readonly kind: 'ticket' | 'event' | 'unreadable' | 'collision'
  readonly ticket?: Ticket
  readonly event?: TicketEvent
  readonly message: KeptMessage
  /** The vendor may already have it: every notice says so. */
  readonly mayBeDelivered: boolean
  readonly attempts?: AttemptHistory
  /** The ends of earlier lives, oldest first. */
  readonly history: readonly Death[]
}
