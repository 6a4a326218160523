import type { DeliveryOutcome, LedgerRecord, Written } from 'ticket-core'
import type { DeliverPorts } from './deliver-ports.ts'
import { answersBy } from './execution.ts'
import type { Held, Once } from './held.ts'

const FIRST_PAUSE_MS = 100
/** A write that begins late gets this long all the same. */
const SHORTEST_WRITE_MS = 500

/**
 * Writes the held record's next state, again and again while time lasts when the store does not answer: what the
 * vendor did is known now, and only here. A repeat of a write that had landed knows itself by its nonce.
 */
export async function writeRecord(ports: DeliverPorts, held: Held, next: LedgerRecord): Promise<Written> {
  const until = Math.max(answersBy(held.execution), ports.clock.monotonic() + SHORTEST_WRITE_MS)
  for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
    const writing = ports.ledger.write(held.ticket.id, next, { version: held.version })
    const written = await waitFor(ports, until, writing)
    if (written.kind !== 'unavailable' || ports.clock.monotonic() + pause >= until) return written
    await new Promise<void>((resolve) => {
      ports.clock.after(pause, resolve)
    })
  }
}

/** A write that nobody waits for any more may still land: it is conditional, and what it says is true. */
async function waitFor(ports: DeliverPorts, until: number, writing: Promise<Written>): Promise<Written> {
  const { promise: late, resolve } = Promise.withResolvers<Written>()
  const reason = 'The function had to answer before the ledger did.'
  const cancel = ports.clock.after(until - ports.clock.monotonic(), () => resolve({ kind: 'unavailable', reason }))
  return Promise.race([writing, late]).finally(cancel)
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
