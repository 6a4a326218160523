import type { Clock } from 'ticket-core'

/** A clock that moves only when a test says so. */
export interface HandClock extends Clock {
  /** Moves on and runs what falls due, in order, each with the promises that follow from it. */
  advance(ms: number): Promise<void>
  /** Sets the wall clock forward, or back if negative; no time passes. */
  jump(ms: number): void
}

/** No instant, so that a monotonic reading is never taken for one. */
const MONOTONIC_START = 5_000

function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

export function createHandClock(start: number): HandClock {
  let now = MONOTONIC_START
  let ahead = start - MONOTONIC_START
  let timers: { readonly at: number; readonly run: () => void }[] = []
  return {
    now: () => now + ahead,
    monotonic: () => now,
    jump: (ms) => void (ahead += ms),
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)
        if (!next) break
        timers = timers.filter((one) => one !== next)
        now = Math.max(now, next.at)
        next.run()
        await settle()
      }
      now = end
    },
  }
}
