import type { ExternalCloud } from '@ticketing/testbed'

/** The cloud under the scenarios, where it is neither embedded nor virtual; plain data: Vitest hands it to the workers. */
export type ScenarioCloud = Pick<ExternalCloud, 'endpoint' | 'vendors' | 'functions'> & {
  readonly region: string
  /** Absent: the SDK's own chain finds some. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** First part of every name of this run; see `names.ts`. */
  readonly run: string
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly cloud: ScenarioCloud
  }
}
