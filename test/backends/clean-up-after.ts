import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What is left when a run is killed. */
export type Remains =
  | { readonly kind: 'containers'; readonly session: string }
  | { readonly kind: 'stacks'; readonly cloud: string }

/**
 * Starts a process that removes what a run made when this process ends in any other way than by `release`: by Ctrl-C, by
 * an error or by SIGKILL.
 */
export function cleanUpAfter(remains: Remains): { release(): void } {
  const main = fileURLToPath(new URL('./clean-up.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=source', main, JSON.stringify(remains)], {
    // A session of its own: a Ctrl-C is not meant for it.
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  child.unref()
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return { release: () => void child.kill() }
}
