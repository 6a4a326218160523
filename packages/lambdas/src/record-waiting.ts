import type { Attempt, DeliveryOutcome } from 'ticket-core'
import type { DeliverPorts } from './deliver-ports.ts'
import type { Held, Once } from './held.ts'
import { backOff } from './ledger/back-off.ts'
import { waiting } from './ledger/records.ts'
import { notWritten, writeRecord } from './write-record.ts'

export interface FailedStep {
  readonly attempt: Attempt
  readonly outcome: Extract<DeliveryOutcome, { kind: 'retry' | 'unknown' }>
}

/** The ticket waits for its next attempt: after a call that failed, or when its dead letter could not be sent. */
export async function recordWaiting(ports: DeliverPorts, held: Held, { attempt, outcome }: FailedStep): Promise<Once> {
  const { record } = held
  const since = record.firstFailureAt ?? attempt.at
  const { first, last } = record.attempts
  const earlier = first === undefined ? last : [first, ...last]
  const failures = 1 + earlier.filter(({ at }) => at >= since).length
  const unknown = outcome.kind === 'unknown'
  const after = outcome.kind === 'retry' ? outcome.after : undefined
  // From now, not from the attempt: a crash lies in the past, and its next attempt must not.
  const retryAt = ports.clock.now() + backOff({ failures, after, unknown, jitter: ports.jitter() })
  const next = waiting(record, { attempt, retryAt, suspect: unknown, nonce: ports.newNonce() })
  const written = await writeRecord(ports, held, next)
  if (written.kind === 'written') return { kind: 'back', until: retryAt, called: true, outcome }
  return notWritten(ports, held, { written, outcome })
}
