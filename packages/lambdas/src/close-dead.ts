import type { Log } from 'ticket-core'
import type { LetterPorts, NotOpen, Refused } from './open-letter.ts'
import { describeClosing, noteInLetter, openLetter, READINGS, refuse } from './open-letter.ts'

/** What an operator's closing of a letter needs of the world. */
export interface ClosePorts extends LetterPorts {
  readonly log: Log
}

interface CloseOptions {
  /** Why nothing is left to do, for whoever looks at the letter later. */
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
 * Notes in a dead letter that it waits for nobody any more, and why. It is kept whole; the ledger is not touched.
 * Nothing that is on its way, or was delivered, can be closed.
 */
export function createClose(ports: ClosePorts): (key: string, options: CloseOptions) => Promise<Closed> {
  return async (key, { because, dryRun = false }) => {
    for (let reading = 0; reading < READINGS; reading += 1) {
      const opened = await openLetter(ports, key, { dryRun })
      if (opened.kind === 'unavailable') return { kind: 'try-again', written: 'no', reason: opened.reason }
      if (opened.kind === 'refused') return opened
      const { letter } = opened
      if (letter.closed) return refuse('closed', describeClosing(letter, letter.closed))
      if (dryRun) return { kind: 'closed' }
      const written = await noteInLetter(ports, opened, { closed: { at: ports.clock.now(), because } })
      if (written.kind === 'unavailable') return { kind: 'try-again', written: 'maybe', reason: written.reason }
      if (written.kind === 'lost') continue
      ports.log.write('info', 'dead-letter.closed', { ticket: key, life: letter.life })
      return { kind: 'closed' }
    }
    return { kind: 'try-again', written: 'no', reason: 'It is written again and again.' }
  }
}
