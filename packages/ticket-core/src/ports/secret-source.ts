import type { SecretProblem } from '../secret-keys.ts'
import type { AppSecret } from '../secret.ts'

/** The result of reading the secret. A failure names keys and reasons, never a value. */
export type SecretRead<Value = AppSecret> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false
      readonly failure:
        | { readonly code: 'secret-invalid'; readonly problems: readonly SecretProblem[] }
        | { readonly code: 'secret-missing'; readonly reason: string }
        /** `refused`: by AWS, or because credentials or a region are missing; a retry does not help. */
        | { readonly code: 'secret-unavailable'; readonly reason: string; readonly refused?: true }
    }

/** The application's secret, or the part of it that a caller needs, with a time-limited cache. */
export interface SecretSource<Value = AppSecret> {
  current(): Promise<SecretRead<Value>>
  /** Reads past the cache: called once when a vendor answers 401 or 403. */
  refresh(): Promise<SecretRead<Value>>
}
