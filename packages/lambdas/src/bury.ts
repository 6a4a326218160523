import type { Attempt, DeathCause } from 'ticket-core'
import { writeEnvelope } from 'ticket-core'
import type { DeliverPorts } from './deliver-ports.ts'
import type { Held, Once } from './held.ts'
import { dead, givenUp } from './ledger/records.ts'
import { writeRecord } from './write-record.ts'

/** Long enough for the ledger's `dead` to be written before anybody reads the dead letter. */
const DELAY_SECONDS = 1

/** How long a ticket waits for its dead letter to be sent again: as long as whatever goes back without a call. */
const SEND_AGAIN_MS = 180_000

/** Why a ticket is given up; `attempt` is the one that decided it, where none is on record yet. */
interface Death {
  readonly cause: DeathCause
  readonly attempt?: Attempt
  readonly suspect: boolean
}

/**
 * Gives a ticket up: first the dead-letter queue has it, whole, then the ledger says `dead`, then the message is
 * acknowledged. A repeat of any of it is harmless, since all that follows is keyed by ticket and life.
 */
export async function bury(ports: DeliverPorts, held: Held, death: Death): Promise<Once> {
  const { ticket, record, message } = held
  const { cause } = death
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
    return keepCause(ports, held, death)
  }
  ports.log.write('warn', 'ticket.dead', { ticket: ticket.id, life, code: cause.code, reason: cause.reason })
  const next = dead(record, { ...death, life, now: ports.clock.now(), nonce: ports.newNonce() })
  const written = await writeRecord(ports, held, next)
  if (written.kind === 'written') return { kind: 'done' }
  if (written.kind === 'lost') return { kind: 'lost-race' }
  ports.log.write('error', 'ledger.unavailable', { ticket: ticket.id, reason: written.reason })
  return { kind: 'back', until: ports.clock.now(), called: false }
}

/** The dead letter is not confirmed: the record keeps the cause, so that only this is done again. */
async function keepCause(ports: DeliverPorts, held: Held, death: Death): Promise<Once> {
  const now = ports.clock.now()
  const step = { ...death, life: held.life, now, retryAt: now + SEND_AGAIN_MS, nonce: ports.newNonce() }
  const written = await writeRecord(ports, held, givenUp(held.record, step))
  if (written.kind === 'lost') return { kind: 'lost-race' }
  if (written.kind === 'unavailable') {
    ports.log.write('error', 'ledger.unavailable', { ticket: held.ticket.id, reason: written.reason })
    return { kind: 'back', until: held.record.claim?.until ?? now, called: false }
  }
  return { kind: 'back', until: step.retryAt, called: false }
}
