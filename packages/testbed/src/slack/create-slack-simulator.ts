import { http } from 'msw'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { createEdge } from '../simulators/create-edge.ts'
import { createRequestCounts } from '../simulators/count-window.ts'
import { reachNothing } from '../simulators/send-callback.ts'
import { labelOf } from '../simulators/find-ticket-id.ts'
import { createChangeSignal } from '../simulators/signal-change.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { createResponseAnswers } from './answer-response-url.ts'
import { TEAM } from './block-actions.ts'
import { checkPayload } from './check-payload.ts'
import { createMessageStore } from './message-store.ts'
import { createPresses, type PressOptions } from './press-button.ts'
import { showMessages } from './show-messages.ts'
import { answerSlack } from './slack-answer.ts'
import type { ChannelState, Press, SlackMessage, Webhook } from './slack-state.ts'

export interface SlackSimulator extends Simulator {
  readonly name: 'slack'
  /** Messages of all channels, in the order in which they were posted, replies in threads too. */
  readonly messages: readonly SlackMessage[]
  /** Messages that only one person sees. */
  readonly ephemeralMessages: readonly SlackMessage[]
  /** Buttons that were pressed. */
  readonly presses: readonly Press[]
  /** Requests of the app's buttons are signed with it. */
  readonly signingSecret: string
  /** Where the app's Interactivity sends presses. Absent: it is off. */
  setRequestUrl(url: string | undefined): void
  /** From now on addresses for answers begin with this: the simulator's listener. @default Slack's own */
  answerPressesAt(url: string): void
  /**
   * A person presses a button of a message, or of the message with that `ts`. Resolves when Slack has our answer or gives up, with `undefined` if the person said no to
   * the button's question. Rejects for a message or button that does not exist.
   */
  press(
    message: SlackMessage | string | undefined,
    actionId: string,
    options?: PressOptions,
  ): Promise<Press | undefined>
  /** The first webhook, of the first channel. A credential: keep it out of logs. */
  readonly webhookUrl: string
  messagesIn(channel: string): readonly SlackMessage[]
  /** Makes a webhook for a channel and returns its URL, which begins with `origin`. */
  addWebhook(channel: string): string
  /** A webhook's URL at a listener's address. */
  at(url: string, webhookUrl?: string): string
  /** From now on its URL answers 404 `no_service`. */
  revokeWebhook(webhookUrl: string): void
  /** archived: 410; gone: 404 `channel_not_found`; restricted: 403 `action_prohibited`. */
  setChannel(channel: string, state: ChannelState): void
  /** The most requests, refused ones included, that reached one channel within any `windowMs`. @default 1000 */
  largestWindow(windowMs?: number): number
  /** Waits for no answers any more. */
  close(): void
}

export interface SlackOptions {
  readonly clock: Clock
  readonly journal?: JournalWriter | undefined
  /** @default `https://hooks.slack.com` */
  readonly origin?: string | undefined
  /** How callbacks reach us. @default the simulator cannot reach anything */
  readonly fetch?: typeof fetch | undefined
  /** Lets time pass until work is done: the virtual clock's. @default time passes by itself */
  readonly wait?: (<Value>(work: Promise<Value>) => Promise<Value>) | undefined
  /** Channel of the first webhook. @default `tickets` */
  readonly channel?: string | undefined
  /** Messages that a channel takes in one burst after a rest. @default 4 */
  readonly burst?: number | undefined
}

const SIGNING_SECRET = 'simulated-slack-signing-secret'

interface Post {
  /** Team, bot and secret of the webhook. */
  readonly path: readonly string[]
  readonly body: string
  /** So long a fault kept it back, in milliseconds. */
  readonly delayedMs: number | undefined
}

