import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    readonly backend: 'virtual' | 'processes'
  }
}

/** What the scenarios of this run stand on. */
export interface Backend {
  readonly kind: 'virtual' | 'processes'
  /** Somebody else's cloud; absent: the embedded one. */
  readonly endpoint?: string
}

/** The backend that the Vitest project names; `TICKETING_TEST_ENDPOINT` puts another cloud in the embedded one's place. */
export function backend(): Backend {
  const endpoint = process.env['TICKETING_TEST_ENDPOINT']
  if (endpoint !== undefined) return { kind: 'processes', endpoint }
  return { kind: inject('backend') }
}
