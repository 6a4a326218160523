import { createHmac } from 'node:crypto'

/** The header `x-trello-webhook`: HMAC-SHA1 over the body and the address exactly as it was registered, in base64. */
export function signCallback({
  secret,
  body,
  callbackUrl,
}: {
  readonly secret: string
  readonly body: string
  readonly callbackUrl: string
}): string {
  return createHmac('sha1', secret)
    .update(body + callbackUrl)
    .digest('base64')
}
