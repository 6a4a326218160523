import {
  type CaseStore,
  type DeadLetterArchive,
  type Ledger,
  type LedgerReader,
  type Ledgers,
  type DeliveryLane,
  CASES,
  chooseRecord,
  TICKET_LANES,
} from 'ticket-core'
import { createConditionalStore } from './conditional-store.ts'
import type { Bucket } from './object-calls.ts'
import { readCase, readDeadLetter, readLedgerRecord } from './records.ts'

/** `timeoutMs`: for one operation with its tries; an outcome must be written within five seconds. @default 4500 */
export interface StoreSettings extends Bucket {
  readonly timeoutMs?: number
}

/** One lane's part of the ledger: `ledger/<lane>/<ticket id>.json`. */
export function createLedger({
  lane,
  timeoutMs = 4500,
  ...bucket
}: StoreSettings & { readonly lane: DeliveryLane }): Ledger {
  return createConditionalStore({
    ...bucket,
    prefix: `ledger/${lane}/`,
    timeoutMs,
    readItem: readLedgerRecord,
    isOf: ({ id }, key) => id === key,
  })
}

/** The whole ledger, lane by lane. */
export function createLedgers(settings: StoreSettings): Ledgers {
  const of = (lane: DeliveryLane): Ledger => createLedger({ ...settings, lane })
  return { low: of('low'), medium: of('medium'), high: of('high'), news: of('news') }
}

/** Asks all lanes at the same time: an id does not show its ticket's priority. */
export function createLedgerReader(settings: StoreSettings): LedgerReader {
  const ledgers = createLedgers(settings)
  return {
    read: async (id) => chooseRecord(await Promise.all(TICKET_LANES.map((lane) => ledgers[lane].read(id)))),
  }
}

/** The cases: `cases/<key>.json`, the key a ticket's id, or that and a digest. */
export function createCaseStore({ timeoutMs = 4500, ...bucket }: StoreSettings): CaseStore {
  return createConditionalStore({
    ...bucket,
    prefix: CASES,
    timeoutMs,
    readItem: readCase,
    isOf: ({ id, ticket }, key) => id === ticket.id && (key === id || key.startsWith(`${id}-`)),
  })
}

/** Begins the key of every dead letter. */
export const DEAD_LETTERS = 'dead-letters/'

/** The archive of dead letters: `dead-letters/<key>.json`. */
export function createDeadLetterArchive({ timeoutMs = 4500, ...bucket }: StoreSettings): DeadLetterArchive {
  return createConditionalStore({
    ...bucket,
    prefix: DEAD_LETTERS,
    timeoutMs,
    readItem: readDeadLetter,
    isOf: (letter, key) => letter.key === key,
  })
}
