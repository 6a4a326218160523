import type { Attempt, AttemptHistory, DeathCause, LedgerRecord, Receipt } from 'ticket-core'
import type { Read } from './shape.ts'
import { readArray, readNumber, readObject, readOneOf, readText } from './shape.ts'

const readAttempt: Read<Attempt> = readObject((fields) => ({
  at: fields.required('at', readNumber),
  outcome: fields.required('outcome', readOneOf('delivered', 'retry', 'rejected', 'unknown', 'crashed')),
  code: fields.required('code', readText),
  reason: fields.required('reason', readText),
}))

export const readAttempts: Read<AttemptHistory> = readObject((fields) => ({
  count: fields.required('count', readNumber),
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
  ...fields.optional('possibleRepeat', readOneOf(true)),
}))

const readClaim: Read<{ readonly by: string; readonly until: number }> = readObject((fields) => ({
  by: fields.required('by', readText),
  until: fields.required('until', readNumber),
}))

/** Reads one record of the ledger. */
export const readLedgerRecord: Read<LedgerRecord> = readObject((fields) => ({
  v: fields.required('v', readOneOf(1)),
  id: fields.required('id', readText),
  source: fields.required('source', readText),
  ...fields.optional('team', readText),
  ...fields.optional('destination', readDestination),
  life: fields.required('life', readNumber),
  state: fields.required('state', readOneOf('waiting', 'claimed', 'delivered', 'dead')),
  nonce: fields.required('nonce', readText),
  ...fields.optional('claim', readClaim),
  crashes: fields.required('crashes', readNumber),
  firstClaimAt: fields.required('firstClaimAt', readNumber),
  ...fields.optional('firstFailureAt', readNumber),
  attempts: fields.required('attempts', readAttempts),
  ...fields.optional('retryAt', readNumber),
  ...fields.optional('suspect', readOneOf(true)),
  ...fields.optional('receipt', readReceipt),
  ...fields.optional('deliveredAt', readNumber),
  ...fields.optional('failure', readCause),
  ...fields.optional('diedAt', readNumber),
}))
