import type { DeliveryOutcome } from 'ticket-core'
import type { VendorAnswer } from './call-vendor.ts'
import { readRetryAfter } from './retry-after.ts'

/** Any outcome but delivered: what a failed call means for its ticket. */
export type Setback = Exclude<DeliveryOutcome, { readonly kind: 'delivered' }>

export type Verdict = { readonly kind: 'ok'; readonly status: number; readonly body: string } | Setback

/** `vendor` begins every code (`slack-429`); `explain` makes words of a refusal's body, free of secrets. */
export interface Classification {
  readonly vendor: string
  readonly now: number
  readonly explain?: (body: string) => string
}

/**
 * The one place where an answer becomes retry, rejected or unknown. Sure to have done nothing: not sent, 408, 425, 429
 * (retry) and every other 4xx or 3xx (rejected). Not sure: no answer and 5xx.
 */
export function classify(answer: VendorAnswer, { vendor, now, explain }: Classification): Verdict {
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
      return classifyStatus(answer, { vendor, now, ...(explain && { explain }) })
  }
}

function classifyStatus(
  { status, body, retryAfter }: Extract<VendorAnswer, { kind: 'answered' }>,
  { vendor, now, explain }: Classification,
): Verdict {
  if (status >= 200 && status < 300) return { kind: 'ok', status, body }
  const words = explain?.(body) ?? ''
  const said = { code: `${vendor}-${status}`, reason: `${vendor} answered ${status}${words && `: ${words}`}.` }
  if (status >= 500) return { kind: 'unknown', ...said, vendorDown: true }
  if (status === 429 || status === 408 || status === 425) {
    const after = readRetryAfter(retryAfter, now)
    return { kind: 'retry', ...said, ...(after !== undefined && { after }), vendorDown: status === 429 }
  }
  return { kind: 'rejected', ...said }
}
