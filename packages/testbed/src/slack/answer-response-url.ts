import { createHash } from 'node:crypto'
import type { JournalWriter } from '../journal/create-journal.ts'
import { labelOf } from '../simulators/find-ticket-id.ts'
import { parseObject } from '../simulators/read-json.ts'
import { TEAM, userIdOf } from './block-actions.ts'
import { checkPayload, type CheckedPayload } from './check-payload.ts'
import type { MessageStore } from './message-store.ts'
import { answerSlack } from './slack-answer.ts'
import type { ResponseUrl, SlackMessage } from './slack-state.ts'

/** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const MOST_USES = 5
export const RESPONSE_URL_MS: number = 30 * 60_000

export interface ResponseDependencies {
  readonly store: MessageStore
  readonly now: () => number
  readonly journal?: JournalWriter | undefined
  readonly changed: () => void
}

/** `path` is team, number and secret. */
export type AnswerResponse = (path: readonly string[], method: string, body: string) => Response

/** The path of an address for answers. Its secret is a digest, so that no saved state holds it. */
export function pathOfResponseUrl(number: number): string {
  return `/actions/${TEAM}/${number}/${secretOf(number)}`
}

/** What a request to such an address does: replaces or deletes the message, or posts another one. */
export function createResponseAnswers({ store, now, journal, changed }: ResponseDependencies): AnswerResponse {
  const post = (payload: CheckedPayload, { channel, user, isPublic, bot }: Target): void => {
    const label = labelOf(`${payload.shown}\n${payload.text}`)
    store.post(payload, { at: now(), channel, bot, ...label, ...(!isPublic && { onlyFor: user }) })
    const kind = payload.threadTs === undefined ? 'message-posted' : 'reply-posted'
    if (isPublic) journal?.note({ source: 'slack', kind, channel, text: payload.shown, ...label })
  }
  const change = (kind: 'message-replaced' | 'message-deleted', message: SlackMessage, text: string): void => {
    journal?.note({ source: 'slack', kind, channel: message.channel, text, ...labelOf(`${text}\n${message.shown}`) })
  }
  const perform = (request: Record<string, unknown>, url: ResponseUrl, body: string): Response => {
    const message = store.find(url.channel, url.message)
    if (request['delete_original'] === true) {
      if (!message) return answerSlack(404, 'message_not_found')
      store.remove(message)
      change('message-deleted', message, '')
      return answerSlack(200, 'ok')
    }
    const payload = checkPayload(body, 'application/json')
    if (typeof payload === 'string') return answerSlack(400, payload)
    if (request['replace_original'] === true) {
      if (!message) return answerSlack(404, 'message_not_found')
      store.replace(message, payload, now())
      change('message-replaced', message, payload.shown)
      return answerSlack(200, 'ok')
    }
    const isPublic = request['response_type'] === 'in_channel'
    post(payload, { channel: url.channel, user: userIdOf(url.user), isPublic, bot: message?.bot ?? '' })
    return answerSlack(200, 'ok')
  }

  return (path, method, body) => {
    const [team, number, secret] = path
    if (method !== 'POST') return answerSlack(405, 'method_not_allowed', { allow: 'POST' })
    const url = store.state.responseUrls.find((each) => String(each.number) === number)
    if (!url || team !== TEAM || secret !== secretOf(url.number)) return answerSlack(404, 'invalid_url')
    if (now() > url.expiresAt) return answerSlack(404, 'expired_url')
    if (url.uses >= MOST_USES) return answerSlack(404, 'used_url')
    const request = parseObject(body)
    if (!request) return answerSlack(400, 'invalid_payload')
    store.countUse(url.number)
    const answer = perform({ ...request }, url, body)
    changed()
    return answer
  }
}

interface Target {
  readonly channel: string
  readonly user: string
  readonly isPublic: boolean
  readonly bot: string
}

function secretOf(number: number): string {
  return createHash('sha256').update(`response url ${number}`).digest('hex').slice(0, 24)
}
