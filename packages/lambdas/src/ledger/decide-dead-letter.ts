import type { Absent, Found, LedgerRecord } from 'ticket-core'
import type { Subject } from './decide.ts'

export type DeadLetterDecision =
  /** Nothing is left to do: the ticket has begun a newer life. */
  | { readonly kind: 'acknowledge' }
  /** Not now: back to the queue until `until` (milliseconds since the epoch). */
  | { readonly kind: 'later'; readonly until: number }
  /** Another message has this id. */
  | { readonly kind: 'collision' }
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

/** What the ledger's state means for a dead letter that has just arrived. Pure; the table of `docs/pipeline.md`. */
export function decideDeadLetter(
  stored: Found<LedgerRecord> | Absent,
  subject: Subject,
  now: number,
): DeadLetterDecision {
  if (stored.kind === 'absent') return { kind: 'archive', stored, suspect: false, isRecorded: false }
  const record = stored.item
  if (record.source !== subject.source) return { kind: 'collision' }
  if (subject.life < record.life) return { kind: 'acknowledge' }
  if (record.state === 'delivered') return { kind: 'correct', record }
  const claimedUntil = record.state === 'claimed' ? (record.claim?.until ?? 0) : 0
  if (claimedUntil > now) return { kind: 'later', until: claimedUntil }
  // The holder of a claim that has ended crashed: the vendor may have the ticket.
  const suspect = record.state === 'claimed' || record.suspect === true
  const isRecorded = record.state === 'dead' && record.life >= subject.life
  return { kind: 'archive', stored, suspect, isRecorded }
}
