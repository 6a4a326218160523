import { createHmac } from 'node:crypto'

/**
 * The `Authorization` header of an outgoing webhook: HMAC-SHA256 over the exact bytes, the key being the base64-decoded
 * token. Written independently of the product's own, so that both cannot have the same bug.
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook
 */
export function signActivity(body: Uint8Array, token: string): string {
  return `HMAC ${createHmac('sha256', Buffer.from(token, 'base64')).update(body).digest('base64')}`
}

/** Changes by an attacker or a broken proxy. Each breaks exactly one thing of a signed request. */
export const TAMPERS = [
  'body-after-signing',
  'wrong-key',
  'no-header',
  'other-scheme',
  'not-base64',
  'truncated-signature',
] as const

export type Tamper = (typeof TAMPERS)[number]

/** Body and header as they go out. */
export interface SignedRequest {
  readonly body: Uint8Array<ArrayBuffer>
  readonly authorization?: string
}

/** Signs, then applies `tamper` if there is one. */
export function signRequest(body: Uint8Array<ArrayBuffer>, token: string, tamper?: Tamper): SignedRequest {
  const authorization = signActivity(body, token)
  switch (tamper) {
    case undefined:
      return { body, authorization }
    case 'body-after-signing':
      return { body: changeOneByte(body), authorization }
    case 'wrong-key':
      return { body, authorization: signActivity(body, Buffer.from(`not ${token}`).toString('base64')) }
    case 'no-header':
      return { body }
    case 'other-scheme':
      return { body, authorization: authorization.replace('HMAC', 'Bearer') }
    case 'not-base64':
      return { body, authorization: 'HMAC this-is-not-base64-§' }
    case 'truncated-signature':
      return { body, authorization: authorization.slice(0, -8) }
  }
}

/** Changes the letter after the first `Title`, or the last letter: the body stays JSON, and says something else. */
function changeOneByte(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(body)
  const text = new TextDecoder('latin1').decode(body)
  const at = Math.max(text.indexOf('"text":"') + '"text":"'.length, 0)
  changed[at] = text.charCodeAt(at) === 0x58 ? 0x59 : 0x58
  return changed
}
