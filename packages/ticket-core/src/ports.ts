import type { Case } from './case.ts'
import type { DeadLetter } from './dead-letter.ts'
import type { DeathCause, LedgerRecord, Receipt } from './ledger-record.ts'
import type { TicketLane } from './lanes.ts'
import type { AppSecret, SecretProblem } from './secret.ts'
import type { Ticket } from './ticket.ts'

/** All time comes from here: the system's clock, or a virtual one that moves only when told. */
export interface Clock {
  /** Milliseconds since the epoch: what people and other machines are shown. It moves when the clock is set. */
  now(): number
  /**
   * Milliseconds since a fixed moment that means nothing: only differences do. It never goes back, and setting the
   * clock does not move it: for ages, deadlines, pauses and rates.
   */
  monotonic(): number
  /** Calls `run` once, `ms` from now; the returned function cancels that. */
  after(ms: number, run: () => void): () => void
}

/** What became of handing a ticket to its queue. */
export type Enqueued =
  | { readonly kind: 'accepted' }
  /** Nothing was sent, or SQS refused it: it is surely not queued. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The envelope would be larger than the limit; nothing was sent. Bytes. */
  | { readonly kind: 'too-large'; readonly bytes: number; readonly limit: number }
  /** SQS was asked and did not answer in time: it may or may not be queued. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** Where accepted tickets wait for their delivery: one queue for each priority. */
export interface TicketQueue {
  /** Never rejects for what the queue does: the outcome says whether the ticket is in. */
  enqueue(ticket: Ticket, context?: { readonly traceparent?: string }): Promise<Enqueued>
  /** Waits until nothing is being sent any more. */
  drain(): Promise<void>
}

/** What one call of a sink came to. */
export type DeliveryOutcome =
  | { readonly kind: 'delivered'; readonly receipt: Receipt }
  /**
   * Surely not done, worth another try. `after`: milliseconds, from the vendor's `Retry-After`.
   * `vendorDown`: true when the next ticket would meet the same (429, 5xx), so that the rest of the batch need not call.
   */
  | {
      readonly kind: 'retry'
      readonly code: string
      readonly reason: string
      readonly after?: number
      readonly vendorDown?: boolean
    }
  /** The vendor will never take it as it is. */
  | { readonly kind: 'rejected'; readonly code: string; readonly reason: string }
  /** The vendor may or may not have done it. */
  | { readonly kind: 'unknown'; readonly code: string; readonly reason: string; readonly vendorDown?: boolean }

/** One attempt to bring a ticket to its destination. */
export interface Delivery {
  readonly ticket: Ticket
  /** An earlier attempt's outcome is not known: look first, or mark it as a possible repeat. */
  readonly suspect: boolean
  /** When the ticket was first claimed; a look goes back to 10 minutes before it. */
  readonly firstClaimAt: number
  /** No call may be at work after this reading of `Clock.monotonic`: aborted, socket closed, awaited. */
  readonly deadline: number
  /** The object that holds the ticket whole: what has to be cut says that the rest is there. */
  readonly keptAt: string
}

/** Delivers a ticket. Never throws for what a vendor or the network does. */
export interface TicketSink {
  deliver(delivery: Delivery): Promise<DeliveryOutcome>
}

/** A stored JSON object with the version (ETag) that a later write must match. */
export type Stored<Item> =
  | { readonly kind: 'found'; readonly item: Item; readonly version: string }
  | { readonly kind: 'absent' }
  /** `damaged`: it is there, and no tool of ours can read it. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly damaged?: true }

/**
 * What a conditional write came to. `lost`: somebody else wrote first, read again. `unavailable`: not known whether
 * it was written (the store was asked for its nonce and did not tell).
 */
