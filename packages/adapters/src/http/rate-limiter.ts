import type { Clock } from 'ticket-core'
import { sleep } from '../clock/sleep.ts'

/** Spaces calls so that a vendor's rate limit holds. */
export interface RateLimiter {
  /**
   * Waits until the caller may call; callers go in the order in which they asked. False, immediately and without
   * taking a slot, when that would be after `deadline` (of `Clock.monotonic`).
   */
  acquire(deadline: number): Promise<boolean>
}

/** One call every `everyMs` milliseconds; the first one does not wait. */
export function createRateLimiter(clock: Clock, everyMs: number): RateLimiter {
  let next = Number.NEGATIVE_INFINITY
  return {
    async acquire(deadline) {
      const at = Math.max(next, clock.monotonic())
      if (at >= deadline) return false
      next = at + everyMs
      await sleep(clock, at - clock.monotonic())
      return true
    },
  }
}
