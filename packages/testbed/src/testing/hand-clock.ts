import type { Clock } from 'ticket-core'

/** A clock for the testbed's own tests: it stands still until a test moves it. */
export interface HandClock extends Clock {
  /** Moves time on and fires what is due, in order. */
  advance(ms: number): void
}

/** Stands at 2026-11-23T14:03:22Z. */
export function createHandClock(start: number = Date.UTC(2026, 10, 23, 14, 3, 22)): HandClock {
  let now = start
  let due: { at: number; run: () => void }[] = []
  return {
    now: () => now,
    monotonic: () => now - start,
    after: (ms, run) => {
      const timer = { at: now + ms, run }
      due.push(timer)
      return () => {
        due = due.filter((other) => other !== timer)
      }
    },
    advance: (ms) => {
      const end = now + ms
      for (;;) {
        const [next] = due.filter((timer) => timer.at <= end).toSorted((one, other) => one.at - other.at)
        if (!next) break
        due = due.filter((timer) => timer !== next)
        now = next.at
        next.run()
      }
      now = end
    },
  }
}
