import type { Clock, DeadLetter, DeadLetterArchive, Enqueued, Ledger, LedgerRecord, Log, Ticket } from 'ticket-core'

/** What an operator's redrive needs of the world. */
export interface RedrivePorts {
  readonly archive: DeadLetterArchive
  readonly ledger: Pick<Ledger, 'read'>
  /** Sends a ticket in one of its lives to the queue of its priority. */
  readonly send: (envelope: { readonly ticket: Ticket; readonly life: number }) => Promise<Enqueued>
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  newNonce(): string
}

export type Redriven =
  /** On its way again, in this life. `marked` is false when the archive could not be told: running it again is harmless. */
  | { readonly kind: 'redriven'; readonly life: number; readonly marked: boolean }
  /** Nothing was sent. */
  | {
      readonly kind: 'refused'
      readonly code: 'unknown' | 'no-ticket' | 'redriven-already' | 'delivered' | 'not-dead' | 'other-ticket'
      readonly reason: string
    }
  /** Not known, or not possible just now: run it again. */
  | { readonly kind: 'try-again'; readonly reason: string }

/**
 * Sends a dead ticket on its way again: one message of the next life. The ledger is read, never written; a second
 * message of one life is caught there. `dryRun` answers what would happen and sends nothing.
 */
export function createRedrive(ports: RedrivePorts): (key: string, options?: { dryRun?: boolean }) => Promise<Redriven> {
  return async (key, { dryRun = false } = {}) => {
    const stored = await ports.archive.read(key)
    if (stored.kind === 'unavailable') return { kind: 'try-again', reason: stored.reason }
    if (stored.kind === 'absent') return refuse('unknown', `there is no dead letter ${key}`)
    const letter = stored.item
    if (letter.kind !== 'ticket' || !letter.ticket) {
      return refuse('no-ticket', `${key} holds no ticket that could be delivered (${letter.cause.reason})`)
    }
    if (letter.correctedAt !== undefined) return refuse('delivered', `${key} was delivered after all`)
    if (letter.redrivenAt !== undefined) return refuse('redriven-already', `${key} is on its way again already`)
    const recorded = await ports.ledger.read(letter.ticket.id)
    if (recorded.kind === 'unavailable') return { kind: 'try-again', reason: recorded.reason }
    const refusal = recorded.kind === 'found' ? refuseByLedger(recorded.item, letter, letter.ticket) : undefined
    if (refusal) return refusal

    const life = letter.life + 1
    if (dryRun) return { kind: 'redriven', life, marked: false }
    const sent = await ports.send({ ticket: letter.ticket, life })
    if (sent.kind !== 'accepted') return { kind: 'try-again', reason: describeUnsent(sent) }
    ports.log.write('info', 'dead-letter.redriven', { ticket: key, life })
    const marked = { ...letter, redrivenAt: ports.clock.now(), nonce: ports.newNonce() }
    const written = await ports.archive.write(key, marked, stored)
    // Lost: it has died again meanwhile, and its archive tells that newer death.
    return { kind: 'redriven', life, marked: written.kind !== 'unavailable' }
  }
}

function refuseByLedger(record: LedgerRecord, letter: DeadLetter, ticket: Ticket): Redriven | undefined {
  if (record.source !== ticket.source) return refuse('other-ticket', `the ledger's ${record.id} is another ticket`)
  if (record.state === 'delivered') return refuse('delivered', `the ledger shows ${record.id} as delivered`)
  if (record.state !== 'dead' || record.life !== letter.life) {
    return refuse(
      'not-dead',
      `the ledger shows ${record.id} as ${record.state} in life ${record.life}: it is on its way`,
    )
  }
  return undefined
}

function refuse(code: Extract<Redriven, { kind: 'refused' }>['code'], reason: string): Redriven {
  return { kind: 'refused', code, reason }
}

function describeUnsent(sent: Exclude<Enqueued, { kind: 'accepted' }>): string {
  if (sent.kind === 'too-large') return `its envelope has ${sent.bytes} bytes, the limit is ${sent.limit}`
  return sent.reason
}
