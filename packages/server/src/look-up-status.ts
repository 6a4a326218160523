import {
  type CardReply,
  type Hint,
  type LedgerReader,
  type LedgerRecord,
  type Log,
  type Metrics,
  type Stored,
  type TicketReference,
  decideStatus,
  replyStatus,
  replyWhichTicket,
} from 'ticket-core'
import { type Asking, type CasePorts, findCase } from './find-case.ts'
import { within } from './within.ts'

export interface StatusPorts extends CasePorts {
  readonly ledger: LedgerReader
  readonly log: Log
  readonly metrics: Metrics
}

/** The ticket, the team that asks, and the deadline of the answer. */
export interface StatusQuestion extends Hint, Asking {
  readonly ticket: TicketReference
}

/**
 * Answers `status T-…`: the ledger says where the ticket is, the case how far it is. What is too slow counts as
 * unavailable; one of them alone is an answer.
 */
export async function lookUpStatus(ports: StatusPorts, question: StatusQuestion): Promise<CardReply> {
  const { log, metrics } = ports
  const { ticket, team, mention } = question
  const answered = (answer: string, fields: { ticket?: string; reason?: string | undefined }): void => {
    metrics.count('ticketing_status_answers_total', { answer })
    log.write(fields.reason === undefined ? 'info' : 'warn', 'status.answered', { answer, ...fields })
  }
  const finding = findCase(ports, ticket, question)
  const first = ticket.ids[0] ?? ''
  // The first of several may not be the ticket that is meant: then its case must be known before its record is read.
  const isCertain = ticket.ids.length === 1
  const reading = isCertain ? readRecord(ports, first, question) : undefined
  const found = await finding
  const known = found.kind === 'found' ? found.known : undefined
  if (!known && ticket.from === 'thread') {
    answered('which-ticket', {})
    return replyWhichTicket({ given: '', verb: 'status', mention })
  }
  const id = known?.id ?? first
  const stored = await (reading ?? readRecord(ports, id, question))
  const answer = decideStatus({ id, stored, team })
  const failed = [stored, found].find((one) => one.kind === 'unavailable')
  answered(answer.kind, { ticket: id, reason: failed?.reason })
  return replyStatus({ answer, known, mention })
}

function readRecord({ ledger, clock }: StatusPorts, id: string, { deadline }: Asking): Promise<Stored<LedgerRecord>> {
  const late: Stored<LedgerRecord> = { kind: 'unavailable', reason: 'The ledger did not answer in time.' }
  return within(ledger.read(id), { clock, deadline, late })
}
