import type { CardReply, Hint, LedgerRecord, Stored } from 'ticket-core'
import { decideStatus, replyStatus } from 'ticket-core'
import type { ReceiverPorts } from './receiver-ports.ts'
import { within } from './within.ts'

/** Which ticket, who asks, and until when the answer must be there. */
export interface StatusQuestion extends Hint {
  readonly id: string
  readonly team: string | undefined
  readonly deadline: number
}

/** Reads the ledger for `status T-…`; one that is too slow counts as not to be read just now. */
export async function lookUpStatus(
  { ledger, clock, log, metrics }: Pick<ReceiverPorts, 'ledger' | 'clock' | 'log' | 'metrics'>,
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
