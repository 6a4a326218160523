import type { Clock } from './clock.ts'

/** A clock that stands still until it is told to move. All work around it must be in this process, without sockets. */
export interface VirtualClock extends Clock {
  /** Moves on by this much, firing all that comes due, in order; each time waits until nothing goes on any more. */
  advance(duration: Duration): Promise<void>
  /** Moves to the next timer and fires it; false when there is none. */
  advanceToNext(): Promise<boolean>
  /** Moves from timer to timer until `isDone` or until `limit` has passed; says whether it was done. */
  advanceUntil(isDone: () => boolean, limit: Duration): Promise<boolean>
  /** Waits until nothing goes on at this instant. */
  settle(): Promise<void>
  /** Timers that wait. */
  readonly pending: number
}

/** Milliseconds, or `90s`, `3m`, `6h`, `1d`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Turns of the event loop in which nobody touched the clock: then nothing goes on. Longer than any chain of pure promises between two looks at the clock. */
const QUIET_TURNS = 25

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Makes a virtual clock. @param start Milliseconds since the epoch. */
export function createVirtualClock(start: number): VirtualClock {
  let time = start
  let made = 0
  /** Every look at the clock counts: whoever works, looks. */
  let touched = 0
  const timers = new Set<Timer>()

  const next = (): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers) {
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    }
    return first
  }
  const settle = async (): Promise<void> => {
    for (let quiet = 0, seen = touched; quiet < QUIET_TURNS; quiet += 1) {
      await new Promise<void>((resolve) => {
        setImmediate(resolve)
      })
      if (seen !== touched) quiet = 0
      seen = touched
    }
  }
  const fire = async (timer: Timer): Promise<void> => {
    timers.delete(timer)
    time = Math.max(time, timer.at)
    timer.run()
    await settle()
  }
  const advanceUntil = async (isDone: () => boolean, limit: Duration): Promise<boolean> => {
    const until = time + milliseconds(limit)
    await settle()
    while (!isDone()) {
      const timer = next()
      if (!timer || timer.at > until) {
        time = until
        return isDone()
      }
      await fire(timer)
    }
    return true
  }

  return {
    now() {
      touched += 1
      return time
    },
    after(ms, run) {
      touched += 1
      made += 1
      const timer = { at: time + Math.max(0, ms), order: made, run }
      timers.add(timer)
      return () => {
        touched += 1
        timers.delete(timer)
      }
    },
    settle,
    advanceUntil,
    async advance(duration) {
      await advanceUntil(() => false, duration)
    },
    async advanceToNext() {
      await settle()
      const timer = next()
      if (timer) await fire(timer)
      return timer !== undefined
    },
    get pending() {
      return timers.size
    },
  }
}

function milliseconds(duration: Duration): number {
  if (typeof duration === 'number') return duration
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration) ?? []
  const value = Number(digits) * (UNITS[unit ?? ''] ?? Number.NaN)
  if (!Number.isFinite(value))
    throw new TypeError(`not a duration: "${duration}"; expected milliseconds, or 90s, 3m, 6h, 1d`)
  return value
}
