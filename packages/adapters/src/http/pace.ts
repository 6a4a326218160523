import type { Clock } from 'ticket-core'
import { sleep } from '../clock/sleep.ts'

/** Spaces calls so that a vendor's rate limit holds. */
export interface Pace {
  /**
   * Waits for the caller's turn, in order of asking. False, at once and without using up a turn, when it would come
   * only after `deadline` (of `Clock.monotonic`).
   */
  turn(deadline: number): Promise<boolean>
}

/** Turns at least `everyMs` milliseconds apart; the first one is free. */
export function createPace(clock: Clock, everyMs: number): Pace {
  let next = Number.NEGATIVE_INFINITY
  return {
    async turn(deadline) {
      const at = Math.max(next, clock.monotonic())
      if (at >= deadline) return false
      next = at + everyMs
      await sleep(clock, at - clock.monotonic())
      return true
    },
  }
}
