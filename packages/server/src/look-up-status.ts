import {
  type CardReply,
  type Clock,
  type Hint,
  type LedgerReader,
  type LedgerRecord,
  type Log,
  type Metrics,
  type Stored,
  decideStatus,
  replyStatus,
} from 'ticket-core'
import { within } from './within.ts'

export interface StatusPorts {
  readonly ledger: LedgerReader
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/** The ticket, the team that asks, and the deadline of the answer. */
export interface StatusQuestion extends Hint {
  readonly id: string
  readonly team: string | undefined
  readonly deadline: number
}

/** Reads the ledger for `status T-…`; a ledger that is too slow counts as unavailable. */
export async function lookUpStatus(
  { ledger, clock, log, metrics }: StatusPorts,
  { id, team, deadline, mention }: StatusQuestion,
): Promise<CardReply> {
  const late: Stored<LedgerRecord> = { kind: 'unavailable', reason: 'The ledger did not answer in time.' }
  const stored = await within(ledger.read(id), { clock, deadline, late })
  const answer = decideStatus({ id, stored, team })
  metrics.count('ticketing_status_answers_total', { answer: answer.kind })
  const reason = stored.kind === 'unavailable' ? stored.reason : undefined
  log.write(reason === undefined ? 'info' : 'warn', 'status.answered', { ticket: id, answer: answer.kind, reason })
  return replyStatus({ answer, mention })
}
