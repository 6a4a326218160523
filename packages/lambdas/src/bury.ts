import type { Attempt, DeathCause } from 'ticket-core'
import { writeEnvelope } from 'ticket-core'
import type { DeliverPorts } from './deliver-ports.ts'
import type { Held, Once } from './held.ts'
import { dead } from './ledger/records.ts'
import { recordWaiting } from './record-waiting.ts'
import { writeRecord } from './write-record.ts'

/** Long enough for the ledger's `dead` to be written before anybody reads the dead letter. */
const DELAY_SECONDS = 1

/**
 * Gives a ticket up: first the dead-letter queue has it, whole, then the ledger says `dead`, then the message is
 * acknowledged. A repeat of any of it is harmless, since all that follows is keyed by ticket and life.
 */
export async function bury(
  ports: DeliverPorts,
  held: Held,
  death: { cause: DeathCause; attempt: Attempt; suspect: boolean },
): Promise<Once> {
  const { ticket, record, message } = held
  const { cause, attempt, suspect } = death
  const life = Math.max(record.life, held.life)
  const envelope = writeEnvelope({ ticket, life })
  const sent = await ports.deadLetters.send({
    body: envelope.ok ? envelope.value : message.body,
    cause,
    ticket: ticket.id,
    life,
    source: ticket.source,
    delaySeconds: DELAY_SECONDS,
  })
  if (!sent) {
    ports.log.write('error', 'dead-letter.unsent', { ticket: ticket.id, code: cause.code })
    const outcome = { kind: suspect ? ('unknown' as const) : ('retry' as const), ...cause }
    return recordWaiting(ports, held, { attempt, outcome })
  }
  ports.log.write('warn', 'ticket.dead', { ticket: ticket.id, life, code: cause.code, reason: cause.reason })
  const next = dead(record, { cause, attempt, suspect, life, now: ports.clock.now(), nonce: ports.newNonce() })
  const written = await writeRecord(ports, held, next)
  if (written.kind === 'written') return { kind: 'done' }
  if (written.kind === 'lost') return { kind: 'lost-race' }
  ports.log.write('error', 'ledger.unavailable', { ticket: ticket.id, reason: written.reason })
  return { kind: 'back', until: ports.clock.now(), called: false }
}
