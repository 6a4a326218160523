import { type Effect, effectKey } from './effects.ts'
import type { TicketEvent } from './event.ts'
import { type DeliveryLane, laneOf, laneOfPlace } from './lanes.ts'
import type { AttemptHistory, DeathCause } from './ledger-record.ts'
import type { Ticket } from './ticket.ts'
import { readTicketId } from './ticket-id.ts'

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

/** A dead letter: `dead-letters/<key>.json`. `key` is the ticket's id, or one of `LETTER_KEYS`. Never deleted. */
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

interface LetterKey {
  readonly pattern: RegExp
  /** What such a letter is, after "of": for help. */
  readonly of: string
}

/** The keys of letters that are not tickets, by how they begin. Those of effects are made by `effectKey`. */
export const LETTER_KEYS: Readonly<Record<Effect['kind'] | 'event' | 'unreadable' | 'collision', LetterKey>> = {
  event: { pattern: /^event-[0-9a-f]{16}$/, of: 'an event that could not be added to its ticket' },
  note: { pattern: /^note-[0-9a-f]{32}$/, of: 'a comment or message about a ticket' },
  sync: { pattern: /^sync-[a-z]+-T-[0-9A-Z]{5}-[0-9A-Z]{5}$/, of: "a ticket's state for one place" },
  death: { pattern: /^death-\d+-T-[0-9A-Z]{5}-[0-9A-Z]{5}$/, of: "a team's news of a dead letter" },
  unreadable: { pattern: /^unreadable-[0-9a-f]{16}$/, of: 'a message that cannot be read' },
  collision: { pattern: /^collision-[0-9a-f]{16}$/, of: 'a second message under the id of another ticket' },
}

/** The key of a letter that has neither ticket nor effect of its own: 16 digits never meet, and are short to paste. */
export function letterKey(kind: 'event' | 'unreadable' | 'collision', sha256: string): string {
  return `${kind}-${sha256.slice(0, 16)}`
}

/** Whether a letter can have this key. */
export function isLetterKey(key: string): boolean {
  return readTicketId(key) === key || Object.values(LETTER_KEYS).some(({ pattern }) => pattern.test(key))
}

/** The key that a person wrote: in any case, with white space around it, or as the name of its file. */
export function readLetterKey(text: string): string | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/\.json$/, '')
    .replace(/t-[0-9a-z]{5}-[0-9a-z]{5}$/, (id) => id.toUpperCase())
  const key = readTicketId(text) ?? plain
  return isLetterKey(key) ? key : undefined
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

/** The cause of an effect that waited for its ticket at a place until it was given up. */
export const TICKET_MISSING = 'ticket-missing'

/** Whether letters of a kind can be redriven: they have a queue to go back to. */
export function isRedrivable(kind: DeadLetter['kind']): boolean {
  return kind === 'ticket' || kind === 'event' || kind === 'effect'
}
