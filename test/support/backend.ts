import { inject } from 'vitest'
import type { ScenarioCloud } from '../backends/scenario-cloud.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly backend: 'virtual' | 'processes' | 'external'
  }
}

/** What the scenarios of this run stand on. */
export type Backend =
  | { readonly kind: 'virtual' }
  | { readonly kind: 'processes' }
  /** Somebody else's cloud in the embedded one's place. */
  | { readonly kind: 'external'; readonly cloud: ScenarioCloud }

/**
 * For `describe.each`, in a scenario that shows something only real processes can show: where scenarios run on the virtual
 * clock it is played on both, in every run of the suite. All the others wait for `pnpm test:processes`.
 */
export function alsoOnProcesses(): readonly Backend[] {
  const here = backend()
  return here.kind === 'virtual' ? [here, { kind: 'processes' }] : [here]
}

/** For what waits for real processes, and for real time: it ends only what hangs. */
export const REAL_TIME = { timeout: 300_000 }

/** The backend that the Vitest project names. */
export function backend(): Backend {
  const kind = inject('backend')
  return kind === 'external' ? { kind, cloud: inject('cloud') } : { kind }
}
