import { inject } from 'vitest'
import type { ScenarioCloud } from '../backends/scenario-cloud.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly backend: 'virtual' | 'processes' | 'external'
    /** Absent: servers. */
    readonly intake?: 'function'
  }
}

/** The backend of the scenarios of this run. */
export type Backend =
  | { readonly kind: 'virtual' }
  | { readonly kind: 'processes'; readonly intake?: 'function' | undefined }
  /** An external cloud in place of the embedded one. */
  | { readonly kind: 'external'; readonly cloud: ScenarioCloud; readonly intake?: 'function' | undefined }

/**
 * For `describe.each` in a scenario that needs real processes to show its point. It runs on the virtual clock and on real
 * processes in every run of the suite. The other scenarios use real processes only in `pnpm test:processes`.
 */
export function alsoOnProcesses(): readonly Backend[] {
  const here = backend()
  return here.kind === 'virtual' ? [here, { kind: 'processes' }] : [here]
}

/** The time-out of tests with real processes and real time. Only a hanging test reaches it. */
export const REAL_TIME = { timeout: 300_000 }

/** The backend that the Vitest project names. */
export function backend(): Backend {
  const kind = inject('backend')
  const intake = inject('intake')
  if (kind === 'virtual') return { kind }
  return kind === 'external' ? { kind, cloud: inject('cloud'), intake } : { kind, intake }
}
