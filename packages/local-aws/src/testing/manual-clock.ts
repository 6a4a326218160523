import type { Clock } from '../clock.ts'

/** A clock for tests: stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Advances the time and fires due timers in order, each after the effects of the one before. */
  advance(ms: number): Promise<void>
  /** Resolves when this many timers are waiting. */
  waiting(count: number): Promise<void>
}

interface Timer {
  readonly at: number
  readonly run: () => void
}

export function createManualClock(start: number): ManualClock {
  const timers = new Set<Timer>()
  const watchers = new Set<() => void>()
  let now = start
  return {
    now: () => now,
    monotonic: () => now - start,
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.add(timer)
      for (const watch of watchers) watch()
      return () => void timers.delete(timer)
    },
    async advance(ms) {
      const end = now + ms
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)
        if (!next) break
        timers.delete(next)
        now = Math.max(now, next.at)
        next.run()
        await settled()
      }
      now = end
    },
    waiting(count) {
      return new Promise((resolve) => {
        const watch = (): void => {
          if (timers.size < count) return
          watchers.delete(watch)
          resolve()
        }
        watchers.add(watch)
        watch()
      })
    },
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
