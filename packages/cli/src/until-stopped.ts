import type { World } from './world.ts'

/** Resolves with the name of the signal that tells this process to stop. */
export function untilStopped({ stop }: World): Promise<string> {
  return new Promise((resolve) => {
    const settle = (): void => resolve(String(stop.reason))
    if (stop.aborted) settle()
    else stop.addEventListener('abort', settle, { once: true })
  })
}
