import type { DeadLetterArchive, Ledger } from 'ticket-core'
import { createConditionalStore } from './conditional-store.ts'
import type { Bucket } from './object-calls.ts'
import { readDeadLetter } from './read-dead-letter.ts'
import { readLedgerRecord } from './read-ledger-record.ts'

/** `timeoutMs`: for one operation with its tries; an outcome must be written within five seconds. @default 4500 */
export interface StoreSettings extends Bucket {
  readonly prefix?: string
  readonly timeoutMs?: number
}

/** The ledger: `ledger/<ticket id>.json`. */
export function createLedger({ prefix = 'ledger/', timeoutMs = 4500, ...bucket }: StoreSettings): Ledger {
  return createConditionalStore({ ...bucket, prefix, timeoutMs, readItem: readLedgerRecord })
}

/** The archive of dead letters: `dead-letters/<key>.json`. */
export function createDeadLetterArchive({
  prefix = 'dead-letters/',
  timeoutMs = 4500,
  ...bucket
}: StoreSettings): DeadLetterArchive {
  return createConditionalStore({ ...bucket, prefix, timeoutMs, readItem: readDeadLetter })
}
