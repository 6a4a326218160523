import type { Attempt, AttemptHistory, DeathCause, LedgerRecord, Receipt } from 'ticket-core'
import type { Read } from './shape.ts'
import { readArray, readCount, readInstant, readObject, readOneOf, readText } from './shape.ts'

const readAttempt: Read<Attempt> = readObject((fields) => ({
  at: fields.required('at', readInstant),
  outcome: fields.required('outcome', readOneOf('delivered', 'retry', 'rejected', 'unknown', 'crashed')),
  code: fields.required('code', readText),
  reason: fields.required('reason', readText),
}))

export const readAttempts: Read<AttemptHistory> = readObject((fields) => ({
  count: fields.required('count', readCount),
  ...fields.optional('first', readAttempt),
  last: fields.required('last', readArray(readAttempt)),
}))

export const readCause: Read<DeathCause> = readObject((fields) => ({
  code: fields.required('code', readText),
  reason: fields.required('reason', readText),
}))

const readDestination = readOneOf('archive', 'board', 'alert')

const readReceipt: Read<Receipt> = readObject((fields) => ({
  destination: fields.required('destination', readDestination),
  where: fields.required('where', readText),
  ...fields.optional('url', readText),
  ...fields.optional('vendorId', readText),
  ...fields.optional('found', readOneOf(true)),
  ...fields.optional('cut', readOneOf(true)),
  ...fields.optional('possibleRepeat', readOneOf(true)),
}))

const readClaim: Read<{ readonly by: string; readonly until: number }> = readObject((fields) => ({
  by: fields.required('by', readText),
  until: fields.required('until', readInstant),
}))

/** Reads one record of the ledger. */
export const readLedgerRecord: Read<LedgerRecord> = readObject((fields) => ({
  v: fields.required('v', readOneOf(1)),
  id: fields.required('id', readText),
  source: fields.required('source', readText),
  ...fields.optional('team', readText),
  ...fields.optional('destination', readDestination),
  life: fields.required('life', readCount),
  state: fields.required('state', readOneOf('waiting', 'claimed', 'delivered', 'dead')),
  nonce: fields.required('nonce', readText),
  ...fields.optional('claim', readClaim),
  crashes: fields.required('crashes', readCount),
  firstClaimAt: fields.required('firstClaimAt', readInstant),
  ...fields.optional('firstFailureAt', readInstant),
  attempts: fields.required('attempts', readAttempts),
  ...fields.optional('caseKey', readText),
  ...fields.optional('retryAt', readInstant),
  ...fields.optional('suspect', readOneOf(true)),
  ...fields.optional('receipt', readReceipt),
  ...fields.optional('deliveredAt', readInstant),
  ...fields.optional('failure', readCause),
  ...fields.optional('diedAt', readInstant),
}))
