import type { CheckedPayload } from './check-payload.ts'
import { asObject, isItems, isNumber, isString, parseObject, readField } from '../simulators/read-json.ts'

/** A message that a channel shows. */
export interface SlackMessage {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Its name in its channel: `1795442602.000000`. The webhook does not say it. */
  readonly ts: string
  /** The message that it answers; absent for one that stands in the channel itself. */
  readonly threadTs?: string
  readonly channel: string
  /** The top-level text; cut at 40,000 characters as Slack does. */
  readonly text: string
  readonly truncated: boolean
  readonly blocks: readonly Readonly<Record<string, unknown>>[]
  readonly attachments: readonly unknown[]
  /** All texts that a reader sees, one a line: the blocks' if there are any, else `text`. */
  readonly shown: string
  /** Control sequences that would notify people: `<!channel>`, `<@U…>`, `<!subteam^…>`. */
  readonly pings: readonly string[]
  readonly ticket?: string
  /** Milliseconds between the request and the message, where a fault delayed it. */
  readonly delayedMs?: number
}

/** An incoming webhook: a path that posts to one channel. */
export interface Webhook {
  readonly team: string
  readonly bot: string
  readonly secret: string
  readonly channel: string
  revoked: boolean
}

/** Whether a channel takes posts. */
export type ChannelState = 'open' | 'archived' | 'gone' | 'restricted'

/** Makes the message that a checked payload becomes in a channel. */
export function toMessage(
  payload: CheckedPayload,
  place: Pick<SlackMessage, 'at' | 'ts' | 'channel' | 'ticket' | 'delayedMs'>,
): SlackMessage {
  const { threadTs, ...shown } = payload
  return { ...shown, ...place, ...(threadTs !== undefined && { threadTs }) }
}

/** Gives out time stamps that grow, as names of messages. */
export interface TimeStamps {
  /** `now` is milliseconds since the epoch. */
  next(now: number): string
  /** The next ones come after this. */
  skip(ts: string): void
}

/** Slack's time stamps are seconds with six digits, and differ by 100 at least. */
export function createTimeStamps(): TimeStamps {
  let last = 0
  return {
    next: (now) => {
      last = Math.max(now * 1000, last + 100)
      return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`
    },
    skip: (ts) => {
      last = Math.max(last, Number(ts.replace('.', '')))
    },
  }
}

/** The saved form of messages; webhooks are configuration and hold secrets, so they are not saved. */
export function saveMessages(messages: readonly SlackMessage[]): string {
  return JSON.stringify({ v: 1, messages })
}

/** Reads what {@link saveMessages} wrote. */
export function readMessages(json: string): SlackMessage[] {
  const state = parseObject(json) ?? {}
  return readField(state, 'messages', isItems).map(readMessage)
}

function readMessage(item: unknown): SlackMessage {
  const saved = asObject(item) ?? {}
  const ticket = saved['ticket']
  const delayedMs = saved['delayedMs']
  const threadTs = saved['threadTs']
  return {
    at: readField(saved, 'at', isNumber),
    ts: readField(saved, 'ts', isString),
    ...(isString(threadTs) && { threadTs }),
    channel: readField(saved, 'channel', isString),
    text: readField(saved, 'text', isString),
    truncated: saved['truncated'] === true,
    blocks: readField(saved, 'blocks', isItems).map((block) => asObject(block) ?? {}),
    attachments: readField(saved, 'attachments', isItems),
    shown: readField(saved, 'shown', isString),
    pings: readField(saved, 'pings', isItems).filter(isString),
    ...(isString(ticket) && { ticket }),
    ...(isNumber(delayedMs) && { delayedMs }),
  }
}
