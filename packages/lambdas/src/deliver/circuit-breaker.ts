import type { DeliveryOutcome } from 'ticket-core'

/** What one execution environment knows of its vendor, from batch to batch. `now` is `Clock.monotonic`. */
export interface CircuitBreaker {
  note(outcome: DeliveryOutcome, now: number): void
  /** Milliseconds for which no call is worth making; `undefined`: call. */
  downFor(now: number): number | undefined
}

/** Two 5xx in a row are an outage; one may be chance. One 429, or one vendor that is not reached, is enough. */
const FAILURES_IN_A_ROW = 2
/** No longer than a ticket's own first back-off: the ticket whose call failed makes the next call. */
const FIRST_PAUSE_MS = 10_000
/** A vendor that comes back is noticed no later than this, unless it asked for more. */
const LONGEST_PAUSE_MS = 300_000
/** What a vendor asks for is followed for so long at most, as for a ticket. */
const LONGEST_ASKED_MS = 3_600_000

/**
 * A circuit breaker: after a vendor was found down, one call after each pause finds out whether it is back, and the
 * pauses double. The first outcome that is the vendor's own ends it.
 */
export function createCircuitBreaker(): CircuitBreaker {
  let inARow = 0
  let pause = 0
  let until = 0
  return {
    note(outcome, now) {
      const down = (outcome.kind === 'retry' || outcome.kind === 'unknown') && outcome.vendorDown === true
      if (!down) {
        inARow = 0
        pause = 0
        return
      }
      inARow += outcome.kind === 'retry' ? FAILURES_IN_A_ROW : 1
      if (inARow < FAILURES_IN_A_ROW) return
      pause = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pause * 2))
      // A time that the vendor names is better than our guess, also where it is shorter.
      const asked = outcome.kind === 'retry' ? outcome.after : undefined
      until = now + (asked === undefined ? pause : Math.min(asked, LONGEST_ASKED_MS))
    },
    downFor: (now) => (inARow >= FAILURES_IN_A_ROW && now < until ? until - now : undefined),
  }
}
