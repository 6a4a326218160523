import {
  type Conflict,
  type DeathCause,
  type Ticket,
  type TicketLane,
  type TicketSink,
  caseObject,
  destinationFor,
  digestTicket,
  laneOf,
  openEnvelope,
  retryOnConflict,
  unchanged,
  writeEnvelope,
} from 'ticket-core'
import type { QueueMessage } from '../batch.ts'
import { type Execution, callsEnd, claimsEnd, hasTimeForCall } from '../execution.ts'
import { decide, type Decision } from '../ledger/decide.ts'
import { claimed } from '../ledger/records.ts'
import { type MessageResult, retrySoon, storeUnavailable } from '../message-result.ts'
import { deadLetterTicket } from './dead-letter-ticket.ts'
import { keepCase, type CasePorts } from './keep-case.ts'
import { recordOutcome, type OutcomePorts } from './record-outcome.ts'
import type { ClaimedTicket } from './write-record.ts'

/** What delivering needs of the world. */
export interface DeliverPorts extends OutcomePorts, CasePorts {
  readonly lane: TicketLane
  readonly sink: TicketSink
}

export interface Turn {
  readonly message: QueueMessage
  readonly execution: Execution
  /** Suspects come after the calm messages of their batch. */
  readonly defersSuspects: boolean
}

/** A turn whose message holds a ticket of this lane, in one of its lives. */
interface TicketTurn extends Turn {
  readonly ticket: Ticket
  readonly life: number
}

type Claim = Extract<Decision, { kind: 'claim' }>

/** Line 2, one message: open, read the record, decide, keep the case, claim, deliver, record the outcome. */
export async function deliverMessage(ports: DeliverPorts, turn: Turn): Promise<MessageResult> {
  const { message, execution } = turn
  const opened = openEnvelope(message)
  if (!opened.ok) return deadLetterWhole(ports, message, { cause: unreadable(opened.failure.reason) })
  const { ticket, life } = opened.value
  if (laneOf(ticket.priority) !== ports.lane)
    return deadLetterWhole(ports, message, { cause: misrouted(ticket, ports.lane), ticket, life })
  const ticketTurn = { ...turn, ticket, life }

  const attempt = async (): Promise<MessageResult | Conflict> => {
    const stored = await ports.ledger.read(ticket.id)
    if (stored.kind === 'unavailable') return ledgerUnavailable(ports, ticket, stored)

    const now = ports.clock.now()
    const decision = decide(stored, { source: ticket.source, digest: digestTicket(ticket), life }, now)
    if (decision.kind !== 'claim') return withoutClaim(ports, ticketTurn, decision)
    if (decision.suspect && turn.defersSuspects) return { kind: 'deferred' }

    const kept = await keepCase(ports, ticket, decision.stored)
    if (kept.kind !== 'kept') return kept
    if (!hasTimeForCall(ports.clock.monotonic(), execution, 0)) return retrySoon(ports)

    const claim = await claimTicket(ports, { ...ticketTurn, caseKey: kept.key, now }, decision)
    if (claim.kind !== 'claimed') return claim

    // If the claim's write took too long, the sink makes no call, and the claim ends by itself.
    const outcome = await ports.sink.deliver({
      ticket,
      suspect: claim.record.suspect === true,
      firstClaimAt: claim.record.firstClaimAt,
      deadline: callsEnd(execution),
      keptAt: caseObject(kept.key),
    })
    return recordOutcome(ports, claim, outcome)
  }
  return retryOnConflict(attempt, () => retrySoon(ports))
}

/** A ticket that this invocation does not deliver now, or never. */
async function withoutClaim(
  ports: DeliverPorts,
  { ticket, life, message, execution }: TicketTurn,
  decision: Exclude<Decision, Claim>,
): Promise<MessageResult | Conflict> {
  switch (decision.kind) {
    case 'acknowledge':
      ports.log.write('info', 'delivery.repeated', { ticket: ticket.id, life, state: decision.why })
      return { kind: 'done' }
    case 'later':
      ports.log.write('info', 'delivery.later', { ticket: ticket.id, life, why: decision.why })
      return { kind: 'retry', until: decision.until }
    case 'collision': {
      const cause = { code: 'collision', reason: `another message, or other words, came under the id ${ticket.id}` }
      return deadLetterWhole(ports, message, { cause, ticket, life })
    }
    case 'give-up': {
      const { item: record, version } = decision.stored
      return deadLetterTicket(ports, { ticket, life, message, execution, record, version }, decision)
    }
  }
}

/** Writes the claim over what the decision was made on. */
async function claimTicket(
  ports: DeliverPorts,
  { ticket, life, message, execution, caseKey, now }: TicketTurn & { readonly caseKey: string; readonly now: number },
  { stored, ...decision }: Claim,
): Promise<(ClaimedTicket & { readonly kind: 'claimed' }) | MessageResult | Conflict> {
  const record = claimed(stored.kind === 'found' ? stored.item : undefined, {
    ...decision,
    ticket,
    destination: destinationFor(ports.lane),
    by: execution.id,
    until: claimsEnd(execution, ports.clock),
    now,
    caseKey,
    nonce: ports.newNonce(),
  })
  const written = await ports.ledger.write(ticket.id, record, unchanged(stored))
  if (written.kind === 'unavailable') return ledgerUnavailable(ports, ticket, written)
  if (written.kind === 'conflict') return written
  return { kind: 'claimed', ticket, life, message, execution, record, version: written.version }
}

function ledgerUnavailable(
  ports: DeliverPorts,
  { id }: Ticket,
  { reason }: { readonly reason: string },
): MessageResult {
  return storeUnavailable(ports, 'ledger', { ticket: id, reason })
}

function unreadable(reason: string): DeathCause {
  return { code: 'unreadable', reason }
}

function misrouted({ priority }: Ticket, lane: TicketLane): DeathCause {
  const reason = `a ticket of priority ${priority} came by the queue of lane ${lane}; a redrive sends it to the queue of lane ${laneOf(priority)}`
  return { code: 'misrouted', reason }
}

/** Sends a message to the dead-letter queue as it came. No record is touched. */
async function deadLetterWhole(
  ports: DeliverPorts,
  message: QueueMessage,
  about: { cause: DeathCause; ticket?: Ticket; life?: number },
): Promise<MessageResult> {
  const { cause, ticket, life } = about
  ports.log.write('warn', 'delivery.unfit', { messageId: message.messageId, ...cause, ticket: ticket?.id })
  const envelope = ticket && writeEnvelope({ ticket, life: life ?? 0 })
  const isSent = await ports.deadLetters.send({
    body: envelope?.ok ? envelope.value : message.body,
    cause,
    attributes: message.attributes,
    ...(ticket && { ticket: ticket.id, source: ticket.source }),
    ...(life !== undefined && { life }),
  })
  return isSent ? { kind: 'done' } : retrySoon(ports)
}
