import type { Attempt, AttemptHistory, DeathCause, LedgerRecord, Place, Receipt } from 'ticket-core'
import type { Subject } from './subject.ts'

/** Attempts kept besides the first. */
const KEPT_ATTEMPTS = 20

const NO_ATTEMPTS: AttemptHistory = { count: 0, last: [] }

export interface Claim {
  readonly subject: Subject
  readonly destination: Place
  readonly life: number
  readonly suspect: boolean
  readonly crashes: number
  /** The invocation that claims, and until when (milliseconds since the epoch). */
  readonly by: string
  readonly until: number
  readonly now: number
  readonly caseKey: string
  /** Of a sync: how many events the case had when it was read. */
  readonly syncing?: number | undefined
  readonly nonce: string
}

/**
 * The record of what a function is about to deliver. A sync that was delivered starts over: what failed before its
 * last success says nothing of the next one.
 */
export function claimed(before: LedgerRecord | undefined, claim: Claim): LedgerRecord {
  const { subject, destination, life, suspect, crashes, by, until, now, caseKey, syncing, nonce } = claim
  const crashedNow = before?.state === 'claimed'
  const isFirst = before === undefined || life > before.life || before.state === 'delivered'
  const inDoubt = before?.suspect === true && before.state !== 'delivered'
  const crashed = crashedNow ? crash(before, now) : undefined
  const history = before?.attempts ?? NO_ATTEMPTS
  const attempts = crashed ? addAttempt(history, crashed) : history
  const firstFailureAt = isFirst ? undefined : (before.firstFailureAt ?? crashed?.at)
  return {
    v: 1,
    ...subject,
    destination,
    life,
    state: 'claimed',
    nonce,
    claim: { by, until },
    crashes: isFirst ? 0 : crashes,
    firstClaimAt: before?.firstClaimAt ?? now,
    ...(firstFailureAt !== undefined && { firstFailureAt }),
    attempts,
    caseKey,
    ...(before?.synced !== undefined && { synced: before.synced }),
    ...(syncing !== undefined && { syncing }),
    ...((suspect || inDoubt) && { suspect: true as const }),
  }
}

/** The record of a ticket whose attempt failed and that waits for the next one. The count of crashes in a row ends. */
export function waiting(
  before: LedgerRecord,
  step: { attempt: Attempt; retryAt: number; suspect: boolean; nonce: string },
): LedgerRecord {
  const { claim: _claim, retryAt: _retryAt, ...kept } = before
  return {
    ...kept,
    state: 'waiting',
    nonce: step.nonce,
    crashes: 0,
    firstFailureAt: before.firstFailureAt ?? step.attempt.at,
    attempts: addAttempt(before.attempts, step.attempt),
    retryAt: step.retryAt,
    ...((step.suspect || before.suspect === true) && { suspect: true as const }),
  }
}

/**
 * The record of a ticket that is given up, and whose dead letter is not confirmed yet. It keeps the cause: the vendor is
 * not asked again, only the dead letter is sent again.
 */
export function givenUp(before: LedgerRecord, step: DeathStep & { readonly retryAt: number }): LedgerRecord {
  const { claim: _claim, ...kept } = before
  const firstFailureAt = before.firstFailureAt ?? step.attempt?.at
  return {
    ...kept,
    life: Math.max(before.life, step.life ?? 0),
    state: 'waiting',
    nonce: step.nonce,
    crashes: 0,
    ...(firstFailureAt !== undefined && { firstFailureAt }),
    attempts: step.attempt ? addAttempt(before.attempts, step.attempt) : before.attempts,
    ...((step.suspect || before.suspect === true) && { suspect: true as const }),
    failure: step.cause,
    retryAt: step.retryAt,
  }
}

/** The record of what its destination has, with the proof. */
export function delivered(before: LedgerRecord, step: { receipt: Receipt; now: number; nonce: string }): LedgerRecord {
  const { claim: _claim, retryAt: _retryAt, ...kept } = before
  const reason = step.receipt.found ? 'found already there' : 'taken'
  return {
    ...kept,
    state: 'delivered',
    nonce: step.nonce,
    crashes: 0,
    attempts: addAttempt(before.attempts, { at: step.now, outcome: 'delivered', code: 'delivered', reason }),
    receipt: step.receipt,
    deliveredAt: step.now,
    ...(before.syncing !== undefined && { synced: before.syncing }),
  }
}

export interface DeathStep {
  readonly cause: DeathCause
  /** The attempt that ended it; none where no vendor was called. */
  readonly attempt?: Attempt | undefined
  readonly suspect: boolean
  readonly life?: number
  readonly now: number
  readonly nonce: string
}

/** The record of a ticket that was given up. */
export function dead(before: LedgerRecord, step: DeathStep): LedgerRecord {
  const { claim: _claim, retryAt: _retryAt, ...kept } = before
  return {
    ...kept,
    life: Math.max(before.life, step.life ?? 0),
    state: 'dead',
    nonce: step.nonce,
    crashes: 0,
    attempts: step.attempt ? addAttempt(before.attempts, step.attempt) : before.attempts,
    failure: step.cause,
    diedAt: step.now,
    ...((step.suspect || before.suspect === true) && { suspect: true as const }),
  }
}

/** The record of what is dead and was never claimed. */
export function deadUnclaimed(subject: Subject, step: DeathStep): LedgerRecord {
  return {
    v: 1,
    ...subject,
    life: step.life ?? 0,
    state: 'dead',
    nonce: step.nonce,
    crashes: 0,
    firstClaimAt: step.now,
    attempts: NO_ATTEMPTS,
    failure: step.cause,
    diedAt: step.now,
    ...(step.suspect && { suspect: true as const }),
  }
}

/** The attempt of a function that crashed while it held the claim. The next function writes it down. */
export function crash(before: LedgerRecord, now: number): Attempt {
  const reason = `${before.claim?.by ?? 'another process'} claimed it and recorded no outcome`
  return { at: Math.min(now, before.claim?.until ?? now), outcome: 'crashed', code: 'crashed', reason }
}

function addAttempt(history: AttemptHistory, attempt: Attempt): AttemptHistory {
  if (history.first === undefined) return { count: 1, first: attempt, last: [] }
  return { count: history.count + 1, first: history.first, last: [...history.last, attempt].slice(-KEPT_ATTEMPTS) }
}
