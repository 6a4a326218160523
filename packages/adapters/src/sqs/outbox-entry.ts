import type { Enqueued } from 'ticket-core'
import type { OutgoingMessage } from './message.ts'
import type { EntryAnswer } from './send-batch.ts'

/** The outcome of one message. Its size was checked before. */
export type Sent = Exclude<Enqueued, { readonly kind: 'too-large' }>

/** One message on its way, from the caller's call to its outcome. */
export interface Entry {
  readonly message: OutgoingMessage
  /** On `Clock.monotonic`: the caller has its outcome by then. */
  readonly deadline: number
  /** In a call right now. */
  calling: boolean
  /** The caller has its outcome; later answers do not count. */
  settled: boolean
  /** An earlier call was not answered clearly: it may be queued already. */
  unclear: boolean
  tries: number
  /** Name of the last failure. */
  failure: string
  readonly settle: (sent: Sent) => void
}

const FIRST_BACK_OFF = 100
/** Less time than this is not enough for another call. Milliseconds. */
const SHORTEST_CALL = 200

/** Settles the entry by its answer, or returns the milliseconds to wait before the retry. */
export function applyAnswer(entry: Entry, answer: EntryAnswer, now: number): number | undefined {
  if (answer.kind === 'accepted') {
    entry.settle({ kind: 'accepted' })
    return undefined
  }
  entry.unclear ||= answer.kind === 'unclear'
  entry.failure = answer.name
  const pause = FIRST_BACK_OFF * 2 ** entry.tries
  entry.tries += 1
  if (answer.kind !== 'refused' && now + pause + SHORTEST_CALL <= entry.deadline) return pause
  giveUp(entry)
  return undefined
}

/** Settles an entry that is not tried again. `refused` only when no call can have queued it. */
export function giveUp(entry: Entry): void {
  if (entry.calling) entry.settle({ kind: 'unknown', reason: 'SQS did not answer in time.' })
  else if (entry.unclear)
    entry.settle({ kind: 'unknown', reason: `SQS gave no clear answer (${entry.failure}): it may be queued.` })
  else entry.settle({ kind: 'refused', reason: `It was not queued: ${entry.failure}.` })
}
