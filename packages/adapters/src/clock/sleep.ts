import type { Clock } from 'ticket-core'

/** Waits `ms` milliseconds of the given clock; 0 or less returns immediately. */
export async function sleep(clock: Clock, ms: number): Promise<void> {
  if (ms <= 0) return
  await new Promise<void>((resolve) => {
    clock.after(ms, resolve)
  })
}
