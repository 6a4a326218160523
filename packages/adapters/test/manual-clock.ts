import type { Clock } from 'ticket-core'

/** A clock that moves only by `advance`. */
export interface ManualClock extends Clock {
  /** Moves on by `ms`, running what is due in order, each with everything it sets off. */
  advance(ms: number): Promise<void>
  /** Lets everything run that needs no time. */
  settle(): Promise<void>
  pending(): number
  /** Sets the wall clock forward, or back if negative; no time passes. */
  jump(ms: number): void
}

/** Where monotonic readings begin: no instant, so that one is never taken for the other. */
export const MONOTONIC_START = 5_000

/** 2026-11-23T14:03:22.000Z */
export const START = 1_795_442_602_000

async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

export function createManualClock(start: number = START): ManualClock {
  let now = MONOTONIC_START
  let ahead = start - MONOTONIC_START
  let made = 0
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>()
  return {
    now: () => now + ahead,
    monotonic: () => now,
    after(ms, run) {
      made += 1
      const id = made
      timers.set(id, { at: now + Math.max(ms, 0), run })
      return () => {
        timers.delete(id)
      }
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const [next] = [...timers].filter(([, { at }]) => at <= end).toSorted(([, a], [, b]) => a.at - b.at)
        if (!next) break
        const [id, { at, run }] = next
        timers.delete(id)
        now = Math.max(now, at)
        run()
        await settle()
      }
      now = end
      await settle()
    },
    settle,
    jump: (ms) => void (ahead += ms),
    pending: () => timers.size,
  }
}
