import { isThrottlingError } from '@smithy/core/retry'
import type { Timed } from '../clock/with-deadline.ts'
import { readNetworkFailure } from '../http/network-failure.ts'
import { oneLine } from '../http/text.ts'

/**
 * Why a call of AWS failed. `refused`: AWS answered that it did nothing; `throttled` ones are worth another try.
 * `not-sent`: no request left; `advice` is what the SDK says about credentials. `no-answer`: it may have been done (a time-out, a reset, a 5xx, an unreadable answer).
 */
export type AwsFailure =
  | { readonly kind: 'refused'; readonly name: string; readonly status: number; readonly throttled: boolean }
  | { readonly kind: 'not-sent'; readonly name: string; readonly advice?: string }
  | { readonly kind: 'no-answer'; readonly name: string; readonly status?: number }

/** Throttles of SQS and KMS that the SDK's own list lacks. https://github.com/smithy-lang/smithy-typescript */
const MORE_THROTTLES = new Set(['KmsThrottled', 'OverLimit'])

/** The SDK's own name, and ours for an error of the SDK that has none. */
export const NO_CREDENTIALS = 'CredentialsProviderError'
const NO_REGION = 'RegionMissing'

/** Whether AWS throttled the call, by the SDK's own rules: nothing was done. A used-up quota does not count. */
export function isThrottled(error: { readonly name: string; readonly message?: string }): boolean {
  const { message = '' } = error
  if (/\bquota\b/i.test(message)) return false
  const name = error.name.replace(/^AWS\.SimpleQueueService\./, '')
  const httpStatusCode = readStatus(error)
  const $metadata = httpStatusCode === undefined ? {} : { httpStatusCode }
  return MORE_THROTTLES.has(name) || isThrottlingError({ name, message, $metadata })
}

/** Reads what an SDK client threw, or that its time was up. */
export function readAwsFailure(ended: Exclude<Timed<unknown>, { readonly kind: 'done' }>): AwsFailure {
  if (ended.kind === 'late')
    return ended.started ? { kind: 'no-answer', name: 'TimeoutError' } : { kind: 'not-sent', name: 'NoTimeLeft' }
  const error = ended.error
  if (!(error instanceof Error)) return { kind: 'no-answer', name: 'UnknownError' }
  const status = readStatus(error)
  if (status !== undefined) return readAnswer(error, status)
  // No credentials or no region: the SDK gives up before it has anything to send.
  if (error.name === NO_CREDENTIALS)
    return { kind: 'not-sent', name: NO_CREDENTIALS, advice: readAdvice(error.message) }
  if (/region is missing/i.test(error.message))
    return { kind: 'not-sent', name: error.name === 'Error' ? NO_REGION : error.name }
  // The SDK's connect time-out has a name and no code; its request time-out has both.
  if (error.name === 'TimeoutError' && !('code' in error)) return { kind: 'not-sent', name: 'ConnectTimeout' }
  const { sent, code } = readNetworkFailure(error)
  const name = code === 'no-code' ? error.name : code
  return sent === 'no' ? { kind: 'not-sent', name } : { kind: 'no-answer', name }
}

/** Whether a person must act first: AWS refused, or credentials or the region are missing. */
export function isRefused(failure: AwsFailure): boolean {
  if (failure.kind === 'refused') return !failure.throttled
  return failure.kind === 'not-sent' && (failure.name === NO_CREDENTIALS || failure.name === NO_REGION)
}

const LONGEST_ADVICE = 300

/** The SDK's words about credentials ("run aws sso login …"), without what might hold a secret. */
function readAdvice(message: string): string {
  if (message.includes('Command failed')) return 'the credential_process of the AWS profile failed; run it by hand'
  // JSON.parse quotes the text that it could not read.
  if (message.includes('is not valid JSON'))
    return 'the source of the credentials answered with something else than JSON'
  const said = oneLine(message, LONGEST_ADVICE).replace(/\.$/, '')
  const isGeneral = said === 'Could not load credentials from any providers'
  return isGeneral ? `${said}; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY` : said
}

/** One sentence for a reason or a log line: no address, no credentials, no text of the answer. */
export function describeAwsFailure(service: string, failure: AwsFailure): string {
  switch (failure.kind) {
    case 'refused':
      return `${service} refused: ${failure.name} (${failure.status}).`
    case 'not-sent':
      return failure.advice === undefined
        ? `${service} could not be reached: ${failure.name}.`
        : `${service} was not asked, there are no usable credentials: ${failure.advice}.`
    case 'no-answer':
      return `${service} did not answer: ${failure.name}${failure.status ? ` (${failure.status})` : ''}.`
  }
}

function readAnswer(error: Error, status: number): AwsFailure {
  const { name } = error
  if (isThrottled(error)) return { kind: 'refused', name, status, throttled: true }
  if (status >= 300 && status < 500) return { kind: 'refused', name, status, throttled: false }
  return { kind: 'no-answer', name, status }
}

/** The HTTP status that AWS answered with; undefined for an error that is not an answer of AWS. */
export function readStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined
  const metadata = error.$metadata
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}
