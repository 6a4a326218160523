import type { Clock, DeliveryOutcome, Ledger, LedgerRecord, Log, Written } from 'ticket-core'
import type { QueueMessage } from '../batch.ts'
import { answersBy, type Execution } from '../execution.ts'
import type { Subject } from '../decide/subject.ts'
import { storeUnavailable, type Retry } from '../message-result.ts'

/** What writing a record needs. */
export interface RecordPorts {
  /** The lane's own. */
  readonly ledger: Ledger
  readonly clock: Clock
  readonly log: Log
  /** A fresh one for every write. */
  newNonce(): string
}

/** A received message, and the invocation that has it. */
export interface Turn {
  readonly message: QueueMessage
  readonly execution: Execution
  /** Suspects come after the calm messages of their batch. */
  readonly defersSuspects: boolean
}

/** What one message asks for, in one of its lives. */
export interface Work {
  /** Begins the names of its log lines. */
  readonly kind: 'delivery' | 'note' | 'sync' | 'death'
  /** The ticket's id. */
  readonly ticket: string
  readonly subject: Subject
  readonly life: number
  readonly turn: Turn
  /** The queue message of a life, for a dead letter; undefined where it has no room in a queue. */
  body(life: number): string | undefined
}

/** Work whose record this invocation may write: as it was read or last written, and at which version. */
export interface ClaimedWork {
  readonly work: Work
  readonly record: LedgerRecord
  readonly version: string
}

const FIRST_PAUSE_MS = 100
/** A write that begins late gets this long all the same. */
const SHORTEST_WRITE_MS = 500

/**
 * Writes the record's next state. When the store does not answer, it tries again while time lasts: only this invocation
 * knows what the vendor did. A repeat of a write that had landed knows itself by its nonce.
 */
export async function writeRecord(ports: RecordPorts, claim: ClaimedWork, next: LedgerRecord): Promise<Written> {
  const until = Math.max(answersBy(claim.work.turn.execution), ports.clock.monotonic() + SHORTEST_WRITE_MS)
  for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
    const writing = ports.ledger.write(claim.work.subject.id, next, { version: claim.version })
    const written = await waitFor(ports, until, writing)
    if (written.kind !== 'unavailable' || ports.clock.monotonic() + pause >= until) return written
    await new Promise<void>((resolve) => {
      ports.clock.after(pause, resolve)
    })
  }
}

/** A write that is not waited for any more may still land: it is conditional, and what it says is true. */
async function waitFor(ports: RecordPorts, until: number, writing: Promise<Written>): Promise<Written> {
  const { promise: late, resolve } = Promise.withResolvers<Written>()
  const reason = 'The function had to answer before the ledger did.'
  const cancel = ports.clock.after(until - ports.clock.monotonic(), () => resolve({ kind: 'unavailable', reason }))
  return Promise.race([writing, late]).finally(cancel)
}

/**
 * The record could not be written: the message comes back when the claim has ended. Its next holder then takes it
 * for a suspect.
 */
export function notWritten(
  ports: RecordPorts,
  { work, record }: ClaimedWork,
  { reason, outcome }: { readonly reason: string; readonly outcome?: DeliveryOutcome },
): Retry {
  const about = { ticket: work.ticket, reason, ...(outcome && { outcome: outcome.kind }) }
  const retry = storeUnavailable(ports, 'ledger', about)
  return { ...retry, until: record.claim?.until ?? retry.until, ...(outcome && { outcome }) }
}
