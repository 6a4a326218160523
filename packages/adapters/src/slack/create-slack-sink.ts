import type { AppSecret, Clock, DeliveryOutcome, Receipt, SecretSource, TicketSink } from 'ticket-core'
import type { Fetch } from '../http/call-vendor.ts'
import { WRONG_WEBHOOK, type Verdict } from '../http/classify.ts'
import type { Pace } from '../http/pace.ts'
import { createPace } from '../http/pace.ts'
import { secretSetback } from '../http/secret-setback.ts'
import { buildTicketMessage } from './build-ticket-message.ts'
import { postMessage } from './post-message.ts'

/** Slack takes one message a second from a webhook, and at least two executions send at once. Milliseconds. */
const SLACK_SPACING = 2000

export interface SlackSinkOptions {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly secrets: SecretSource<Pick<AppSecret, 'slackUrl'>>
  /** @default one call every two seconds */
  readonly pace?: Pace
}

const STALE_CREDENTIAL = new Set([...WRONG_WEBHOOK].map((status) => `slack-${status}`))

/**
 * High priority: a message by an incoming webhook. A suspect is sent again, marked as a possible repeat, since a
 * webhook lets nobody look. When the webhook is refused, the secret is read again once.
 */
export function createSlackSink({ secrets, pace, ...edge }: SlackSinkOptions): TicketSink {
  const turns = pace ?? createPace(edge.clock, SLACK_SPACING)
  return {
    async deliver({ ticket, suspect, deadline, keptAt }) {
      const { message, isCut } = buildTicketMessage(ticket, { possibleRepeat: suspect, keptAt })
      const shown = { ...(isCut && { cut: true as const }), ...(suspect && { possibleRepeat: true as const }) }
      const secret = await secrets.current()
      if (!secret.ok) return secretSetback(secret.failure)
      const post = async (url: string): Promise<Verdict> => {
        if (!(await turns.turn(deadline))) return noTime
        return postMessage(edge, { url, key: 'SLACK_URL', message, deadline })
      }
      const first = await post(secret.value.slackUrl)
      if (first.kind !== 'rejected' || !STALE_CREDENTIAL.has(first.code)) return conclude(first, shown)
      const fresh = await secrets.refresh()
      if (!fresh.ok || fresh.value.slackUrl === secret.value.slackUrl) return first
      return conclude(await post(fresh.value.slackUrl), shown)
    },
  }
}

const noTime: Verdict = { kind: 'retry', code: 'slack-no-time', reason: 'No time was left for a call of Slack.' }

function conclude(verdict: Verdict, shown: Pick<Receipt, 'cut' | 'possibleRepeat'>): DeliveryOutcome {
  if (verdict.kind !== 'ok') return verdict
  return {
    kind: 'delivered',
    receipt: {
      destination: 'alert',
      where: 'the Slack channel of the webhook',
      ...shown,
    },
  }
}
