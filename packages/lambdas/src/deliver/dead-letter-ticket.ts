import { type Attempt, type Conflict, type DeadLetterQueue, type DeathCause, writeEnvelope } from 'ticket-core'
import { dead, givenUp } from '../ledger/records.ts'
import { storeUnavailable, type Done, type Retry } from '../message-result.ts'
import { notWritten, writeRecord, type ClaimedTicket, type RecordPorts } from './write-record.ts'

/** What giving a ticket up needs of the world. */
export interface GiveUpPorts extends RecordPorts {
  readonly deadLetters: DeadLetterQueue
}

/** Long enough to write the ledger's `dead` before the next function reads the dead letter. */
const DELAY_SECONDS = 1

/** After so long the dead letter is sent again: as long as a message that goes back without a call. */
const SEND_AGAIN_MS = 180_000

/** Why a ticket is given up. `attempt`: the one that decided it, where none is on record yet. */
interface GiveUp {
  readonly cause: DeathCause
  readonly attempt?: Attempt
  readonly suspect: boolean
}

/**
 * Gives a ticket up: first the dead-letter queue has it, whole, then the ledger says `dead`, then the message is
 * acknowledged. A repeat of each step is harmless, since all that follows is keyed by ticket and life.
 */
export async function deadLetterTicket(
  ports: GiveUpPorts,
  claim: ClaimedTicket,
  { cause, attempt, suspect }: GiveUp,
): Promise<Done | Retry | Conflict> {
  const { ticket, record, message } = claim
  const life = Math.max(record.life, claim.life)
  const envelope = writeEnvelope({ ticket, life })
  const isSent = await ports.deadLetters.send({
    body: envelope.ok ? envelope.value : message.body,
    cause,
    ticket: ticket.id,
    life,
    source: ticket.source,
    delaySeconds: DELAY_SECONDS,
  })
  const step = { cause, attempt, suspect, life, now: ports.clock.now(), nonce: ports.newNonce() }
  if (!isSent) {
    // The record keeps the cause: only the dead letter is sent again, and the vendor is not asked.
    ports.log.write('error', 'dead-letter.unsent', { ticket: ticket.id, code: cause.code })
    const retryAt = step.now + SEND_AGAIN_MS
    const written = await writeRecord(ports, claim, givenUp(record, { ...step, retryAt }))
    if (written.kind === 'unavailable') return notWritten(ports, claim, written)
    return written.kind === 'conflict' ? written : { kind: 'retry', until: retryAt }
  }
  ports.log.write('warn', 'ticket.dead', { ticket: ticket.id, life, code: cause.code, reason: cause.reason })
  const written = await writeRecord(ports, claim, dead(record, step))
  if (written.kind === 'unavailable')
    return storeUnavailable(ports, 'ledger', { ticket: ticket.id, reason: written.reason })
  return written.kind === 'conflict' ? written : { kind: 'done' }
}
