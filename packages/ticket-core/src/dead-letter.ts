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

/** What somebody at the desk said: nothing is left to do, and why. Milliseconds since the epoch. */
export interface Closing {
  readonly at: number
  readonly because: string
}

/** One death of a ticket: told to the admin or not, redriven or not, closed or not, put right or not. */
export interface Death {
  readonly life: number
  /** When it died, as in the ledger; of what has no record there, when it was archived. */
  readonly at: number
  readonly cause: DeathCause
  /** When an admin was told of this life's death. */
  readonly toldAt?: number
  readonly redrivenAt?: number
  /** Waits for nobody any more. One that was closed and then redriven has both. */
  readonly closed?: Closing
  /** When it turned out that the ticket was delivered after all. */
  readonly correctedAt?: number
}

/**
 * A dead letter: `dead-letters/<key>.json`. `key` is the ticket id, `unreadable-<digest>` for a body without a ticket,
 * `collision-<digest>` for a second message under somebody else's id. Kept for ever.
 */
export interface DeadLetter extends Death {
  readonly v: 1
  readonly key: string
  readonly nonce: string
  readonly kind: 'ticket' | 'unreadable' | 'collision'
  readonly ticket?: Ticket
  readonly message: KeptMessage
  /** The vendor may have it already: every notice says so. */
  readonly mayBeDelivered: boolean
  readonly attempts?: AttemptHistory
  /** Earlier lives' deaths, oldest first. */
  readonly history: readonly Death[]
}
