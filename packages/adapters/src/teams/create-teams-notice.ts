import type { AppSecret, Clock, DeadLetter, SecretSource } from 'ticket-core'
import { noticeCard } from 'ticket-core'
import type { Fetch } from '../http/call-vendor.ts'
import { callVendor } from '../http/call-vendor.ts'
import { classify } from '../http/classify.ts'
import { describeLetters } from '../notice/describe-letters.ts'
import type { NoticeWay } from '../notice/notice-way.ts'

export interface TeamsNoticeOptions {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly secrets: SecretSource<Pick<AppSecret, 'teamsNotifyUrl'>>
}

/**
 * Tells the admin in Teams by a Workflows webhook (`TEAMS_NOTIFY_URL`), when one is configured. Its 202 says that the
 * flow was started, not that the card was posted: more is not to be had. The URL is a credential and is never shown.
 */
export function createTeamsNotice({ secrets, ...edge }: TeamsNoticeOptions): NoticeWay {
  return {
    name: 'teams',
    async send(letters, deadline) {
      const secret = await secrets.current()
      if (!secret.ok) return { kind: 'failed', code: secret.failure.code }
      const url = secret.value.teamsNotifyUrl
      if (url === undefined) return { kind: 'not-configured' }
      const answer = await callVendor(edge, {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(buildMessage(letters)),
        deadline,
      })
      const verdict = classify(answer, { vendor: 'teams', now: edge.clock.now() })
      return verdict.kind === 'ok' ? { kind: 'sent' } : { kind: 'failed', code: verdict.code }
    },
  }
}

/** A body of the Workflows trigger "When a Teams webhook request is received". It wants `contentUrl`, and wants it null. */
function buildMessage(letters: readonly DeadLetter[]): unknown {
  const {
    type,
    attachments: [card],
  } = noticeCard(describeLetters(letters))
  return { type, attachments: [{ ...card, contentUrl: null }] }
}
