import { Buffer } from 'node:buffer'
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { type Result, fail, succeed } from './result.ts'

/** Why a callback is not from its vendor. The hint is for the operator's log, never for the caller. */
export interface CallbackFailure {
  readonly code: 'missing' | 'malformed' | 'stale' | 'mismatch'
  readonly hint: string
}

const SHA1_BYTES = 20
/** Slack's own limit. Seconds, in both directions. */
const SLACK_MAX_AGE = 300

/**
 * Checks `X-Trello-Webhook`: base64 of the HMAC-SHA1, under the application's secret, of the raw body followed by the
 * address that the webhook was registered with. There is no time in it: a repeat is recognised by the action's id.
 * https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/#webhook-signatures
 */
export function verifyTrelloCallback(signed: {
  readonly secret: string
  /** As registered, query included. From our settings, never from the body. */
  readonly callbackUrl: string
  readonly body: Uint8Array
  readonly signature: string | undefined
}): Result<undefined, CallbackFailure> {
  const claimed = signed.signature?.trim()
  if (!claimed) return refuse('missing', 'no X-Trello-Webhook header: the caller is not Trello')
  const bytes = Buffer.from(claimed, 'base64')
  if (bytes.byteLength !== SHA1_BYTES || bytes.toString('base64') !== claimed)
    return refuse('malformed', 'X-Trello-Webhook is not base64 of a SHA-1')
  const mac = createHmac('sha1', keyOf(signed.secret))
    .update(signed.body)
    .update(Buffer.from(signed.callbackUrl, 'utf8'))
    .digest()
  if (timingSafeEqual(mac, bytes)) return succeed(undefined)
  return refuse(
    'mismatch',
    `the signature does not fit: TRELLO_API_SECRET is another application's, the webhook was registered with another address than ${signed.callbackUrl}, or a proxy changed the body`,
  )
}

/**
 * Checks `X-Slack-Signature`, version 0, and that its time stamp is five minutes off at most, in either direction.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack/
 */
export function verifySlackRequest(signed: {
  readonly secret: string
  readonly body: Uint8Array
  readonly signature: string | undefined
  /** `X-Slack-Request-Timestamp`: seconds since the epoch. */
  readonly timestamp: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}): Result<undefined, CallbackFailure> {
  const { secret, body, now } = signed
  const signature = signed.signature?.trim()
  const timestamp = signed.timestamp?.trim()
  if (!signature || !timestamp)
    return refuse('missing', 'no X-Slack-Signature or X-Slack-Request-Timestamp header: the caller is not Slack')
  const [, hex] = /^v0=([0-9a-f]{64})$/.exec(signature) ?? []
  if (hex === undefined || !/^\d{1,12}$/.test(timestamp))
    return refuse('malformed', 'the signature is not "v0=" and 64 hex digits, or the time stamp no number of seconds')
  const mac = createHmac('sha256', keyOf(secret))
    .update(Buffer.from(`v0:${timestamp}:`, 'utf8'))
    .update(body)
    .digest()
  if (!timingSafeEqual(mac, Buffer.from(hex, 'hex')))
    return refuse(
      'mismatch',
      'the signature does not fit: SLACK_SIGNING_SECRET is another app’s or an old one, or a proxy changed the body',
    )
  const seconds = Math.round(now / 1000 - Number(timestamp))
  if (Math.abs(seconds) <= SLACK_MAX_AGE) return succeed(undefined)
  const where = seconds > 0 ? 'old' : 'ahead'
  return refuse(
    'stale',
    `the request is ${Math.abs(seconds)} s ${where}, ${SLACK_MAX_AGE} s are allowed: a replay, or this machine's clock is wrong`,
  )
}

function keyOf(secret: string): ReturnType<typeof createSecretKey> {
  return createSecretKey(Buffer.from(secret, 'utf8'))
}

function refuse(
  code: CallbackFailure['code'],
  hint: string,
): { readonly ok: false; readonly failure: CallbackFailure } {
  return fail({ code, hint })
}
