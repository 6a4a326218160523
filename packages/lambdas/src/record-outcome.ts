import type { Attempt, DeliveryOutcome } from 'ticket-core'
import { destinationFor } from 'ticket-core'
import { bury } from './bury.ts'
import type { DeliverPorts } from './deliver-ports.ts'
import type { Held, Once } from './held.ts'
import { delivered } from './ledger/records.ts'
import { recordWaiting } from './record-waiting.ts'
import { notWritten, writeRecord } from './write-record.ts'

/** Writes into the ledger what the vendor's call came to, and says what happens to the message. */
export async function recordOutcome(ports: DeliverPorts, held: Held, outcome: DeliveryOutcome): Promise<Once> {
  const { ticket, life } = held
  const code = outcome.kind === 'delivered' ? 'delivered' : outcome.code
  ports.metrics.count('ticketing_deliveries_total', {
    destination: destinationFor(ports.lane),
    outcome: outcome.kind,
    code,
  })
  if (outcome.kind === 'delivered') return recordDelivered(ports, held, outcome)
  ports.log.write('warn', `delivery.${outcome.kind}`, { ticket: ticket.id, life, code, reason: outcome.reason })
  const attempt: Attempt = { at: ports.clock.now(), outcome: outcome.kind, code, reason: outcome.reason }
  if (outcome.kind === 'rejected')
    return ending(
      outcome,
      await bury(ports, held, { cause: { code, reason: outcome.reason }, attempt, suspect: false }),
    )
  const since = held.record.firstFailureAt ?? attempt.at
  if (attempt.at - since >= ports.giveUpAfterMs) {
    const hours = (ports.giveUpAfterMs / 3_600_000).toFixed(1)
    const reason = `given up after ${hours} h of failed attempts; the last: ${outcome.reason}`
    const suspect = outcome.kind === 'unknown'
    return ending(outcome, await bury(ports, held, { cause: { code: 'gave-up', reason }, attempt, suspect }))
  }
  return recordWaiting(ports, held, { attempt, outcome })
}

/** That a ticket is given up does not hide how its vendor does. */
function ending(outcome: DeliveryOutcome, end: Once): Once {
  return end.kind === 'done' || end.kind === 'back' ? { ...end, outcome } : end
}

async function recordDelivered(
  ports: DeliverPorts,
  held: Held,
  outcome: Extract<DeliveryOutcome, { kind: 'delivered' }>,
): Promise<Once> {
  const { ticket, life, record } = held
  const { receipt } = outcome
  ports.log.write('info', 'delivery.delivered', {
    ticket: ticket.id,
    life,
    where: receipt.where,
    found: receipt.found ?? false,
  })
  const next = delivered(record, { receipt, now: ports.clock.now(), nonce: ports.newNonce() })
  const written = await writeRecord(ports, held, next)
  return written.kind === 'written' ? { kind: 'done', outcome } : notWritten(ports, held, { written, outcome })
}
