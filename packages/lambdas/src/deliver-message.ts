import type { DeathCause, Ticket } from 'ticket-core'
import { caseObject, destinationFor, laneOf, openEnvelope, writeEnvelope } from 'ticket-core'
import { bury } from './bury.ts'
import type { DeliverPorts } from './deliver-ports.ts'
import type { Execution } from './execution.ts'
import { callsEnd, claimsEnd, worksLeft } from './execution.ts'
import { decide } from './ledger/decide.ts'
import { claimed } from './ledger/records.ts'
import type { MessageEnd, Once } from './held.ts'
import type { QueueMessage } from './read-batch.ts'
import { openCase } from './open-case.ts'
import { recordOutcome } from './record-outcome.ts'

/** A race that was lost is run again from the reading, but not for ever: then the message comes back later. */
const READINGS = 5

export interface Turn {
  readonly message: QueueMessage
  readonly execution: Execution
  /** Suspects wait until the calm ones are done. */
  readonly setSuspectsAside: boolean
}

/** Opens one message, claims its ticket, calls the vendor and writes what came of it. */
export async function deliverMessage(ports: DeliverPorts, turn: Turn): Promise<MessageEnd> {
  const { message } = turn
  const opened = openEnvelope(message)
  if (!opened.ok) {
    const cause = { code: 'unreadable', reason: opened.failure.reason }
    return (await sendWhole(ports, message, { cause })) ? { kind: 'done' } : backSoon(ports)
  }
  const { ticket, life } = opened.value
  const lane = laneOf(ticket.priority)
  if (lane !== ports.lane) {
    const reason = `a ticket of priority ${ticket.priority} came by the queue of lane ${ports.lane}; a redrive sends it to the queue of lane ${lane}`
    const about = { cause: { code: 'misrouted', reason }, ticket, life }
    return (await sendWhole(ports, message, about)) ? { kind: 'done' } : backSoon(ports)
  }
  for (let reading = 0; reading < READINGS; reading += 1) {
    const end = await deliverOnce(ports, turn, opened.value)
    if (end.kind !== 'lost-race') return end
  }
  return backSoon(ports)
}

async function deliverOnce(
  ports: DeliverPorts,
  turn: Turn,
  { ticket, life }: { ticket: Ticket; life: number },
): Promise<Once> {
  const { message, execution } = turn
  const stored = await ports.ledger.read(ticket.id)
  if (stored.kind === 'unavailable') return unavailable(ports, ticket, stored.reason)
  const record = stored.kind === 'found' ? stored.item : undefined
  const now = ports.clock.now()
  const decision = decide(record, { source: ticket.source, life }, now)
  switch (decision.kind) {
    case 'acknowledge':
      ports.log.write('info', 'delivery.repeated', { ticket: ticket.id, life, state: decision.why })
      return { kind: 'done' }
    case 'later':
      ports.log.write('info', 'delivery.later', { ticket: ticket.id, life, why: decision.why })
      return { kind: 'back', until: decision.until, called: false }
    case 'collision': {
      const cause = { code: 'collision', reason: `another message has the id ${ticket.id}` }
      return (await sendWhole(ports, message, { cause, ticket, life })) ? { kind: 'done' } : backSoon(ports)
    }
    case 'give-up': {
      if (stored.kind !== 'found') throw new Error('what is given up has a record')
      const held = { ticket, life, message, execution, record: stored.item, version: stored.version }
      return bury(ports, held, decision)
    }
    case 'claim':
      break
  }
  if (decision.suspect && turn.setSuspectsAside) return { kind: 'aside' }
  const opened =
    record?.caseKey === undefined ? await openCase(ports, ticket) : { kind: 'kept' as const, key: record.caseKey }
  if (opened.kind === 'unavailable') {
    ports.log.write('error', 'case.unavailable', { ticket: ticket.id, reason: opened.reason })
    return backSoon(ports)
  }
  if (!worksLeft(ports.clock.monotonic(), execution, 0)) return backSoon(ports)

  const claim = claimed(record, {
    ...decision,
    ticket,
    destination: destinationFor(ports.lane),
    by: execution.id,
    until: claimsEnd(execution, ports.clock),
    now,
    caseKey: opened.key,
    nonce: ports.newNonce(),
  })
  const written = await ports.ledger.write(ticket.id, claim, stored.kind === 'found' ? stored : 'absent')
  if (written.kind === 'lost') return { kind: 'lost-race' }
  if (written.kind === 'unavailable') return unavailable(ports, ticket, written.reason)
  const held = { ticket, life, message, execution, record: claim, version: written.version }
  // The write may have taken its time; the claim then runs out by itself, and nobody was called.
  const outcome = await ports.sink.deliver({
    ticket,
    suspect: claim.suspect === true,
    firstClaimAt: claim.firstClaimAt,
    deadline: callsEnd(execution),
    keptAt: caseObject(opened.key),
  })
  return recordOutcome(ports, held, outcome)
}

/** To the dead-letter queue as it came; no record is touched. */
async function sendWhole(
  ports: DeliverPorts,
  message: QueueMessage,
  about: { cause: DeathCause; ticket?: Ticket; life?: number },
): Promise<boolean> {
  ports.log.write('warn', 'delivery.unfit', {
    messageId: message.messageId,
    ...about.cause,
    ticket: about.ticket?.id,
  })
  const enveloped = about.ticket && writeEnvelope({ ticket: about.ticket, life: about.life ?? 0 })
  return ports.deadLetters.send({
    body: enveloped?.ok ? enveloped.value : message.body,
    cause: about.cause,
    attributes: message.attributes,
    ...(about.ticket && { ticket: about.ticket.id, source: about.ticket.source }),
    ...(about.life !== undefined && { life: about.life }),
  })
}

function unavailable(ports: DeliverPorts, ticket: Ticket, reason: string): MessageEnd {
  ports.log.write('error', 'ledger.unavailable', { ticket: ticket.id, reason })
  return backSoon(ports)
}

function backSoon(ports: DeliverPorts): MessageEnd {
  return { kind: 'back', until: ports.clock.now(), called: false }
}
