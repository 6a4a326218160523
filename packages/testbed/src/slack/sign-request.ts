import { createHmac } from 'node:crypto'

/** The headers by which Slack signs a request: HMAC-SHA256 over `v0`, the second of sending, and the body. */
export function signRequest({
  secret,
  body,
  now,
}: {
  readonly secret: string
  readonly body: string
  /** Milliseconds since the epoch. */
  readonly now: number
}): { readonly 'x-slack-signature': string; readonly 'x-slack-request-timestamp': string } {
  const seconds = String(Math.floor(now / 1000))
  const digest = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')
  return { 'x-slack-signature': `v0=${digest}`, 'x-slack-request-timestamp': seconds }
}
