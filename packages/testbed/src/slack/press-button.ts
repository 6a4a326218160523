import { sleep } from 'ticket-adapters/clock'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import type { Edge } from '../simulators/create-edge.ts'
import { labelOf } from '../simulators/find-ticket-id.ts'
import { createCallbackSender, type CallbackOutcome, type CallbackSender } from '../simulators/send-callback.ts'
import { pathOfResponseUrl, RESPONSE_URL_MS } from './answer-response-url.ts'
import { buttonsOf, toBlockActions, toFormBody } from './block-actions.ts'
import type { MessageStore } from './message-store.ts'
import { signRequest } from './sign-request.ts'
import type { Press, SlackMessage } from './slack-state.ts'

export interface PressDependencies {
  readonly store: MessageStore
  readonly edge: Edge
  readonly clock: Clock
  readonly fetch: typeof globalThis.fetch
  readonly journal?: JournalWriter | undefined
  readonly signingSecret: string
  readonly changed: () => void
  /** Where the app's Interactivity sends presses; absent while it is off. */
  readonly requestUrl: () => string | undefined
  /** Where an address for answers begins, without a trailing slash. */
  readonly base: () => string
}

export interface PressOptions {
  /** The handle of the person. @default ada.example */
  readonly by?: string
  /** Whether the person says yes when the button asks. @default true */
  readonly confirm?: boolean
}

export interface Presses {
  /** Throws for a message or button that does not exist. */
  press(
    message: SlackMessage | string | undefined,
    actionId: string,
    options?: PressOptions,
  ): Promise<Press | undefined>
  readonly sender: CallbackSender
}

/** https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response */
const TIME_LIMIT_MS = 3_000
const DUPLICATE_AFTER_MS = 1_000

/** What people do with buttons, and how Slack notifies our app. */
export function createPresses(dependencies: PressDependencies): Presses {
  const { store, edge, clock, journal, signingSecret, changed, requestUrl, base } = dependencies
  const sender = createCallbackSender(dependencies)

  const send = (url: string, body: string, more: Sending): Promise<CallbackOutcome> =>
    sender.send({
      at: 'callback.slack',
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        ...signRequest({ secret: signingSecret, body, now: clock.now() }),
        ...more.headers,
      },
      body,
      about: more.about,
      limitMs: TIME_LIMIT_MS,
    })

  const deliver = async (body: string, about: string): Promise<CallbackOutcome | 'not-sent' | 'off'> => {
    const url = requestUrl()
    if (url === undefined) return 'off'
    const fault = edge.dispatch({ at: 'callback.slack', url, body: about })
    if (fault?.kind === 'lost') {
      journal?.note({
        source: 'slack',
        kind: 'callback-lost',
        at: 'callback.slack',
        outcome: 'not-sent',
        ...labelOf(about),
      })
      await sleep(clock, TIME_LIMIT_MS)
      return 'not-sent'
    }
    if (fault?.kind === 'delayed') await sleep(clock, fault.ms)
    const outcome = await send(url, body, { about })
    if (fault?.kind !== 'duplicate') return outcome
    await sleep(clock, DUPLICATE_AFTER_MS)
    const headers = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' }
    await send(url, body, { about, headers })
    return outcome
  }

  return {
    sender,
    press: async (which, actionId, { by = 'ada.example', confirm = true } = {}) => {
      const message = findMessage(store, which)
      const button = buttonsOf(message).find((each) => each.action_id === actionId)
      if (!button)
        throw new Error(
          `No button "${actionId}" under this message. It has ${
            buttonsOf(message)
              .map((each) => `"${each.action_id}"`)
              .join(', ') || 'none'
          }.`,
        )
      if (button['confirm'] !== undefined && !confirm) return undefined
      const at = clock.now()
      const ts = store.nextTs(at)
      const { channel } = message
      const place = { message: message.ts, channel, user: by, expiresAt: at + RESPONSE_URL_MS }
      const responseUrl = `${base()}${pathOfResponseUrl(store.addResponseUrl(place).number)}`
      const press: Press = { at, ts, message: message.ts, channel, actionId, by, outcome: 'waiting' }
      store.keepPress(press)
      const about = `${message.shown}\n${message.text}\n${JSON.stringify(button)}`
      journal?.note({
        source: 'slack',
        kind: 'button-pressed',
        channel,
        text: `${actionId} by ${by}`,
        ...labelOf(about),
      })
      changed()
      const outcome = await deliver(toFormBody(toBlockActions({ message, button, by, ts, responseUrl })), about)
      const done: Press =
        outcome === 200 ? { ...press, outcome: 'answered' } : { ...press, outcome: 'failed', reason: reasonOf(outcome) }
      store.keepPress(done)
      changed()
      return done
    },
  }
}

interface Sending {
  readonly about: string
  readonly headers?: Readonly<Record<string, string>>
}

function findMessage({ state }: MessageStore, which: SlackMessage | string | undefined): SlackMessage {
  const ts = typeof which === 'object' ? which.ts : which
  const found = state.messages.find((message) => message.ts === ts)
  if (!found) throw new Error(`No message ${ts ?? 'given'}: it was never posted, or was deleted.`)
  return found
}

function reasonOf(outcome: CallbackOutcome | 'not-sent' | 'off'): string {
  switch (outcome) {
    case 'off':
      return 'the app has no Request URL'
    case 'no-answer':
    case 'not-sent':
      return 'no answer within 3 s'
    case 'reset':
      return 'the connection failed'
    default:
      return `the answer was ${outcome}`
  }
}
