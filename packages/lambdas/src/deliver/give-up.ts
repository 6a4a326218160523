import type { Attempt, Conflict, DeadLetterQueue, DeathCause } from 'ticket-core'
import { dead, givenUp } from '../decide/records.ts'
import { storeUnavailable, type Done, type Retry } from '../message-result.ts'
import { notWritten, writeRecord, type ClaimedWork, type RecordPorts } from './write-record.ts'

/** What giving up needs. */
export interface GiveUpPorts extends RecordPorts {
  readonly deadLetters: DeadLetterQueue
}

/** Long enough to write the ledger's `dead` before the next function reads the dead letter. */
const DELAY_SECONDS = 1

/** After so long the dead letter is sent again: as long as a message that goes back without a call. */
const SEND_AGAIN_MS = 180_000

/** What died, in the name of its log line. */
const NAMES = { delivery: 'ticket', note: 'note', sync: 'sync', death: 'death' } as const

/** Why. `attempt`: the one that decided it, where none is on record yet. */
interface GiveUp {
  readonly cause: DeathCause
  readonly attempt?: Attempt
  readonly suspect: boolean
}

/**
 * Gives a ticket, or an effect, up: first the dead-letter queue has it, whole, then the ledger says `dead`, then the
 * message is acknowledged. A repeat of each step is harmless, since all that follows is keyed by record and life.
 */
export async function giveUp(
  ports: GiveUpPorts,
  claim: ClaimedWork,
  { cause, attempt, suspect }: GiveUp,
): Promise<Done | Retry | Conflict> {
  const { work, record } = claim
  const { ticket, subject, turn } = work
  const life = Math.max(record.life, work.life)
  const isSent = await ports.deadLetters.send({
    body: work.body(life) ?? turn.message.body,
    cause,
    ticket,
    life,
    source: subject.source,
    delaySeconds: DELAY_SECONDS,
  })
  const step = { cause, attempt, suspect, life, now: ports.clock.now(), nonce: ports.newNonce() }
  if (!isSent) {
    // The record keeps the cause: only the dead letter is sent again, and the vendor is not asked.
    ports.log.write('error', 'dead-letter.unsent', { ticket, code: cause.code })
    const retryAt = step.now + SEND_AGAIN_MS
    const written = await writeRecord(ports, claim, givenUp(record, { ...step, retryAt }))
    if (written.kind === 'unavailable') return notWritten(ports, claim, written)
    return written.kind === 'conflict' ? written : { kind: 'retry', until: retryAt }
  }
  ports.log.write('warn', `${NAMES[work.kind]}.dead`, { ticket, life, code: cause.code, reason: cause.reason })
  const written = await writeRecord(ports, claim, dead(record, step))
  if (written.kind === 'unavailable') return storeUnavailable(ports, 'ledger', { ticket, reason: written.reason })
  return written.kind === 'conflict' ? written : { kind: 'done' }
}
