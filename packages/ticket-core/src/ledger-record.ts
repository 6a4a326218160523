import type { Place } from './ticket.ts'

/**
 * Proof of delivery. `where` is for people ("tickets/2026/…json", "card aB3dE", "Slack channel of the webhook");
 * `url` only where one exists that people can open.
 */
export interface Receipt {
  readonly destination: Place
  readonly where: string
  readonly url?: string
  /** The vendor's own id: S3 key, Trello card id; Slack's webhook returns none. */
  readonly vendorId?: string
  /** True when a look found that an earlier attempt with an unknown outcome had already delivered it. */
  readonly found?: true
  /** True when the destination shows only a part of the ticket: its case holds all of it. */
  readonly cut?: true
  /** True when it was sent again, marked as a possible repeat. */
  readonly possibleRepeat?: true
}

/** One call of a vendor (or a crash during one), milliseconds since the epoch. */
export interface Attempt {
  readonly at: number
  readonly outcome: 'delivered' | 'retry' | 'rejected' | 'unknown' | 'crashed'
  readonly code: string
  readonly reason: string
}

/** The first attempt, the last 20, and the count in all lives. */
export interface AttemptHistory {
  readonly count: number
  readonly first?: Attempt
  readonly last: readonly Attempt[]
}

/** Why a ticket was dead-lettered. */
export interface DeathCause {
  readonly code: string
  readonly reason: string
}

/**
 * The ledger: one record for each ticket and each effect (`effectKey`), `ledger/<lane>/<id>.json`. All times are
 * milliseconds since the epoch. The first write has `If-None-Match: *`, every later one `If-Match`, each with a new nonce.
 */
export interface LedgerRecord {
  readonly v: 1
  /** The ticket's id, or the name of an effect. */
  readonly id: string
  /** The whole digest; another source under the same id is a collision, never a duplicate. */
  readonly source: string
  /** Of the complete ticket (`digestTicket`): other words under the same id are a collision, too. */
  readonly digest: string
  /** The Teams team the ticket came from; only it may ask for the status. Absent for the older system's tickets. */
  readonly team?: string
  readonly destination?: Place
  /** 0 at first; each redrive begins the next one. */
  readonly life: number
  readonly state: 'waiting' | 'claimed' | 'delivered' | 'dead'
  readonly nonce: string
  readonly claim?: { readonly by: string; readonly until: number }
  /** Crashes in a row, in this life. */
  readonly crashes: number
  readonly firstClaimAt: number
  /** First failed attempt of this life: giving up counts from it. */
  readonly firstFailureAt?: number
  readonly attempts: AttemptHistory
  /** Key of the case that holds the complete ticket; none before the first claim. */
  readonly caseKey?: string
  /** Of a sync: how many events the case had when it was read, for the last success and for the last claim. */
  readonly synced?: number
  readonly syncing?: number
  readonly retryAt?: number
  /** The vendor may have it: an outcome is unknown. Once set, never cleared. */
  readonly suspect?: true
  readonly receipt?: Receipt
  readonly deliveredAt?: number
  /** Why it was dead-lettered; if `waiting`: why it was given up, until its dead letter is confirmed. */
  readonly failure?: DeathCause
  readonly diedAt?: number
}
