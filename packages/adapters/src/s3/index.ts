export { createBucketSink } from './create-bucket-sink.ts'
export {
  createCaseStore,
  createDeadLetterArchive,
  createLedger,
  createLedgerReader,
  createLedgers,
} from './create-ledger.ts'
export type { StoreSettings } from './create-ledger.ts'
export { createAddressBook, erasePerson } from './address-book.ts'
export type { Erased } from './address-book.ts'
export { createIndexStore } from './create-index-store.ts'
export { createSweepCursors } from './sweep-cursors.ts'
export { createTokenTeams, listTokenTeams, releaseToken } from './token-teams.ts'
export type { ListedBinding } from './token-teams.ts'
export { listCases, listDeadLetters } from './list-stored.ts'
export type { Listed } from './list-stored.ts'
export { deleteObject, findBucket } from './object-calls.ts'
export type { Bucket } from './object-calls.ts'
