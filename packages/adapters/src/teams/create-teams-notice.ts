import { type AppSecret, type Clock, type NoticeWords, type SecretSource, noticeCard } from 'ticket-core'
import { type Fetch, callVendor } from '../http/call-vendor.ts'
import { classify, WRONG_WEBHOOK, secretFailure } from '../http/classify.ts'
import { failed, type NotificationChannel } from '../notice/notification-channel.ts'

export interface TeamsNoticeOptions {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly secrets: SecretSource<Pick<AppSecret, 'teamsNotifyUrl'>>
}

/**
 * Tells the admin in Teams by a Workflows webhook (`TEAMS_NOTIFY_URL`), when one is configured. Its 202 says that the
 * flow was started, not that the card was posted: more is not to be had. The URL is a credential and is never shown.
 */
export function createTeamsNotice({ secrets, ...edge }: TeamsNoticeOptions): NotificationChannel {
  return {
    name: 'teams',
    async send(words, deadline) {
      const secret = await secrets.current()
      if (!secret.ok) return failed(secretFailure(secret.failure))
      const url = secret.value.teamsNotifyUrl
      if (url === undefined) return { kind: 'not-configured' }
      const answer = await callVendor(edge, {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(buildMessage(words)),
        deadline,
      })
      const result = classify(answer, {
        vendor: 'teams',
        now: edge.clock.now(),
        keysOf: (status) => (WRONG_WEBHOOK.has(status) ? 'TEAMS_NOTIFY_URL' : undefined),
      })
      return result.kind === 'ok' ? { kind: 'sent' } : failed(result)
    },
  }
}

/** A body of the Workflows trigger "When a Teams webhook request is received". It wants `contentUrl`, and wants it null. */
function buildMessage(words: NoticeWords): unknown {
  const {
    type,
    attachments: [card],
  } = noticeCard(words)
  return { type, attachments: [{ ...card, contentUrl: null }] }
}
