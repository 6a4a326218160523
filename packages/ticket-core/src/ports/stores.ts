import type { Case } from '../case.ts'
import type { DeadLetter } from '../dead-letter.ts'
import type { DeliveryLane } from '../lanes.ts'
import type { LedgerRecord } from '../ledger-record.ts'
import type { KnownPerson } from '../people-key.ts'
import type { SweepCursor } from '../sweep-cursor.ts'

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

export type SweepCursors = ConditionalStore<SweepCursor>
