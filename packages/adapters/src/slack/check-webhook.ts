import { type HttpEdge, callVendor } from '../http/call-vendor.ts'

/** What Slack says of a webhook's URL. No reason holds the URL. */
export type WebhookFinding =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong' | 'no-answer'; readonly reason: string }

/** Milliseconds. */
const TIMEOUT = 8000

/** Slack's words for a message without anything in it: it has found the webhook and its channel. */
const EMPTY = new Set(['no_text', 'invalid_payload', 'missing_text_or_fallback_or_attachments'])

/**
 * Asks Slack about an incoming webhook with an empty message, which Slack refuses: nothing is posted.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export async function checkSlackWebhook(edge: HttpEdge, url: string): Promise<WebhookFinding> {
  const answer = await callVendor(edge, {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: '{}',
    deadline: edge.clock.monotonic() + TIMEOUT,
    maxBodyBytes: 65_536,
  })
  if (answer.kind !== 'answered') return { kind: 'no-answer', reason: `Slack did not answer (${answer.code}).` }
  const { status } = answer
  const word = answer.body.trim()
  if (status === 400 && EMPTY.has(word)) return { kind: 'right' }
  // Only Slack's own codes are repeated: a page of a proxy could hold the URL, which is the credential.
  const said = /^[a-z][a-z_]{1,60}$/.test(word) ? ` ${word}` : ''
  if (status === 429 || status >= 500) return { kind: 'no-answer', reason: `Slack answered ${status}${said}.` }
  const why = REASONS[word] ?? 'no webhook of Slack is there'
  return { kind: 'wrong', reason: `Slack answered ${status}${said}: ${why}.` }
}

/** https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks */
const REASONS: Readonly<Record<string, string>> = {
  no_service: 'this webhook was removed, or its address is not whole',
  no_service_id: 'this webhook was removed, or its address is not whole',
  no_active_hooks: 'this webhook is switched off',
  no_team: 'there is no such workspace',
  team_disabled: 'the workspace is disabled',
  invalid_token: 'the last part of the address is wrong',
  channel_not_found: 'its channel was deleted',
  channel_is_archived: 'its channel is archived',
  action_prohibited: 'an admin of the workspace does not allow it',
  posting_to_general_channel_denied: 'it may not post to this channel',
}
