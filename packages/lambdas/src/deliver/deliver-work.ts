import {
  type Absent,
  type Conflict,
  type DeliveryOutcome,
  type Found,
  type LedgerRecord,
  placeOfLane,
  retryOnConflict,
  unchanged,
} from 'ticket-core'
import { claimsEnd, hasTimeForCall } from '../execution.ts'
import type { Decision } from '../decide/decide.ts'
import { claimed } from '../decide/records.ts'
import { type MessageResult, retrySoon, storeUnavailable } from '../message-result.ts'
import { deadLetterWhole } from './dead-letter-whole.ts'
import { giveUp } from './give-up.ts'
import { recordOutcome, type OutcomePorts } from './record-outcome.ts'
import type { ClaimedWork, Work } from './write-record.ts'

/** What the record has to say before the vendor is called. */
interface Ready {
  readonly kind: 'ready'
  readonly caseKey: string
  /** Of a sync: how many events the case has. */
  readonly syncing?: number
  /** Calls the vendor. */
  deliver(record: LedgerRecord): Promise<DeliveryOutcome>
}

/** A kind of work: what its record means for it, and what must be there before it is claimed. */
export interface WorkSteps {
  decide(stored: Found<LedgerRecord> | Absent, now: number): Decision
  prepare(stored: Found<LedgerRecord> | Absent): Promise<Ready | MessageResult>
}

type Claim = Extract<Decision, { kind: 'claim' }>

/** Line 2, for a ticket or an effect: read the record, decide, prepare, claim, deliver, record the outcome. */
export function deliverWork(ports: OutcomePorts, work: Work, steps: WorkSteps): Promise<MessageResult> {
  const { turn } = work
  const attempt = async (): Promise<MessageResult | Conflict> => {
    const stored = await ports.ledger.read(work.subject.id)
    if (stored.kind === 'unavailable') return ledgerUnavailable(ports, work, stored)

    const decision = steps.decide(stored, ports.clock.now())
    if (decision.kind !== 'claim') return withoutClaim(ports, work, decision)
    if (decision.suspect && turn.defersSuspects) return { kind: 'deferred' }

    const ready = await steps.prepare(stored)
    if (ready.kind !== 'ready') return ready
    if (!hasTimeForCall(ports.clock.monotonic(), turn.execution, 0)) return retrySoon(ports)

    const claim = await claimWork(ports, work, { decision, ready })
    if (claim.kind !== 'claimed') return claim

    // If the claim's write took too long, the sink makes no call, and the claim ends by itself.
    return recordOutcome(ports, claim, await ready.deliver(claim.record))
  }
  return retryOnConflict(attempt, () => retrySoon(ports))
}

/** What this invocation does not deliver now, or never. */
async function withoutClaim(
  ports: OutcomePorts,
  work: Work,
  decision: Exclude<Decision, Claim>,
): Promise<MessageResult | Conflict> {
  const { ticket, life, turn } = work
  switch (decision.kind) {
    case 'acknowledge':
      ports.log.write('info', `${work.kind}.repeated`, { ticket, life, state: decision.why })
      return { kind: 'done' }
    case 'later':
      ports.log.write('info', `${work.kind}.later`, { ticket, life, why: decision.why })
      return { kind: 'retry', until: decision.until }
    case 'collision': {
      const cause = {
        code: 'collision',
        reason: `another message, or other words, came under the id ${work.subject.id}`,
      }
      const { source } = work.subject
      return deadLetterWhole(ports, turn.message, { cause, body: work.body(life), ticket, source, life })
    }
    case 'give-up': {
      const { item: record, version } = decision.stored
      return giveUp(ports, { work, record, version }, decision)
    }
  }
}

/** Writes the claim over what the decision was made on. */
async function claimWork(
  ports: OutcomePorts,
  work: Work,
  { decision: { stored, ...decision }, ready }: { readonly decision: Claim; readonly ready: Ready },
): Promise<(ClaimedWork & { readonly kind: 'claimed' }) | MessageResult | Conflict> {
  const { subject, turn } = work
  const record = claimed(stored.kind === 'found' ? stored.item : undefined, {
    ...decision,
    subject,
    destination: placeOfLane(ports.lane),
    by: turn.execution.id,
    until: claimsEnd(turn.execution, ports.clock),
    now: ports.clock.now(),
    caseKey: ready.caseKey,
    syncing: ready.syncing,
    nonce: ports.newNonce(),
  })
  const written = await ports.ledger.write(subject.id, record, unchanged(stored))
  if (written.kind === 'unavailable') return ledgerUnavailable(ports, work, written)
  if (written.kind === 'conflict') return written
  return { kind: 'claimed', work, record, version: written.version }
}

function ledgerUnavailable(
  ports: OutcomePorts,
  { ticket }: Work,
  { reason }: { readonly reason: string },
): MessageResult {
  return storeUnavailable(ports, 'ledger', { ticket, reason })
}
