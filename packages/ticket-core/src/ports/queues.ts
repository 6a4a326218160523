import type { Effect } from '../effects.ts'
import type { TicketEvent } from '../event.ts'
import type { DeathCause } from '../ledger-record.ts'
import type { Ticket } from '../ticket.ts'

/** The result of sending a ticket to its queue. */
export type Enqueued =
  | { readonly kind: 'accepted' }
  /** Nothing was sent, or SQS refused it: it is certainly not queued. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The envelope would be larger than the limit; nothing was sent. Bytes. */
  | { readonly kind: 'too-large'; readonly bytes: number; readonly limit: number }
  /** SQS did not answer in time: it may or may not be queued. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** The queues of accepted tickets: one for each priority. */
export interface TicketQueue {
  /** Never rejects because of the queue: the outcome says whether the ticket is queued. */
  enqueue(ticket: Ticket, context?: { readonly traceparent?: string }): Promise<Enqueued>
  /** Waits until every send has ended. */
  drain(): Promise<void>
}

/** The queue of events: what happened to tickets after they were accepted. */
export interface EventQueue {
  /** Never rejects because of the queue: the outcome says whether the event is queued. */
  enqueue(event: TicketEvent): Promise<Enqueued>
  /** Waits until every send has ended. */
  drain(): Promise<void>
}

/** The queues of the places that have tickets. */
export interface EffectQueue {
  /** Never rejects because of a queue. An effect that was sent twice is delivered once. */
  enqueue(effect: Effect): Promise<Exclude<Enqueued, { readonly kind: 'too-large' }>>
}

/** The queue that a batch came from. */
export interface SourceQueue {
  /**
   * Sets each message's visibility time-out in seconds (0 to 43,200) from now. Best effort: a message that is not in flight
   * is harmless, and after a failure the queue's own visibility time-out applies.
   */
  postpone(messages: readonly Postponed[]): Promise<void>
}

/** A received message, and how long it stays hidden. */
export interface Postponed {
  readonly receiptHandle: string
  readonly seconds: number
}

/** A message to the dead-letter queue, with the complete body. */
export interface DeadLetterMessage {
  readonly body: string
  readonly cause: DeathCause
  /** The original message's own attributes, as many as SQS has room for. */
  readonly attributes?: Readonly<Record<string, string>>
  /** Ticket id, when there is one. */
  readonly ticket?: string
  readonly life?: number
  /** The ticket's whole digest: for a body without it, such as one of the older system. */
  readonly source?: string
  /**
   * Delay before it is visible (0 to 900 s): the sender writes the ledger after sending, and a reader that comes before
   * that finds a live claim and has to wait for its end.
   */
  readonly delaySeconds?: number
}

/** The queue of undeliverable messages. */
export interface DeadLetterQueue {
  /** False when the queue did not confirm it: keep the message and retry. */
  send(message: DeadLetterMessage): Promise<boolean>
}
