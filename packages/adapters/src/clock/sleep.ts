import type { Clock } from 'ticket-core'

/** Waits `ms` milliseconds of the given clock; nothing to wait for is over at once. */
export async function sleep(clock: Clock, ms: number): Promise<void> {
  if (ms <= 0) return
  await new Promise<void>((resolve) => {
    clock.after(ms, resolve)
  })
}
