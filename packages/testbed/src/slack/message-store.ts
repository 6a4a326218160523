import { readSlackState } from './read-slack-state.ts'
import {
  createTimeStamps,
  toMessage,
  type Press,
  type ResponseUrl,
  type SlackMessage,
  type SlackState,
} from './slack-state.ts'
import type { CheckedPayload } from './check-payload.ts'

type Place = Omit<Parameters<typeof toMessage>[1], 'ts'>

/** Messages, presses and addresses for answers, with no rules of HTTP. */
export interface MessageStore {
  readonly state: SlackState
  nextTs(now: number): string
  post(payload: CheckedPayload, place: Place): SlackMessage
  find(channel: string, ts: string): SlackMessage | undefined
  /** Replaces what a message shows. */
  replace(message: SlackMessage, payload: CheckedPayload, now: number): void
  remove(message: SlackMessage): void
  /** Adds a press, or replaces the one of that name. */
  keepPress(press: Press): void
  addResponseUrl(fields: Omit<ResponseUrl, 'number' | 'uses'>): ResponseUrl
  countUse(number: number): void
  save(): string
  restore(json: string): void
}

export function createMessageStore(): MessageStore {
  let messages: SlackMessage[] = []
  let presses: Press[] = []
  let responseUrls: ResponseUrl[] = []
  const stamps = createTimeStamps()
  const state = (): SlackState => ({ messages, presses, responseUrls })
  return {
    get state() {
      return state()
    },
    nextTs: (now) => stamps.next(now),
    post: (payload, place) => {
      const message = toMessage(payload, { ...place, ts: stamps.next(place.at) })
      messages.push(message)
      return message
    },
    find: (channel, ts) => messages.find((message) => message.channel === channel && message.ts === ts),
    replace: (message, { threadTs: _threadTs, ...shown }, now) => {
      messages = messages.map((each) => (isSame(each, message) ? { ...each, ...shown, editedAt: now } : each))
    },
    remove: (message) => {
      messages = messages.filter((each) => !isSame(each, message))
    },
    keepPress: (press) => {
      const others = presses.filter(({ ts }) => ts !== press.ts)
      presses = [...others, press]
    },
    addResponseUrl: (fields) => {
      const added = { number: responseUrls.length + 1, uses: 0, ...fields }
      responseUrls.push(added)
      return added
    },
    countUse: (number) => {
      const counted = responseUrls.find((each) => each.number === number)
      if (counted) responseUrls[responseUrls.indexOf(counted)] = { ...counted, uses: counted.uses + 1 }
    },
    save: () => JSON.stringify({ v: 1, ...state() }),
    restore: (json) => {
      const saved = readSlackState(json)
      messages = [...saved.messages]
      presses = [...saved.presses]
      responseUrls = [...saved.responseUrls]
      for (const { ts } of [...messages, ...presses]) stamps.skip(ts)
    },
  }
}

function isSame(one: SlackMessage, other: SlackMessage): boolean {
  return one.ts === other.ts && one.channel === other.channel
}
