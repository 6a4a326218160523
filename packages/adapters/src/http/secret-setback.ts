import type { SecretRead } from 'ticket-core'
import type { Setback } from './classify.ts'

/** Without the secret nothing can be sent, for no ticket: all of them wait until it can be read. */
export function secretSetback(failure: Extract<SecretRead, { readonly ok: false }>['failure']): Setback {
  const reason =
    failure.code === 'secret-invalid'
      ? `The secret is not usable: ${failure.problems.map(({ key, problem }) => `${key} ${problem}`).join(', ')}.`
      : failure.reason
  return { kind: 'retry', code: failure.code, reason, vendorDown: true }
}
