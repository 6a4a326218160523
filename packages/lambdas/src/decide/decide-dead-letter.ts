import type { Absent, Found, LedgerRecord } from 'ticket-core'
import type { Asked } from './decide.ts'

export type DeadLetterDecision =
  /** Nothing is left to do: the ticket has begun a newer life. */
  | { readonly kind: 'acknowledge' }
  /** Not now: back to the queue until `until` (milliseconds since the epoch). */
  | { readonly kind: 'later'; readonly until: number }
  /** Another message has this id. */
  | { readonly kind: 'collision' }
  /** It is not what its lane sends of this ticket: other words, or a life that cannot be. */
  | { readonly kind: 'altered' }
  /** The ticket was delivered after all: an open archive is corrected. */
  | { readonly kind: 'correct'; readonly record: LedgerRecord }
  /**
   * Archive it, then write `dead` over what was read, unless the record says so already (`isRecorded`).
   * `suspect`: the vendor may have the ticket.
   */
  | {
      readonly kind: 'archive'
      readonly stored: Found<LedgerRecord> | Absent
      readonly suspect: boolean
      readonly isRecorded: boolean
    }

/** More often than an operator redrives one ticket. A letter's life must leave room for the next redrive. */
const MOST_LIVES = 1000

/** What the ledger's state means for a dead letter that has just arrived. Pure; the table of `docs/pipeline.md`. */
export function decideDeadLetter(
  stored: Found<LedgerRecord> | Absent,
  subject: Asked,
  now: number,
): DeadLetterDecision {
  if (stored.kind === 'absent') {
    if (subject.life > MOST_LIVES) return { kind: 'altered' }
    return { kind: 'archive', stored, suspect: false, isRecorded: false }
  }
  const record = stored.item
  if (record.source !== subject.source) return { kind: 'collision' }
  // A redrive begins the next life; a letter of one after that was sent by no lane.
  if (record.digest !== subject.digest || subject.life > record.life + 1) return { kind: 'altered' }
  if (subject.life < record.life) return { kind: 'acknowledge' }
  if (record.state === 'delivered') return { kind: 'correct', record }
  const claimedUntil = record.state === 'claimed' ? (record.claim?.until ?? 0) : 0
  if (claimedUntil > now) return { kind: 'later', until: claimedUntil }
  // The holder of a claim that has ended crashed: the vendor may have the ticket.
  const suspect = record.state === 'claimed' || record.suspect === true
  const isRecorded = record.state === 'dead' && record.life >= subject.life
  return { kind: 'archive', stored, suspect, isRecorded }
}
