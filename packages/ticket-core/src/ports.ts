import type { Case } from './case.ts'
import type { DeadLetter } from './dead-letter.ts'
import type { Effect } from './effects.ts'
import type { TicketEvent } from './event.ts'
import type { DeathCause, LedgerRecord, Receipt } from './ledger-record.ts'
import type { DeliveryLane } from './lanes.ts'
import type { KnownPerson } from './people-key.ts'
import type { AppSecret } from './secret.ts'
import type { SecretProblem } from './secret-keys.ts'
import type { PressedMessage } from './slack-press.ts'
import type { TicketState } from './state.ts'
import type { SweepCursor } from './sweep-cursor.ts'
import type { Ticket } from './ticket.ts'

/** The only source of time: the system's clock, or a virtual one that tests move. */
export interface Clock {
  /** Milliseconds since the epoch, for people and other machines. It jumps when the clock is set. */
  now(): number
  /**
   * Milliseconds since an arbitrary moment: only differences have a meaning. It never goes back, and setting the
   * clock does not move it: for ages, deadlines, pauses and rates.
   */
  monotonic(): number
  /**
   * Calls `run` once, `ms` from now; the returned function cancels that. `idle`: nothing waits for it, as for the next of
   * a regular check; a virtual clock that runs until all work is done does not wait for it either.
   */
  after(ms: number, run: () => void, mark?: 'idle'): () => void
}

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

/** The result of one call of a sink. */
export type DeliveryOutcome =
  | { readonly kind: 'delivered'; readonly receipt: Receipt }
  /**
   * Certainly not delivered; retry. `after`: milliseconds, from the vendor's `Retry-After`.
   * `vendorDown`: true when the next ticket would fail too (429, 5xx), so that the rest of the batch need not call.
   */
  | {
      readonly kind: 'retry'
      readonly code: string
      readonly reason: string
      readonly after?: number
      readonly vendorDown?: boolean
    }
  /** The vendor will never accept it as it is. */
  | { readonly kind: 'rejected'; readonly code: string; readonly reason: string }
  /** The vendor may or may not have delivered it. */
  | { readonly kind: 'unknown'; readonly code: string; readonly reason: string; readonly vendorDown?: boolean }

/** One attempt to deliver a ticket. */
export interface Delivery {
  readonly ticket: Ticket
  /** The outcome of an earlier attempt is unknown: look first, or mark it as a possible repeat. */
  readonly suspect: boolean
  /** When the ticket was first claimed; a look goes back to 10 minutes before it. */
  readonly firstClaimAt: number
  /** At this reading of `Clock.monotonic` every call has ended: aborted, socket closed, awaited. */
  readonly deadline: number
  /** The object that holds the complete ticket: a text that has to be cut refers to it. */
  readonly keptAt: string
  /** What people have done with it already. Absent: it was reported just now. */
  readonly state?: TicketState
}

/** A ticket as it is now, in place of the message in Slack whose button was pressed. */
interface PressAnswer extends PressedMessage {
  /** The case with the press. */
  readonly known: Case
  readonly keptAt: string
  readonly deadline: number
}

/** Answers presses. Never throws; `reason` holds no address. */
export interface PressAnswers {
  replace(
    answer: PressAnswer,
  ): Promise<
    { readonly kind: 'replaced' } | { readonly kind: 'failed'; readonly code: string; readonly reason: string }
  >
}

/** Delivers a ticket. Never throws because of a vendor or the network. */
export interface TicketSink {
  deliver(delivery: Delivery): Promise<DeliveryOutcome>
}

/** One attempt to deliver an effect to a place that has the ticket. */
export interface EffectDelivery extends Pick<Delivery, 'suspect' | 'firstClaimAt' | 'deadline' | 'keptAt'> {
  /** Names the effect: a place that can be searched finds it by this. */
  readonly key: string
  /** The case as it is now. */
  readonly known: Case
  /** Of its events, how many the last sync that succeeded had. */
  readonly since: number
  /** Where the place has the ticket. */
  readonly receipt: Receipt
}

export interface NoteDelivery extends Omit<EffectDelivery, 'since'> {
  readonly event: TicketEvent
}

/** One attempt to tell a team of a dead letter. */
export interface DeathNewsDelivery extends Pick<Delivery, 'suspect' | 'deadline'> {
  readonly letter: DeadLetter
  readonly ticket: Ticket
}

/** Delivers effects. Never throws because of a vendor or the network. */
export interface EffectSink {
  /** Appends one event. */
  note(delivery: NoteDelivery): Promise<DeliveryOutcome>
  /** Makes the place agree with the case; a repeat changes nothing. */
  sync(delivery: EffectDelivery): Promise<DeliveryOutcome>
  /** Tells the reporter's team of a dead letter; only where teams are told. */
  deathNews?(delivery: DeathNewsDelivery): Promise<DeliveryOutcome>
}

/** A stored JSON object with the version (ETag) that a later write must match. */
export interface Found<Item> {
  readonly kind: 'found'
  readonly item: Item
  readonly version: string
}

export interface Absent {
  readonly kind: 'absent'
}

/** What reading a key came to. */
export type Stored<Item> =
  | Found<Item>
  | Absent
  /** `damaged`: it exists, but its content is not valid. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly damaged?: true }

/** Another writer was first: nothing was written. Read again, and decide again. */
export interface Conflict {
  readonly kind: 'conflict'
}

/**
 * The result of a conditional write. `unavailable`: it is not known whether it was written (the read that compares
 * nonces failed too).
 */
export type Written =
  | { readonly kind: 'written'; readonly version: string }
  | Conflict
  | { readonly kind: 'unavailable'; readonly reason: string }

