import type { CardReply, Clock, Hint, LedgerReader, LedgerRecord, Log, Metrics, Stored } from 'ticket-core'
import { decideStatus, replyStatus } from 'ticket-core'
import { within } from './within.ts'

export interface StatusPorts {
  readonly ledger: LedgerReader
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/** Which ticket, who asks, and until when the answer must be there. */
export interface StatusQuestion extends Hint {
  readonly id: string
  readonly team: string | undefined
  readonly deadline: number
}

/** Reads the ledger for `status T-…`; one that is too slow counts as not to be read just now. */
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
