import { type Effect, effectKey } from './effects.ts'
import type { TicketEvent } from './event.ts'
import { type DeliveryLane, laneOf, laneOfPlace } from './lanes.ts'
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

/** One failed life of a ticket, an event or an effect, and whether it was notified, redriven, closed or delivered after all. */
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
 * A dead letter: `dead-letters/<key>.json`. `key` is the ticket id, `event-<digest>` for an event that could not be
 * added to its ticket's case, the name of an effect (`effectKey`), `unreadable-<digest>` for a body without any of them,
 * `collision-<digest>` for a second message under the id of another ticket. Never deleted.
 */
export interface DeadLetter extends Death {
  readonly v: 1
  readonly key: string
  readonly nonce: string
  readonly kind: 'ticket' | 'event' | 'effect' | 'unreadable' | 'collision'
  readonly ticket?: Ticket
  readonly event?: TicketEvent
  readonly effect?: Effect
  readonly message: KeptMessage
  /** When a person whose words it held was forgotten: it holds none any more, and cannot be sent again. */
  readonly forgottenAt?: number
  /** The vendor may already have it: every notice says so. */
  readonly mayBeDelivered: boolean
  readonly attempts?: AttemptHistory
  /** The ends of earlier lives, oldest first. */
  readonly history: readonly Death[]
}

/** Where the ledger keeps what a letter is about. */
export interface RecordPlace {
  readonly lane: DeliveryLane
  readonly id: string
  readonly source: string
}

/** The record of a letter's ticket or effect; undefined for a letter of neither. */
export function recordOfLetter({ kind, ticket, effect }: DeadLetter): RecordPlace | undefined {
  if (kind === 'ticket' && ticket) return { lane: laneOf(ticket.priority), id: ticket.id, source: ticket.source }
  if (kind === 'effect' && effect)
    return { lane: laneOfPlace(effect.place), id: effectKey(effect), source: effect.source }
  return undefined
}

/** What is sent again when a letter is redriven. */
export type Redrivable = { readonly ticket: Ticket } | { readonly event: TicketEvent } | { readonly effect: Effect }

/** What a letter sends again; undefined for one that holds nothing to send. */
export function redrivableOf({ kind, ticket, event, effect, forgottenAt }: DeadLetter): Redrivable | undefined {
  if (kind === 'ticket') return forgottenAt === undefined ? ticket && { ticket } : undefined
  if (kind === 'event') return event && { event }
  return kind === 'effect' ? effect && { effect } : undefined
}

/** Whether letters of a kind can be redriven: they have a queue to go back to. */
export function isRedrivable(kind: DeadLetter['kind']): boolean {
  return kind === 'ticket' || kind === 'event' || kind === 'effect'
}
