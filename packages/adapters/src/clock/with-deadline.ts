import type { Clock } from 'ticket-core'

/** Milliseconds to wait for an aborted call to end. */
const GRACE = 250

/** The result of `run`: its value, what it threw, or neither before the deadline (`started`: whether it ran at all). */
export type Timed<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'late'; readonly started: boolean }

/**
 * Runs something that can be aborted, until `deadline` (of `Clock.monotonic`) at most. When time is up, the signal
 * aborts, and this waits up to 250 ms for the call to end, so that the call does not outlive it.
 */
export async function withDeadline<Value>(
  clock: Clock,
  deadline: number,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Timed<Value>> {
  const left = deadline - clock.monotonic()
  if (left <= 0) return { kind: 'late', started: false }
  const stop = new AbortController()
  const cancels: (() => void)[] = []
  const timeUp = new Promise<Timed<Value>>((resolve) => {
    cancels.push(
      clock.after(left, () => {
        stop.abort()
        cancels.push(
          clock.after(GRACE, () => {
            resolve({ kind: 'late', started: true })
          }),
        )
      }),
    )
  })
  const outcome = await Promise.race([timeUp, settle(run, stop.signal)])
  for (const cancel of cancels) cancel()
  return outcome
}

async function settle<Value>(run: (signal: AbortSignal) => Promise<Value>, signal: AbortSignal): Promise<Timed<Value>> {
  try {
    return { kind: 'done', value: await run(signal) }
  } catch (error) {
    return signal.aborted ? { kind: 'late', started: true } : { kind: 'threw', error }
  }
}
