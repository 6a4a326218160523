import type { Clock } from 'ticket-core'

/**
 * The result of `work`, or `late` once the deadline (by `Clock.monotonic`) has passed. The work itself is not
 * cancelled.
 */
export async function within<Value, Late>(
  work: Promise<Value>,
  { clock, deadline, late }: { readonly clock: Clock; readonly deadline: number; readonly late: Late },
): Promise<Value | Late> {
  let cancel: (() => void) | undefined
  const timeUp = new Promise<Late>((resolve) => {
    cancel = clock.after(Math.max(0, deadline - clock.monotonic()), () => {
      resolve(late)
    })
  })
  try {
    return await Promise.race([work, timeUp])
  } finally {
    cancel?.()
  }
}
