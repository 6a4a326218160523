import type { AppSecret, Clock, NoticeWords, SecretSource } from 'ticket-core'
import type { Fetch } from '../http/call-vendor.ts'
import { secretFailure } from '../http/classify.ts'
import { failed, type NotificationChannel } from '../notice/notification-channel.ts'
import { type SlackMessage, buildHeader, buildSections, escapeFallback } from './blocks.ts'
import { postMessage } from './post-message.ts'

/** Sections: ten letters, each with a cause of its own, need three. */
const MOST_FACTS = 4

export interface SlackNoticeOptions {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly secrets: SecretSource<Pick<AppSecret, 'slackUrl' | 'adminSlackUrl'>>
}

/** Tells the admin in Slack: by `ADMIN_SLACK_URL`, else by `SLACK_URL`. */
export function createSlackNotice({ secrets, ...edge }: SlackNoticeOptions): NotificationChannel {
  return {
    name: 'slack',
    async send(words, deadline) {
      const secret = await secrets.current()
      if (!secret.ok) return failed(secretFailure(secret.failure))
      const { adminSlackUrl, slackUrl } = secret.value
      const url = adminSlackUrl ?? slackUrl
      const key = adminSlackUrl === undefined ? 'SLACK_URL' : 'ADMIN_SLACK_URL'
      const result = await postMessage(edge, { url, key, message: buildNotice(words), deadline })
      return result.kind === 'ok' ? { kind: 'sent' } : failed(result)
    },
  }
}

function buildNotice({ headline, facts, warning, commands }: NoticeWords): SlackMessage {
  const lines = facts.map(([name, text]) => `${name}: ${text}`).join('\n')
  return {
    text: escapeFallback(headline),
    blocks: [
      buildHeader(headline),
      ...buildSections(lines, MOST_FACTS).blocks,
      ...(warning === undefined ? [] : buildSections(warning, 1).blocks),
      ...commands.flatMap((command) => buildSections(command, 1).blocks),
    ],
  }
}
