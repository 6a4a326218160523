import {
  type AppSecret,
  type CardReply,
  type Clock,
  type DeathNewsDelivery,
  type DeliveryOutcome,
  type EffectDelivery,
  type EffectSink,
  type NewsTarget,
  type NewsTargets,
  type SecretSource,
  type Ticket,
  deathCard,
  newsCard,
  newsOf,
  newsTargetOf,
  threadOf,
} from 'ticket-core'
import { type Fetch, callVendor } from '../http/call-vendor.ts'
import { classify, secretFailure, type VendorResult, WRONG_WEBHOOK } from '../http/classify.ts'
import { createRateLimiter } from '../http/rate-limiter.ts'

/** Two executions at the same time stay below five calls a second. Milliseconds. */
const SPACING = 500

export interface NewsSinkOptions {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly secrets: SecretSource<Pick<AppSecret, 'teamsNews'>>
}

const RECEIPT = { destination: 'team', where: 'accepted by the team’s flow' } as const
const NOTHING = { kind: 'delivered', receipt: { destination: 'team', where: 'nothing to post' } } as const

/**
 * News for the reporter's team by a Workflows webhook: all changes since the last card, as one. Its 202 says that the flow
 * was started, not that the card was posted: more is not to be had. The body names channel and message, for flows that
 * answer in the thread. A suspect is sent again, marked as a possible repeat.
 */
export function createNewsSink({
  secrets,
  ...edge
}: NewsSinkOptions): Required<Pick<EffectSink, 'sync' | 'deathNews'>> {
  const rateLimiter = createRateLimiter(edge.clock, SPACING)

  async function post({ url }: NewsTarget, body: unknown, deadline: number): Promise<VendorResult> {
    if (!(await rateLimiter.acquire(deadline)))
      return { kind: 'retry', code: 'teams-no-time', reason: 'No time was left for a call of Teams.' }
    const answer = await callVendor(edge, {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      deadline,
    })
    return classify(answer, {
      vendor: 'teams',
      now: edge.clock.now(),
      keysOf: (status) => (WRONG_WEBHOOK.has(status) ? 'TEAMS_NOTIFY_URL' : undefined),
    })
  }

  /** Posts the card that a target is to have, if any. When it is refused, the secret is read again once. */
  async function postNews(
    { ticket, suspect, deadline }: Pick<DeathNewsDelivery, 'ticket' | 'suspect' | 'deadline'>,
    cardFor: (target: NewsTarget, targets: NewsTargets) => CardReply | undefined,
  ): Promise<DeliveryOutcome> {
    const secret = await secrets.current()
    if (!secret.ok) return secretFailure(secret.failure)
    const send = async (targets: NewsTargets): Promise<DeliveryOutcome> => {
      const target = newsTargetOf(ticket, targets)
      const card = target && cardFor(target, targets)
      if (!target || !card) return NOTHING
      const result = await post(target, buildBody(ticket, card), deadline)
      if (result.kind !== 'ok') return result
      return { kind: 'delivered', receipt: { ...RECEIPT, ...(suspect && { possibleRepeat: true }) } }
    }
    const { teamsNews = {} } = secret.value
    const first = await send(teamsNews)
    if (first.kind !== 'rejected') return first
    const fresh = await secrets.refresh()
    const corrected = fresh.ok ? (fresh.value.teamsNews ?? {}) : teamsNews
    return newsTargetOf(ticket, corrected)?.url === newsTargetOf(ticket, teamsNews)?.url ? first : send(corrected)
  }

  return {
    async sync({ known, since, suspect, deadline }: EffectDelivery): Promise<DeliveryOutcome> {
      return postNews({ ticket: known.ticket, suspect, deadline }, ({ level, groupId }) => {
        const events = newsOf(known, since, level)
        return events.length === 0 ? undefined : newsCard(known, events, { possibleRepeat: suspect, groupId })
      })
    },
    async deathNews({ ticket, letter, suspect, deadline }: DeathNewsDelivery): Promise<DeliveryOutcome> {
      // The channel of the default has the admin's notice already.
      return postNews({ ticket, suspect, deadline }, ({ url, level, groupId }, targets) =>
        level === 'none' || url === targets['default']?.url
          ? undefined
          : deathCard({ ticket, letter }, { possibleRepeat: suspect, groupId }),
      )
    },
  }
}

/** The trigger wants `contentUrl`, and wants it null; the ready-made template ignores what it does not know. */
function buildBody(ticket: Ticket, { type, attachments: [card] }: CardReply): unknown {
  return { type, attachments: [{ ...card, contentUrl: null }], ...describeThread(ticket) }
}

function describeThread({ channelId, messageId, conversationId }: Ticket): object {
  const root = threadOf(conversationId)?.root ?? messageId
  return channelId === undefined || root === undefined ? {} : { channelId, messageId: root }
}
