import type { DeliveryOutcome, LedgerRecord, Written } from 'ticket-core'
import type { DeliverPorts } from './deliver-ports.ts'
import type { Held, Once } from './held.ts'

/** Left for the answer to Lambda. */
const TO_ANSWER_MS = 1_500
const FIRST_PAUSE_MS = 100

/**
 * Writes the held record's next state, again and again while time lasts when the store does not answer: what the
 * vendor did is known now, and only here. A repeat of a write that had landed knows itself by its nonce.
 */
export async function writeRecord(ports: DeliverPorts, held: Held, next: LedgerRecord): Promise<Written> {
  for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
    const written = await ports.ledger.write(held.ticket.id, next, { version: held.version })
    if (written.kind !== 'unavailable') return written
    if (ports.clock.now() + pause + TO_ANSWER_MS >= held.execution.deadline) return written
    await new Promise<void>((resolve) => {
      ports.clock.after(pause, resolve)
    })
  }
}

/**
 * Not written: somebody else was first (read again), or the store does not answer. Then the claim runs out by itself,
 * and the next holder takes the ticket for a suspect: looked for, or marked as a possible repeat.
 */
export function notWritten(
  ports: DeliverPorts,
  held: Held,
  step: { written: Exclude<Written, { kind: 'written' }>; outcome: DeliveryOutcome },
): Once {
  const { written, outcome } = step
  if (written.kind === 'lost') return { kind: 'lost-race' }
  ports.log.write('error', 'ledger.unavailable', {
    ticket: held.ticket.id,
    reason: written.reason,
    outcome: outcome.kind,
  })
  return { kind: 'back', until: held.record.claim?.until ?? ports.clock.now(), called: false, outcome }
}