/** A store of conditional JSON objects: the ledger and the archive of dead letters are two of them. */
export interface ConditionalStore<Item> {
  read(key: string): Promise<Stored<Item>>
  /**
   * Writes only if the object does not exist (`expected` = 'absent') or has this version. After a 412, 409, 404
   * or no answer it reads and compares nonces, to recognise its own write.
   */
  write(key: string, item: Item, expected: { readonly version: string } | 'absent'): Promise<Written>
}

/** One lane's part of the ledger, keyed by ticket id. A function writes only its own lane's part. */
export type Ledger = ConditionalStore<LedgerRecord>
/** The whole ledger. A ticket's record is in the lane of its priority. */
export type Ledgers = Readonly<Record<DeliveryLane, Ledger>>
/** Finds a ticket's record by its id alone: for `status`, where the priority is not known. */
export type LedgerReader = Pick<Ledger, 'read'>
/** Keyed by ticket id; a second case of one id also has its ticket's digest in the key. */
export type CaseStore = ConditionalStore<Case>
/** The result of putting or removing a marker. `unavailable`: it may have been done, or may yet be done. */
export type Marked = { readonly kind: 'done' } | { readonly kind: 'unavailable'; readonly reason: string }

/** One page of the index: keys in order. */
export type IndexPage =
  | { readonly kind: 'page'; readonly keys: readonly string[]; readonly isLast: boolean }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** The index of cases: empty objects, whose keys say everything. See {@link INDEX}. */
export interface IndexStore {
  /** One that is there already is fine. */
  put(key: string): Promise<Marked>
  /** One that is gone already is fine. */
  remove(key: string): Promise<Marked>
  /** The first `limit` keys with this prefix, at most 1,000; `after` a key. */
  list(prefix: string, page: { readonly limit: number; readonly after?: string | undefined }): Promise<IndexPage>
}

/** The people of a name. `several` of that name were found, and more than were read. */
export type FoundPeople =
  | { readonly kind: 'people'; readonly people: readonly KnownPerson[] }
  | { readonly kind: 'several' }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** The address book: the people of each team. See {@link PEOPLE}. */
export interface AddressBook {
  /** Remembers a person of a team; one who is known already is fine. */
  remember(team: string, person: KnownPerson): Promise<Marked>
  /** The people of a team with this name: the whole name, or the first one alone. */
  find(team: string, name: string): Promise<FoundPeople>
}

/** Keyed by {@link DeadLetter.key}. */
export type DeadLetterArchive = ConditionalStore<DeadLetter>

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

/** Notifies an admin of one dead letter, or of several (at most a batch of ten) in one notice. */
export interface AdminNotifier {
  /** Waits until the next notice may be sent; false when that is only after the deadline (`Clock.monotonic`). */
  waitForSlot(deadline: number): Promise<boolean>
  /** `notified`: at least one channel got through. `channels`: the result of each, without secrets. */
  notify(
    letters: readonly DeadLetter[],
    deadline: number,
  ): Promise<{ readonly notified: boolean; readonly channels: readonly string[] }>
}

/** The team of a token: the object `token-teams/<digest>.json` in the bucket, written once and never overwritten. */
export interface TokenBinding {
  readonly v: 1
  /** The token's digest, as in the key. */
  readonly token: string
  readonly team: string
  /** Milliseconds since the epoch. */
  readonly boundAt: number
  /** The team again: two writers that bind a token to one team wrote the same. */
  readonly nonce: string
}

export type TokenTeams = ConditionalStore<TokenBinding>

/** What happened on the board, as far as it is a {@link readTrelloAction}. */
export type ListedActions =
  | {
      readonly kind: 'actions'
      readonly actions: readonly unknown[]
      /** False: there are more, and these are not the first ones. */
      readonly isWhole: boolean
      /** Trello's id of the member that our token belongs to: what a program did in their name is our own work. */
      readonly ownMember: string
    }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** The ticket that a card names in its marker line. */
export type MarkedTicket =
  | { readonly kind: 'read'; readonly ticket?: string | undefined }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** Reads the board. Both calls are over before the deadline (`Clock.monotonic`). */
export interface BoardReader {
  /** From `since` (included) up to `before`; milliseconds since the epoch. */
  listActions(
    window: { readonly since: number; readonly before?: number | undefined },
    deadline: number,
  ): Promise<ListedActions>
  readMarker(card: string, deadline: number): Promise<MarkedTicket>
}

export type SweepCursors = ConditionalStore<SweepCursor>

/** The result of reading the secret. A failure names keys and reasons, never a value. */
export type SecretRead<Value = AppSecret> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false
      readonly failure:
        | { readonly code: 'secret-invalid'; readonly problems: readonly SecretProblem[] }
        | { readonly code: 'secret-missing'; readonly reason: string }
        /** `refused`: by AWS, or because credentials or a region are missing; a retry does not help. */
        | { readonly code: 'secret-unavailable'; readonly reason: string; readonly refused?: true }
    }

/** The application's secret, or the part of it that a caller needs, with a time-limited cache. */
export interface SecretSource<Value = AppSecret> {
  current(): Promise<SecretRead<Value>>
  /** Reads past the cache: called once when a vendor answers 401 or 403. */
  refresh(): Promise<SecretRead<Value>>
}

/** Severity of a log line; lines below the chosen level are not written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
/** Values of a log line: plain data only, never texts of tickets or secrets. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined | readonly string[]>>

/** One line for each event; `event` is a fixed name such as `ticket.accepted`. */
export interface Log {
  write(level: LogLevel, event: string, fields?: LogFields): void
}

/** Counters and durations, for `/metrics`. */
export interface Metrics {
  /** Adds 1 (or `by`) to a counter. */
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void
  /** Records a duration in seconds. */
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void
}
