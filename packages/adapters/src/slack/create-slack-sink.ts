import type { AppSecret, Clock, DeliveryOutcome, EffectSink, Receipt, SecretSource, TicketSink } from 'ticket-core'
import type { Fetch } from '../http/call-vendor.ts'
import { secretFailure, WRONG_WEBHOOK, type VendorResult } from '../http/classify.ts'
import { createRateLimiter } from '../http/rate-limiter.ts'
import type { SlackMessage } from './blocks.ts'
import { buildNoteMessage } from './build-note-message.ts'
import { buildTicketMessage } from './build-ticket-message.ts'
import { postMessage } from './post-message.ts'

/** Slack takes one message a second from a webhook, and two executions or more send at the same time. Milliseconds. */
const SPACING = 2000

type SlackUrls = Pick<AppSecret, 'slackUrl' | 'adminSlackUrl'>

export interface SlackSinkOptions {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly secrets: SecretSource<SlackUrls>
  /** Whether buttons work: Slack posts what is pressed to an address of ours. @default false */
  readonly buttons?: boolean
}

const STALE_CREDENTIAL = new Set([...WRONG_WEBHOOK].map((status) => `slack-${status}`))

/**
 * High priority: a message by an incoming webhook, and its notes in the message's thread once a button was pressed there:
 * before that the webhook names no message. A suspect is sent again, marked as a possible repeat, because a webhook
 * cannot be read. When the webhook is refused, the secret is read again once.
 */
export function createSlackSink({ secrets, buttons = false, ...edge }: SlackSinkOptions): TicketSink & EffectSink {
  const rateLimiter = createRateLimiter(edge.clock, SPACING)

  async function send(
    message: SlackMessage,
    { deadline, to }: { readonly deadline: number; readonly to: 'channel' | 'admin' },
  ): Promise<VendorResult> {
    const secret = await secrets.current()
    if (!secret.ok) return secretFailure(secret.failure)
    const post = async (webhook: Webhook): Promise<VendorResult> => {
      if (!(await rateLimiter.acquire(deadline))) return noTime
      return postMessage(edge, { ...webhook, message, deadline })
    }
    const webhook = webhookOf(secret.value, to)
    const first = await post(webhook)
    if (first.kind !== 'rejected' || !STALE_CREDENTIAL.has(first.code)) return first
    const fresh = await secrets.refresh()
    const corrected = fresh.ok ? webhookOf(fresh.value, to) : webhook
    return corrected.url === webhook.url ? first : post(corrected)
  }

  return {
    async deliver({ ticket, suspect, deadline, keptAt, state }) {
      const { message, isCut } = buildTicketMessage(ticket, { possibleRepeat: suspect, keptAt, buttons, state })
      const shown = { ...(isCut && { cut: true as const }), ...(suspect && { possibleRepeat: true as const }) }
      return conclude(await send(message, { deadline, to: 'channel' }), shown)
    },
    async note({ suspect, deadline, ...delivery }) {
      const { event } = delivery
      const to = event.kind === 'escalated' && event.to === 'admin' ? 'admin' : 'channel'
      const message = buildNoteMessage(delivery, { possibleRepeat: suspect, to })
      return conclude(await send(message, { deadline, to }), suspect ? { possibleRepeat: true } : {})
    },
    // A message of a webhook cannot be changed: what happens to its ticket is added as notes.
    sync: async ({ receipt: { destination, where } }) => ({ kind: 'delivered', receipt: { destination, where } }),
  }
}

interface Webhook {
  readonly url: string
  readonly key: 'SLACK_URL' | 'ADMIN_SLACK_URL'
}

/** An admin without a webhook of their own is reached where alerts go. */
function webhookOf({ slackUrl, adminSlackUrl }: SlackUrls, to: 'channel' | 'admin'): Webhook {
  return to === 'admin' && adminSlackUrl !== undefined
    ? { url: adminSlackUrl, key: 'ADMIN_SLACK_URL' }
    : { url: slackUrl, key: 'SLACK_URL' }
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
