import { inject } from 'vitest'
import type { ScenarioCloud } from '../backends/scenario-cloud.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly backend: 'virtual' | 'processes' | 'elsewhere'
  }
}

/** What the scenarios of this run stand on. */
export type Backend =
  | { readonly kind: 'virtual' }
  | { readonly kind: 'processes' }
  /** Somebody else's cloud in the embedded one's place. */
  | { readonly kind: 'elsewhere'; readonly cloud: ScenarioCloud }

/** The backend that the Vitest project names. */
export function backend(): Backend {
  const kind = inject('backend')
  return kind === 'elsewhere' ? { kind, cloud: inject('cloud') } : { kind }
}
