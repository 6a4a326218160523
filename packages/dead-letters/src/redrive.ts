import {
  type CaseStore,
  type DeadLetter,
  type Enqueued,
  type Log,
  type Redrivable,
  describeDestination,
  destinationFor,
  recordOfLetter,
  redrivableOf,
  stateOf,
} from 'ticket-core'
import { findWaiting } from './find-waiting.ts'
import {
  type LetterPorts,
  type NotOpen,
  type Refused,
  describeClosing,
  markLetter,
  openLetter,
  refuse,
} from './open-letter.ts'

/** What an operator's redrive needs. */
interface RedrivePorts extends LetterPorts {
  /** Sends it to its queue, in one of its lives. */
  readonly send: (sent: Redrivable & { readonly life: number }) => Promise<Enqueued>
  readonly cases: Pick<CaseStore, 'read'>
  readonly log: Log
}

interface RedriveOptions {
  /** Answers what would happen, sends nothing and writes nothing. */
  readonly dryRun?: boolean
  /** Also a letter that an operator has closed. */
  readonly closed?: boolean
}

export type Redriven =
  /** Sent again, in this life. `marked` is false when the letter could not be marked: running it again is harmless. */
  | {
      readonly kind: 'redriven'
      readonly life: number
      readonly marked: boolean
      /** The vendor may have it already: it is looked for first, or sent marked as a possible repeat. */
      readonly mayBeDelivered: boolean
      /** Notes and syncs that waited for it until they were given up, and go again with it. */
      readonly alongside?: readonly string[]
    }
  /** Nothing was sent. */
  | Refused<NotOpen | 'no-ticket' | 'other-ticket' | 'moved' | 'closed' | 'too-large'>
  /** Not possible just now, or (`sent` is `maybe`) not known: run it again, which does no harm. */
  | { readonly kind: 'try-again'; readonly sent: 'no' | 'maybe'; readonly reason: string }

type Redrive = (key: string, options?: RedriveOptions) => Promise<Redriven>

/**
 * Sends a dead ticket, event or effect again: one message of the next life. The ledger is read, never written. It
 * catches a second message of one life of a ticket or effect; the case catches one of an event.
 *
 * What waited for a ticket at its place and was given up goes again first: after an interruption the ticket's letter is
 * still open, and the next run does the rest.
 */
export function createRedrive(ports: RedrivePorts): Redrive {
  const redriveOne = createRedriveOfOne(ports)
  return async (key, options = {}) => {
    const would = await redriveOne(key, { ...options, dryRun: true })
    // Refused. Without `dryRun`, so that a mark that an interrupted run left out is written.
    if (would.kind !== 'redriven') return redriveOne(key, options)
    const waiting = await findWaiting(ports, key)
    if (waiting.kind === 'unavailable') return { kind: 'try-again', sent: 'no', reason: waiting.reason }
    const alongside: string[] = []
    for (const each of waiting.keys) {
      const done = await redriveOne(each, { dryRun: options.dryRun ?? false })
      if (done.kind === 'try-again') return { ...done, reason: `${each}: ${done.reason}` }
      if (done.kind === 'redriven') alongside.push(each)
    }
    const done = await redriveOne(key, options)
    return done.kind === 'redriven' && alongside.length > 0 ? { ...done, alongside } : done
  }
}

function createRedriveOfOne(ports: RedrivePorts): Redrive {
  return async (key, { dryRun = false, closed = false } = {}) => {
    const opened = await openLetter(ports, key, { dryRun })
    if (opened.kind === 'unavailable') return { kind: 'try-again', sent: 'no', reason: opened.reason }
    if (opened.kind === 'refused') return opened
    const { letter } = opened
    const { mayBeDelivered } = letter
    const content = redrivableOf(letter)
    if (!content) return refuse('no-ticket', describeTicketless(letter))
    if (opened.isForeign) return refuse('other-ticket', `the ledger's ${recordOfLetter(letter)?.id} is another ticket`)
    if (letter.closed && !closed) return refuse('closed', describeClosing(letter, letter.closed))

    const moved = await hasMoved(ports, letter)
    if (moved.kind === 'unavailable') return { kind: 'try-again', sent: 'no', reason: moved.reason }
    if (moved.kind === 'moved') return refuse('moved', moved.reason)

    const life = letter.life + 1
    if (dryRun) return { kind: 'redriven', life, marked: false, mayBeDelivered }
    const sent = await ports.send({ ...content, life })
    if (sent.kind === 'too-large') return refuse('too-large', describeTooLarge(sent))
    if (sent.kind !== 'accepted')
      return { kind: 'try-again', sent: sent.kind === 'unknown' ? 'maybe' : 'no', reason: sent.reason }
    ports.log.write('info', 'dead-letter.redriven', { ticket: key, life })
    const marked = await markLetter(ports, opened, { redrivenAt: ports.clock.now() })
    // `superseded` is fine: the letter says itself what has become of it.
    return { kind: 'redriven', life, marked: marked.kind !== 'unavailable', mayBeDelivered }
  }
}

/** A ticket that got another priority is brought to its new destination by a sync: at the old one nothing is missing. */
async function hasMoved(
  { cases }: Pick<RedrivePorts, 'cases'>,
  { key, kind, ticket }: DeadLetter,
): Promise<{ readonly kind: 'stayed' } | { readonly kind: 'moved' | 'unavailable'; readonly reason: string }> {
  if (kind !== 'ticket' || !ticket) return { kind: 'stayed' }
  const stored = await cases.read(ticket.id)
  if (stored.kind === 'unavailable' && !stored.damaged) return stored
  if (stored.kind !== 'found' || stored.item.source !== ticket.source) return { kind: 'stayed' }
  const { priority } = stateOf(stored.item)
  const [first, now] = [ticket.priority, priority].map(destinationFor)
  if (first === undefined || now === undefined || first === now) return { kind: 'stayed' }
  const words = `${key} is ${priority} now, and belongs to ${describeDestination(now)}: nothing is missing at ${describeDestination(first)}, and its letter can be closed`
  return { kind: 'moved', reason: words }
}

function describeTicketless({ key, kind, cause, forgottenAt }: DeadLetter): string {
  if (forgottenAt !== undefined) return `${key} has no words any more: the person who wrote it was forgotten`
  return kind === 'collision'
    ? `${key} has the id of another ticket: ask its sender to write it again, so that it gets an id of its own`
    : `${key} holds no ticket that could be delivered (${cause.reason})`
}

function describeTooLarge({ bytes, limit }: Extract<Enqueued, { kind: 'too-large' }>): string {
  return `its envelope has ${bytes} bytes, the limit is ${limit}: ask its sender for a shorter one`
}
