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

type RefusalCode =
  | 'unknown'
  | 'no-ticket'
  | 'redriven-already'
  | 'delivered'
  | 'not-dead'
  | 'other-ticket'
  | 'too-large'

export type Redriven =
  /** On its way again, in this life. `marked` is false when the archive could not be told: running it again is harmless. */
  | {
      readonly kind: 'redriven'
      readonly life: number
      readonly marked: boolean
      /** The vendor may have it already: it is looked for first, or sent marked as a possible repeat. */
      readonly mayBeDelivered: boolean
    }
  /** Nothing was sent. */
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly reason: string }
  /** Not possible just now, or (`sent` is `maybe`) not known: run it again, which does no harm. */
  | { readonly kind: 'try-again'; readonly sent: 'no' | 'maybe'; readonly reason: string }

/**
 * Sends a dead ticket on its way again: one message of the next life. The ledger is read, never written; a second
 * message of one life is caught there. An archive whose mark an earlier run could not write is put right.
 * `dryRun` answers what would happen, sends nothing and writes nothing.
 */
export function createRedrive(ports: RedrivePorts): (key: string, options?: { dryRun?: boolean }) => Promise<Redriven> {
  return async (key, { dryRun = false } = {}) => {
    const stored = await ports.archive.read(key)
    if (stored.kind === 'unavailable') return { kind: 'try-again', sent: 'no', reason: stored.reason }
    if (stored.kind === 'absent') return refuse('unknown', `there is no dead letter ${key}`)
    const letter = stored.item
    if (letter.kind !== 'ticket' || !letter.ticket) return refuse('no-ticket', describeTicketless(letter))
    const closed = refuseByArchive(letter)
    if (closed) return closed
    const recorded = await ports.ledger.read(letter.ticket.id)
    if (recorded.kind === 'unavailable') return { kind: 'try-again', sent: 'no', reason: recorded.reason }
    const mark = async (change: Pick<DeadLetter, 'redrivenAt'> | Pick<DeadLetter, 'correctedAt'>): Promise<boolean> => {
      const marked = { ...letter, ...change, nonce: ports.newNonce() }
      // Lost: it has died again or was put right meanwhile, and its archive tells that newer state.
      return (await ports.archive.write(key, marked, stored)).kind !== 'unavailable'
    }
    if (recorded.kind === 'found') {
      const refusal = refuseByLedger(recorded.item, letter, letter.ticket)
      const change = refusal && missedMark(recorded.item, letter, ports.clock.now())
      if (change && !dryRun) await mark(change)
      if (refusal) return refusal
    }

    const life = letter.life + 1
    const { mayBeDelivered } = letter
    if (dryRun) return { kind: 'redriven', life, marked: false, mayBeDelivered }
    const sent = await ports.send({ ticket: letter.ticket, life })
    if (sent.kind === 'too-large') return refuse('too-large', describeTooLarge(sent))
    if (sent.kind !== 'accepted')
      return { kind: 'try-again', sent: sent.kind === 'unknown' ? 'maybe' : 'no', reason: sent.reason }
    ports.log.write('info', 'dead-letter.redriven', { ticket: key, life })
    return { kind: 'redriven', life, marked: await mark({ redrivenAt: ports.clock.now() }), mayBeDelivered }
  }
}

function refuseByArchive({ key, correctedAt, redrivenAt }: DeadLetter): Redriven | undefined {
  if (correctedAt !== undefined) return refuse('delivered', `${key} was delivered after all`)
  if (redrivenAt !== undefined) return refuse('redriven-already', `${key} is on its way again already`)
  return undefined
}

function refuseByLedger(record: LedgerRecord, letter: DeadLetter, ticket: Ticket): Redriven | undefined {
  const { id, state, life } = record
  if (record.source !== ticket.source) return refuse('other-ticket', `the ledger's ${id} is another ticket`)
  if (state === 'delivered') return refuse('delivered', `the ledger shows ${id} as delivered`)
  if (state === 'dead' && life === letter.life) return undefined
  const now = state === 'dead' ? 'it died again, and its new letter is being written' : 'it is on its way'
  return refuse('not-dead', `the ledger shows ${id} as ${state} in life ${life}: ${now}`)
}

/**
 * What the archive should have been told by whoever sent the message of the next life, and was not: the store did not
 * answer, or the operator was interrupted. `delivered` is never taken back, and a newer life begins only by a redrive.
 */
function missedMark(
  record: LedgerRecord,
  letter: DeadLetter,
  now: number,
): Pick<DeadLetter, 'redrivenAt'> | Pick<DeadLetter, 'correctedAt'> | undefined {
  if (record.source !== letter.ticket?.source) return undefined
  if (record.state === 'delivered') return { correctedAt: record.deliveredAt ?? now }
  return record.life > letter.life ? { redrivenAt: now } : undefined
}

function describeTicketless({ key, kind, cause }: DeadLetter): string {
  return kind === 'collision'
    ? `${key} has the id of another ticket: ask its sender to write it again, so that it gets an id of its own`
    : `${key} holds no ticket that could be delivered (${cause.reason})`
}

function describeTooLarge({ bytes, limit }: Extract<Enqueued, { kind: 'too-large' }>): string {
  return `its envelope has ${bytes} bytes, the limit is ${limit}: ask its sender for a shorter one`
}

function refuse(code: RefusalCode, reason: string): Redriven {
  return { kind: 'refused', code, reason }
}