/** Slack's incoming webhooks with Slack's own rules. Deterministic: time comes from the clock. */
export function createSlackSimulator({
  clock,
  journal,
  origin = 'https://hooks.slack.com',
  fetch = reachNothing,
  wait = (work) => work,
  channel = 'tickets',
  burst = 4,
}: SlackOptions): SlackSimulator {
  const edge = createEdge({ vendor: 'slack', clock, journal })
  const changes = createChangeSignal()
  const admits = createRateLimit(burst)
  const webhooks: Webhook[] = []
  const channels = new Map<string, ChannelState>()
  const requests = createRequestCounts()
  const store = createMessageStore()
  let requestUrl: string | undefined
  let base = origin
  const changed = (): void => changes.emit()
  const about = { store, edge, clock, journal, changed }
  const where = { fetch, requestUrl: () => requestUrl, base: () => base }
  const presses = createPresses({ ...about, ...where, signingSecret: SIGNING_SECRET })
  const respond = createResponseAnswers({ ...about, now: () => clock.now() })
  const visible = (): readonly SlackMessage[] => store.state.messages.filter(({ onlyFor }) => onlyFor === undefined)

  const addWebhook = (target: string): string => {
    const number = String(webhooks.length + 1)
    const webhook = { team: TEAM, bot: `B${number.padStart(8, '0')}`, secret: `simulated${number.padStart(15, '0')}` }
    webhooks.push({ ...webhook, channel: target, revoked: false })
    return `${origin}/services/${webhook.team}/${webhook.bot}/${webhook.secret}`
  }

  const post = (request: Request, { path, body, delayedMs }: Post): Response => {
    const [team, bot, secret] = path
    if (request.method !== 'POST') return answerSlack(405, 'method_not_allowed', { allow: 'POST' })
    if (team !== TEAM) return answerSlack(404, 'no_team')
    const webhook = webhooks.find((candidate) => candidate.bot === bot)
    if (!webhook || webhook.revoked) return answerSlack(404, 'no_service')
    if (webhook.secret !== secret) return answerSlack(403, 'invalid_token')
    requests.note(webhook.channel, clock.now())
    const refused = refuseChannel(channels.get(webhook.channel) ?? 'open')
    if (refused) return refused
    const payload = checkPayload(body, request.headers.get('content-type'))
    if (typeof payload === 'string') return answerSlack(400, payload)
    const admitted = admits(webhook.channel, clock.now())
    if (!admitted.ok) return answerSlack(429, 'rate_limited', { 'retry-after': String(admitted.retryAfter) })
    const label = labelOf(`${payload.shown}\n${payload.text}`)
    const delay = delayedMs === undefined ? {} : { delayedMs }
    const { channel: target } = webhook
    store.post(payload, { at: clock.now(), channel: target, bot: webhook.bot, ...label, ...delay })
    const kind = payload.threadTs === undefined ? 'message-posted' : 'reply-posted'
    journal?.note({ source: 'slack', kind, channel: target, text: payload.shown, ...label, ...delay })
    changed()
    return answerSlack(200, 'ok')
  }

  const webhookUrl = addWebhook(channel)
  return {
    name: 'slack',
    origin,
    webhookUrl,
    handlers: [
      http.all(`${origin}/services/:team/:bot/:secret`, async ({ request, params }) => {
        const body = await request.text()
        const path = [params['team'], params['bot'], params['secret']].map(String)
        return edge.answer({ at: 'slack.postMessage', request, body }, (delayedMs) =>
          post(request, { path, body, delayedMs }),
        )
      }),
      http.all(`${origin}/actions/:team/:number/:secret`, async ({ request, params }) => {
        const body = await request.text()
        const path = [params['team'], params['number'], params['secret']].map(String)
        return edge.answer({ at: 'slack.respond', request, body }, () => respond(path, request.method, body))
      }),
      http.all(`${origin}/*`, () => answerSlack(404, 'no_service')),
    ],
    page: (path) => (path === '/' ? showMessages(store.state) : undefined),
    get messages() {
      return visible()
    },
    get ephemeralMessages() {
      return store.state.messages.filter(({ onlyFor }) => onlyFor !== undefined)
    },
    get presses() {
      return store.state.presses
    },
    signingSecret: SIGNING_SECRET,
    setRequestUrl: (url) => {
      requestUrl = url
    },
    answerPressesAt: (url) => {
      base = url
    },
    press: (...what) => wait(presses.press(...what)),
    messagesIn: (target) => visible().filter((message) => message.channel === target),
    addWebhook,
    at: (url, target = webhookUrl) => target.replace(origin, url),
    revokeWebhook: (url) => {
      const webhook = webhooks.find(({ bot, secret }) => url.endsWith(`/${bot}/${secret}`))
      if (!webhook) throw new Error('No such webhook: pass an URL that addWebhook gave.')
      webhook.revoked = true
    },
    setChannel: (target, state) => void channels.set(target, state),
    largestWindow: (windowMs = 1000) => requests.largestWindow(windowMs),
    intercept: (interceptor) => edge.intercept(interceptor),
    save: () => store.save(),
    restore: (json) => store.restore(json),
    close: () => presses.sender.close(),
    onChange: (listener) => changes.onChange(listener),
  }
}

function refuseChannel(state: ChannelState): Response | undefined {
  switch (state) {
    case 'open':
      return undefined
    case 'archived':
      return answerSlack(410, 'channel_is_archived')
    case 'gone':
      return answerSlack(404, 'channel_not_found')
    case 'restricted':
      return answerSlack(403, 'action_prohibited')
  }
}

/** Admits a message or says how many whole seconds to wait. */
type RateLimit = (
  channel: string,
  now: number,
) => { readonly ok: true } | { readonly ok: false; readonly retryAfter: number }

/**
 * One message a second for each channel. Slack tolerates "short bursts" without a figure
 * (https://docs.slack.dev/apis/web-api/rate-limits): here `burst` messages in one burst after a rest.
 */
function createRateLimit(burst: number): RateLimit {
  const channels = new Map<string, { allowance: number; at: number }>()
  return (channel, now) => {
    const known = channels.get(channel) ?? { allowance: burst, at: now }
    const allowance = Math.min(burst, known.allowance + (now - known.at) / 1000)
    const admitted = allowance >= 1
    channels.set(channel, { allowance: admitted ? allowance - 1 : allowance, at: now })
    return admitted ? { ok: true } : { ok: false, retryAfter: Math.max(1, Math.ceil(1 - allowance)) }
  }
}
