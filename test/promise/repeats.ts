import type { Copy, Evidence, TicketEvidence } from './evidence.ts'

/** What several copies of one ticket are: all but one marked, late through no fault of ours, or a broken promise. */
export type Repeat = 'none' | 'marked' | 'late' | 'not-marked'

/** A suspect is looked for no earlier than that after it was asked for: what shows later, no look could find. */
const LOOK_NO_EARLIER_MS = 60_000
/** A look goes back to so long before the claim: a card with an earlier time than that is not seen. */
const LOOK_MARGIN_MS = 600_000

/**
 * Of several messages in Slack all but one must say that they may be repeats. Of two cards one must have appeared only
 * after the look that missed it, or the clocks must have differed by more than the look allows. Anything else must be there once.
 */
export function repeatOf(
  ticket: TicketEvidence,
  { looks, putForwardMs = 0, setBackMs = 0 }: Pick<Evidence, 'looks' | 'putForwardMs' | 'setBackMs'>,
): Repeat {
  const { copies } = ticket
  if (copies.length < 2) return 'none'
  if (copies.every(({ place }) => place === 'alert'))
    return copies.filter(({ isMarked }) => !isMarked).length > 1 ? 'not-marked' : 'marked'
  if (!copies.every(({ place }) => place === 'board')) return 'not-marked'
  if (copies.length === 2 && setBackMs > LOOK_MARGIN_MS) return 'late'
  const unseen = copies.filter((card) =>
    copies.some((other) => other !== card && isLate(card, ticket, putForwardMs) && isMissedBefore(other, card, looks)),
  )
  return unseen.length >= copies.length - 1 ? 'late' : 'not-marked'
}

/** Looks are timed by the wall clock: one that was put forward brings them sooner. */
function isLate(card: Copy, { lateEffects }: TicketEvidence, putForwardMs: number): boolean {
  return lateEffects.some((asked) => card.at - asked + putForwardMs >= LOOK_NO_EARLIER_MS)
}

/** Whether a function looked before it made `other`, and `card` was not there yet. */
function isMissedBefore(other: Copy, card: Copy, looks: readonly number[] | undefined): boolean {
  if (!looks) return true
  const look = looks.findLast((at) => at <= other.at)
  return look !== undefined && look < card.at
}
