import type { Absent, Attempt, DeathCause, Found, LedgerRecord } from 'ticket-core'
import { LOOK_NO_EARLIER_MS } from './back-off.ts'
import { crash } from './records.ts'
import type { Subject } from './subject.ts'

/** After so many crashes in a row the ticket is what crashes the function. */
const CRASHES_UNTIL_DEATH = 3

/** What a queue message is about, and the life that it belongs to. */
export interface Asked extends Pick<Subject, 'source' | 'digest'> {
  readonly life: number
}

/** `stored`: what the decision was made on, and what a write that follows from it must still find. */
export type Decision =
  /** Write the claim, then call the vendor. */
  | {
      readonly kind: 'claim'
      readonly stored: Found<LedgerRecord> | Absent
      readonly life: number
      readonly suspect: boolean
      readonly crashes: number
    }
  /** Nothing is left to do for this message. */
  | { readonly kind: 'acknowledge'; readonly why: 'delivered' | 'dead' }
  /** Not now: back to the queue until `until` (milliseconds since the epoch). */
  | { readonly kind: 'later'; readonly until: number; readonly why: 'not-due' | 'claimed' | 'too-early-to-look' }
  /** The record is of another message, or of other words under this id. */
  | { readonly kind: 'collision' }
  /** Send its dead letter; the vendor is not called. `attempt`: the crash that decided it, where none is on record yet. */
  | {
      readonly kind: 'give-up'
      readonly stored: Found<LedgerRecord>
      readonly cause: DeathCause
      readonly suspect: boolean
      readonly attempt?: Attempt
    }

/** What the ledger's state means for a message that has just arrived. Pure; the table of `docs/pipeline.md`. */
export function decide(stored: Found<LedgerRecord> | Absent, subject: Asked, now: number): Decision {
  if (stored.kind === 'absent') return { kind: 'claim', stored, life: subject.life, suspect: false, crashes: 0 }
  const record = stored.item
  if (record.source !== subject.source || record.digest !== subject.digest) return { kind: 'collision' }
  const life = Math.max(record.life, subject.life)
  const suspect = record.suspect === true
  switch (record.state) {
    case 'delivered':
      return { kind: 'acknowledge', why: 'delivered' }
    case 'dead':
      if (subject.life <= record.life) return { kind: 'acknowledge', why: 'dead' }
      return { kind: 'claim', stored, life, suspect, crashes: 0 }
    case 'waiting':
      if (record.retryAt !== undefined && record.retryAt > now) {
        return { kind: 'later', until: record.retryAt, why: 'not-due' }
      }
      if (record.failure && subject.life <= record.life) {
        return { kind: 'give-up', stored, cause: record.failure, suspect }
      }
      return { kind: 'claim', stored, life, suspect, crashes: record.crashes }
    case 'claimed':
      return decideClaimed(stored, life, now)
  }
}

function decideClaimed(stored: Found<LedgerRecord>, life: number, now: number): Decision {
  const record = stored.item
  const until = record.claim?.until ?? 0
  if (until > now) return { kind: 'later', until, why: 'claimed' }
  const crashes = (life > record.life ? 0 : record.crashes) + 1
  if (crashes >= CRASHES_UNTIL_DEATH) {
    const reason = `the delivery function ended in the middle of this ticket ${crashes} times in a row`
    return { kind: 'give-up', stored, cause: { code: 'crashed', reason }, suspect: true, attempt: crash(record, now) }
  }
  if (until + LOOK_NO_EARLIER_MS > now)
    return { kind: 'later', until: until + LOOK_NO_EARLIER_MS, why: 'too-early-to-look' }
  return { kind: 'claim', stored, life, suspect: true, crashes }
}

/**
 * The same for a sync, which is never done for good: the case may have events that the last one did not know. Whether it
 * has is read next, and `isBehind` says so.
 */
export function decideSync(stored: Found<LedgerRecord> | Absent, subject: Asked, now: number): Decision {
  const decision = decide(stored, subject, now)
  if (decision.kind !== 'acknowledge' || stored.kind === 'absent') return decision
  const { state, life } = stored.item
  return { kind: 'claim', stored, life: state === 'dead' ? life + 1 : life, suspect: false, crashes: 0 }
}

/** Whether a case with so many events gives a sync something to do that its record does not show. */
export function isBehind(
  stored: Found<LedgerRecord> | Absent,
  { life, events }: { life: number; events: number },
): boolean {
  if (stored.kind === 'absent') return true
  const { state, synced = 0, syncing = 0 } = stored.item
  if (state === 'delivered') return events > synced
  return state !== 'dead' || life > stored.item.life || events > syncing
}

/** The same for a ticket that a new priority brings to another place: a newer event tries a dead one again. */
export function decideMoved(
  stored: Found<LedgerRecord> | Absent,
  { events, ...subject }: Asked & { readonly events: number },
  now: number,
): Decision {
  const decision = decide(stored, subject, now)
  if (decision.kind !== 'acknowledge' || decision.why !== 'dead' || stored.kind === 'absent') return decision
  return events > (stored.item.syncing ?? 0) ? decideSync(stored, subject, now) : decision
}
