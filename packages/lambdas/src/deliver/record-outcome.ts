import {
  type Attempt,
  type Conflict,
  type DeliveryOutcome,
  type LedgerRecord,
  type Metrics,
  type DeliveryLane,
  placeOfLane,
} from 'ticket-core'
import { backOff } from '../decide/back-off.ts'
import { delivered, waiting } from '../decide/records.ts'
import type { Done, Retry } from '../message-result.ts'
import { giveUp, type GiveUpPorts } from './give-up.ts'
import { notWritten, writeRecord, type ClaimedWork } from './write-record.ts'

/** What recording an outcome needs. */
export interface OutcomePorts extends GiveUpPorts {
  readonly lane: DeliveryLane
  readonly metrics: Metrics
  /** From a life's first failed attempt on; milliseconds. */
  readonly giveUpAfterMs: number
  /** 0 to 1, for back-off. */
  jitter(): number
}

const METRICS = {
  delivery: 'ticketing_deliveries_total',
  note: 'ticketing_notes_total',
  sync: 'ticketing_syncs_total',
  death: 'ticketing_death_news_total',
} as const

type Result = Done | Retry | Conflict
type Delivered = Extract<DeliveryOutcome, { kind: 'delivered' }>
type MayRetry = Extract<DeliveryOutcome, { kind: 'retry' | 'unknown' }>

/** Writes the outcome of the vendor's call into the ledger, and says what happens to the message. */
export async function recordOutcome(
  ports: OutcomePorts,
  claim: ClaimedWork,
  outcome: DeliveryOutcome,
): Promise<Result> {
  const { kind, ticket, life } = claim.work
  const code = outcome.kind === 'delivered' ? 'delivered' : outcome.code
  const destination = placeOfLane(ports.lane)
  ports.metrics.count(METRICS[kind], { destination, outcome: outcome.kind, code })
  if (outcome.kind === 'delivered') return recordDelivered(ports, claim, outcome)
  const { reason } = outcome
  ports.log.write('warn', `${kind}.${outcome.kind}`, { ticket, life, code, reason })
  const attempt: Attempt = { at: ports.clock.now(), outcome: outcome.kind, code, reason }
  if (outcome.kind === 'rejected') {
    const cause = { code, reason }
    return withOutcome(await giveUp(ports, claim, { cause, attempt, suspect: false }), outcome)
  }
  const since = claim.record.firstFailureAt ?? attempt.at
  if (attempt.at - since >= ports.giveUpAfterMs) {
    const hours = (ports.giveUpAfterMs / 3_600_000).toFixed(1)
    const cause = { code: 'gave-up', reason: `given up after ${hours} h of failed attempts; the last: ${reason}` }
    const suspect = outcome.kind === 'unknown'
    return withOutcome(await giveUp(ports, claim, { cause, attempt, suspect }), outcome)
  }
  return recordFailure(ports, claim, { attempt, outcome })
}

/** The circuit breaker hears of the vendor's outcome also where the work is given up. */
function withOutcome(result: Result, outcome: DeliveryOutcome): Result {
  return result.kind === 'conflict' ? result : { ...result, outcome }
}

async function recordDelivered(ports: OutcomePorts, claim: ClaimedWork, outcome: Delivered): Promise<Result> {
  const { work, record } = claim
  const { kind, ticket, life } = work
  const { receipt } = outcome
  const found = receipt.found ?? false
  ports.log.write('info', `${kind}.delivered`, { ticket, life, where: receipt.where, found })
  const next = delivered(record, { receipt, now: ports.clock.now(), nonce: ports.newNonce() })
  const written = await writeRecord(ports, claim, next)
  if (written.kind === 'unavailable') return notWritten(ports, claim, { reason: written.reason, outcome })
  return written.kind === 'conflict' ? written : { kind: 'done', outcome }
}

/** The work waits for its next attempt. */
async function recordFailure(
  ports: OutcomePorts,
  claim: ClaimedWork,
  { attempt, outcome }: { readonly attempt: Attempt; readonly outcome: MayRetry },
): Promise<Result> {
  const { record } = claim
  const unknown = outcome.kind === 'unknown'
  const after = outcome.kind === 'retry' ? outcome.after : undefined
  const failures = 1 + countFailures(record, attempt.at)
  // From now, not from the attempt: a crash lies in the past, and its next attempt must not.
  const retryAt = ports.clock.now() + backOff({ failures, after, unknown, jitter: ports.jitter() })
  const next = waiting(record, { attempt, retryAt, suspect: unknown, nonce: ports.newNonce() })
  const written = await writeRecord(ports, claim, next)
  if (written.kind === 'unavailable') return notWritten(ports, claim, { reason: written.reason, outcome })
  return written.kind === 'conflict' ? written : { kind: 'retry', until: retryAt, called: true, outcome }
}

/** Failed attempts of this life that are on record. */
function countFailures({ firstFailureAt, attempts: { first, last } }: LedgerRecord, now: number): number {
  const since = firstFailureAt ?? now
  const earlier = first === undefined ? last : [first, ...last]
  return earlier.filter(({ at }) => at >= since).length
}