export type Written =
  | { readonly kind: 'written'; readonly version: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** A store of conditional JSON objects: the ledger and the archive of dead letters are two of them. */
export interface ConditionalStore<Item> {
  read(key: string): Promise<Stored<Item>>
  /**
   * Writes only if nothing is there (`expected` = 'absent') or what is there has this version. After a 412, 409, 404
   * or no answer it reads and compares nonces, so that one's own write is known for one's own.
   */
  write(key: string, item: Item, expected: { readonly version: string } | 'absent'): Promise<Written>
}

/** One lane's part of the ledger, keyed by ticket id. A function writes its own lane's only. */
export type Ledger = ConditionalStore<LedgerRecord>
/** The whole ledger. A ticket's record is in the lane of its priority. */
export type Ledgers = Readonly<Record<TicketLane, Ledger>>
/** Finds a ticket's record by its id alone: for `status`, where nobody knows the priority. */
export type LedgerReader = Pick<Ledger, 'read'>
/** Keyed by ticket id; a second case of one id has the digest of its ticket behind it. */
export type CaseStore = ConditionalStore<Case>
/** Keyed by {@link DeadLetter.key}. */
export type DeadLetterArchive = ConditionalStore<DeadLetter>

/** The queue that a batch came from. */
export interface SourceQueue {
  /**
   * Hides each message for so many seconds (0 to 43,200) from now. Best effort: a message that is not in flight any more
   * is harmless, a failure leaves the queue's own visibility in force.
   */
  postpone(messages: readonly Postponed[]): Promise<void>
}

/** A received message, and for how long it is hidden. */
export interface Postponed {
  readonly receiptHandle: string
  readonly seconds: number
}

/** A message to the dead-letter queue, the body whole. */
export interface DeadLetterMessage {
  readonly body: string
  readonly cause: DeathCause
  /** Of a message that goes there as it came: its own attributes, as many of them as there is room for. */
  readonly attributes?: Readonly<Record<string, string>>
  /** Ticket id, when there is one. */
  readonly ticket?: string
  readonly life?: number
  /** The ticket's whole digest: for a body that cannot tell it, such as one of the older system. */
  readonly source?: string
  /**
   * Hidden for so long at first (0 to 900 s): the sender still writes the ledger after sending, and who reads the
   * dead letter before that finds a live claim and has to wait for its end.
   */
  readonly delaySeconds?: number
}

/** Takes what cannot be delivered, whole. */
export interface DeadLetterQueue {
  /** False when the queue did not confirm it: keep the message and try again. */
  send(message: DeadLetterMessage): Promise<boolean>
}

/** Tells an admin of one death, or of several (a batch has ten at most) in one notice. */
export interface AdminNotice {
  /** Waits until the next notice may be sent; false when that is only after the deadline (`Clock.monotonic`). */
  turn(deadline: number): Promise<boolean>
  /** `told`: one way at least got through; `ways` names what happened on each, without secrets. */
  tell(
    letters: readonly DeadLetter[],
    deadline: number,
  ): Promise<{ readonly told: boolean; readonly ways: readonly string[] }>
}

/** Whose a token is: an object a token in the bucket, `token-teams/<digest>.json`, written once and never over. */
export interface TokenBinding {
  readonly v: 1
  /** The token's digest, as in the key. */
  readonly token: string
  readonly team: string
  /** Milliseconds since the epoch. */
  readonly boundAt: number
  /** The team, too: two who bind a token to one team wrote the same. */
  readonly nonce: string
}

export type TokenTeams = ConditionalStore<TokenBinding>

/** What reading the secret came to. A failure names keys and reasons, never a value. */
export type SecretRead<Value = AppSecret> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false
      readonly failure:
        | { readonly code: 'secret-invalid'; readonly problems: readonly SecretProblem[] }
        | { readonly code: 'secret-missing'; readonly reason: string }
        /** `refused`: by AWS, or for want of credentials or a region; asking again changes nothing. */
        | { readonly code: 'secret-unavailable'; readonly reason: string; readonly refused?: true }
    }

/** The application's secret, or the part of it that somebody needs, with a time-limited cache. */
export interface SecretSource<Value = AppSecret> {
  current(): Promise<SecretRead<Value>>
  /** Reads past the cache: called once when a vendor answers 401 or 403. */
  refresh(): Promise<SecretRead<Value>>
}

/** How much a log line matters; what is below the chosen level is not written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
/** Values of a log line: plain data only. Texts of tickets and secrets have no place here. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined | readonly string[]>>

/** One line an event; `event` is a fixed, greppable name such as `ticket.accepted`. */
export interface Log {
  write(level: LogLevel, event: string, fields?: LogFields): void
}

/** Counters and durations, for `/metrics`. */
export interface Metrics {
  /** Adds 1 (or `by`) to a counter. */
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void
  /** Notes a duration in seconds. */
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void
}
