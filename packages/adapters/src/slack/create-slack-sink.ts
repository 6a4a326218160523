import type { AppSecret, Clock, DeliveryOutcome, Receipt, SecretSource, TicketSink } from 'ticket-core'
import type { Fetch } from '../http/call-vendor.ts'
import { secretFailure, WRONG_WEBHOOK, type VendorResult } from '../http/classify.ts'
import { createRateLimiter } from '../http/rate-limiter.ts'
import { buildTicketMessage } from './build-ticket-message.ts'
import { postMessage } from './post-message.ts'

/** Slack takes one message a second from a webhook, and two executions or more send at the same time. Milliseconds. */
const SPACING = 2000

export interface SlackSinkOptions {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly secrets: SecretSource<Pick<AppSecret, 'slackUrl'>>
}

const STALE_CREDENTIAL = new Set([...WRONG_WEBHOOK].map((status) => `slack-${status}`))

/**
 * High priority: a message by an incoming webhook. A suspect is sent again, marked as a possible repeat, because a
 * webhook cannot be read. When the webhook is refused, the secret is read again once.
 */
export function createSlackSink({ secrets, ...edge }: SlackSinkOptions): TicketSink {
  const rateLimiter = createRateLimiter(edge.clock, SPACING)
  return {
    async deliver({ ticket, suspect, deadline, keptAt }) {
      const { message, isCut } = buildTicketMessage(ticket, { possibleRepeat: suspect, keptAt })
      const shown = { ...(isCut && { cut: true as const }), ...(suspect && { possibleRepeat: true as const }) }
      const secret = await secrets.current()
      if (!secret.ok) return secretFailure(secret.failure)
      const post = async (url: string): Promise<VendorResult> => {
        if (!(await rateLimiter.acquire(deadline))) return noTime
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

const noTime: VendorResult = { kind: 'retry', code: 'slack-no-time', reason: 'No time was left for a call of Slack.' }

function conclude(result: VendorResult, shown: Pick<Receipt, 'cut' | 'possibleRepeat'>): DeliveryOutcome {
  if (result.kind !== 'ok') return result
  return {
    kind: 'delivered',
    receipt: {
      destination: 'alert',
      where: 'the Slack channel of the webhook',
      ...shown,
    },
  }
}
