import { type Conflict, type Log, retryOnConflict } from 'ticket-core'
import {
  type LetterPorts,
  type NotOpen,
  type Refused,
  describeClosing,
  noteInLetter,
  openLetter,
  refuse,
  TOO_MANY_CONFLICTS,
} from './open-letter.ts'

/** What an operator's closing of a letter needs. */
interface ClosePorts extends LetterPorts {
  readonly log: Log
}

interface CloseOptions {
  /** Why nothing is left to do, for a later reader of the letter. */
  readonly because: string
  /** Answers what would happen, and writes nothing. */
  readonly dryRun?: boolean
}

export type Closed =
  | { readonly kind: 'closed' }
  | Refused<NotOpen | 'closed'>
  /** Not closed, or (`written` is `maybe`) not known: run it again, which does no harm. */
  | { readonly kind: 'try-again'; readonly written: 'no' | 'maybe'; readonly reason: string }

/**
 * Notes in a dead letter that no operator has to act on it any more, and why. It is kept whole; the ledger is not
 * touched. A ticket that is on its way, or was delivered, cannot be closed.
 */
export function createClose(ports: ClosePorts): (key: string, options: CloseOptions) => Promise<Closed> {
  return (key, options) =>
    retryOnConflict<Closed>(
      () => closeOnce(ports, key, options),
      () => ({ kind: 'try-again', written: 'no', reason: TOO_MANY_CONFLICTS }),
    )
}

async function closeOnce(
  ports: ClosePorts,
  key: string,
  { because, dryRun = false }: CloseOptions,
): Promise<Closed | Conflict> {
  const opened = await openLetter(ports, key, { dryRun })
  if (opened.kind === 'unavailable') return { kind: 'try-again', written: 'no', reason: opened.reason }
  if (opened.kind === 'refused') return opened
  const { letter } = opened
  if (letter.closed) return refuse('closed', describeClosing(letter, letter.closed))
  if (dryRun) return { kind: 'closed' }
  const written = await noteInLetter(ports, opened, { closed: { at: ports.clock.now(), because } })
  if (written.kind === 'unavailable') return { kind: 'try-again', written: 'maybe', reason: written.reason }
  if (written.kind === 'conflict') return written
  ports.log.write('info', 'dead-letter.closed', { ticket: key, life: letter.life })
  return { kind: 'closed' }
}
