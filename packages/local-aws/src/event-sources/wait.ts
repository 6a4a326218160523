import type { Clock } from '../clock.ts'

/** Waits on the clock, or until `signal` is aborted; never rejects. */
export function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(ms, done)
    signal.addEventListener('abort', done)
  })
}

/** Doubles from 100 ms up to `most`. */
export function backOff(attempt: number, max: number): number {
  return Math.min(max, 100 * 2 ** Math.min(attempt, 20))
}
