import type { DeliveryOutcome, SecretRead } from 'ticket-core'
import type { VendorAnswer } from './call-vendor.ts'

/** Any outcome but delivered: the meaning of a failed call for its ticket. */
export type DeliveryFailure = Exclude<DeliveryOutcome, { readonly kind: 'delivered' }>

/** An answer that a vendor accepted the call, or the failure for its ticket. */
export type VendorResult = { readonly kind: 'ok'; readonly status: number; readonly body: string } | DeliveryFailure

/** How a vendor's answers are read. */
export interface Classification {
  /** Begins every code (`slack-429`). */
  readonly vendor: string
  readonly now: number
  /** Reads the message in a refusal's body; it must not return secrets. */
  readonly explain?: (body: string) => string
  /** Names the keys of the secret that an operator must check after a refusal. */
  readonly keysOf?: (status: number, body: string) => string | undefined
}

/** Refusals that can mean a wrong webhook: its URL is the credential, so 404 and 410 count like 401 and 403. */
export const WRONG_WEBHOOK: ReadonlySet<number> = new Set([401, 403, 404, 410])

/**
 * The only place where an answer becomes retry, rejected or unknown. The vendor certainly did nothing: not sent, 408,
 * 425, 429 (retry) and every other 4xx or 3xx (rejected). It may have acted: no answer and 5xx (unknown).
 */
export function classify(answer: VendorAnswer, classification: Classification): VendorResult {
  const { vendor } = classification
  switch (answer.kind) {
    case 'not-sent':
      return {
        kind: 'retry',
        code: `${vendor}-not-sent`,
        reason: `The request to ${vendor} was not sent (${answer.code}).`,
        vendorDown: answer.code !== 'no-time-left',
      }
    case 'no-answer':
      return {
        kind: 'unknown',
        code: `${vendor}-no-answer`,
        reason: `${vendor} was asked and gave no readable answer (${answer.code}).`,
      }
    case 'answered':
      return classifyStatus(answer, classification)
  }
}

function classifyStatus(
  { status, body, retryAfter }: Extract<VendorAnswer, { kind: 'answered' }>,
  { vendor, now, explain, keysOf }: Classification,
): VendorResult {
  if (status >= 200 && status < 300) return { kind: 'ok', status, body }
  const words = explain?.(body) ?? ''
  const keys = keysOf?.(status, body)
  const check = keys === undefined ? '' : ` (check ${keys} in the secret)`
  const said = { code: `${vendor}-${status}`, reason: `${vendor} answered ${status}${check}${words && `: ${words}`}.` }
  if (status >= 500) return { kind: 'unknown', ...said, vendorDown: true }
  if (status === 429 || status === 408 || status === 425) {
    const after = readRetryAfter(retryAfter, now)
    return { kind: 'retry', ...said, ...(after !== undefined && { after }), vendorDown: status === 429 }
  }
  return { kind: 'rejected', ...said }
}

/** Without the secret no ticket can be sent: all of them wait until it can be read. */
export function secretFailure(failure: Extract<SecretRead, { readonly ok: false }>['failure']): DeliveryFailure {
  const reason =
    failure.code === 'secret-invalid'
      ? `The secret is not usable: ${failure.problems.map(({ key, problem }) => `${key} ${problem}`).join(', ')}.`
      : failure.reason
  return { kind: 'retry', code: failure.code, reason, vendorDown: true }
}

/** The longest wait that a vendor may ask for, in milliseconds: one hour. */
const LONGEST = 3_600_000

/**
 * Reads `Retry-After` (seconds, or an HTTP date) as milliseconds from `now`, 0 to one hour; undefined when it says
 * neither. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? ''
  if (text === '') return undefined
  // Whole seconds by the standard; some proxies send decimals.
  const ms = /^\d+(\.\d+)?$/.test(text) ? Math.ceil(Number(text) * 1000) : readDate(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST)
}

function readDate(text: string): number {
  // Every form of an HTTP date names its day; without this `Date.parse` would take "5" or "-1" for a year.
  return /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN
}
