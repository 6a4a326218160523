import type { Clock, SecretSource } from 'ticket-core'
import type { Fetch } from '../http/call-vendor.ts'
import type { Pace } from '../http/pace.ts'
import { createPace } from '../http/pace.ts'
import { describeLetter } from '../notice/describe-letter.ts'
import type { NoticeWay } from '../notice/notice-way.ts'
import type { SlackMessage } from './blocks.ts'
import { buildHeader, buildSections, escapeFallback } from './blocks.ts'
import { SLACK_SPACING } from './create-slack-sink.ts'
import { postMessage } from './post-message.ts'

export interface SlackNoticeOptions {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly secrets: SecretSource
  /** @default one call every two seconds */
  readonly pace?: Pace
}

/** Tells the admin in Slack: by `ADMIN_SLACK_URL`, else by `SLACK_URL`. */
export function createSlackNotice({ secrets, pace, ...edge }: SlackNoticeOptions): NoticeWay {
  const turns = pace ?? createPace(edge.clock, SLACK_SPACING)
  return {
    name: 'slack',
    async send(letter, deadline) {
      const secret = await secrets.current()
      if (!secret.ok) return { kind: 'failed', code: secret.failure.code }
      if (!(await turns.turn(deadline))) return { kind: 'failed', code: 'slack-no-time' }
      const url = secret.value.adminSlackUrl ?? secret.value.slackUrl
      const verdict = await postMessage(edge, { url, message: buildNotice(describeLetter(letter)), deadline })
      return verdict.kind === 'ok' ? { kind: 'sent' } : { kind: 'failed', code: verdict.code }
    },
  }
}

function buildNotice({ headline, facts, warning, command }: ReturnType<typeof describeLetter>): SlackMessage {
  const lines = facts.map(([name, text]) => `${name}: ${text}`).join('\n')
  return {
    text: escapeFallback(headline),
    blocks: [
      buildHeader(headline),
      ...buildSections(lines, 2),
      ...(warning === undefined ? [] : buildSections(warning, 1)),
      ...buildSections(command, 1),
    ],
  }
}
