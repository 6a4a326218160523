import { type HttpEdge, callVendor } from '../http/call-vendor.ts'
import { type VendorResult, classify, WRONG_WEBHOOK } from '../http/classify.ts'
import type { SlackMessage } from './blocks.ts'

export interface SlackPost {
  /** A webhook's URL, or a `response_url`: a credential as a whole. */
  readonly url: string
  /** The key of the secret that holds it. */
  readonly key?: 'SLACK_URL' | 'ADMIN_SLACK_URL'
  readonly message: SlackMessage
  readonly deadline: number
}

/** Posts one message. `ok` only for Slack's own `ok`; another 2xx did not come from Slack and proves nothing. */
export async function postMessage(edge: HttpEdge, { url, key, message, deadline }: SlackPost): Promise<VendorResult> {
  const answer = await callVendor(edge, {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(message),
    deadline,
  })
  const result = classify(answer, {
    vendor: 'slack',
    now: edge.clock.now(),
    explain,
    keysOf: (status) => (WRONG_WEBHOOK.has(status) ? key : undefined),
  })
  if (result.kind !== 'ok' || result.body.trim() === 'ok') return result
  return {
    kind: 'unknown',
    code: 'slack-unreadable',
    reason: `Something answered ${result.status} in Slack's place, without Slack's "ok".`,
  }
}

/** Only Slack's own codes: a page of a proxy could repeat the URL, which is the credential. */
function explain(body: string): string {
  const code = body.trim()
  return /^[a-z][a-z_]{1,60}$/.test(code) ? code : ''
}
