import { quoteLines, spellOut, formatTime } from '../simulators/plain-text.ts'
import type { CheckedPayload } from './check-payload.ts'
import { asObject, isItems, isNumber, isString, parseObject, readField } from '../simulators/read-json.ts'

/** A message that a channel shows. */
export interface SlackMessage {
  /** Milliseconds since the epoch. */
  readonly at: number
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
  place: Pick<SlackMessage, 'at' | 'channel' | 'ticket' | 'delayedMs'>,
): SlackMessage {
  return { ...payload, ...place }
}

/** The channels' messages as a person reads them. */
export function showMessages(messages: readonly SlackMessage[]): string {
  return [
    'Slack simulator: newest message last',
    ...messages.map(({ at, channel, shown, truncated, pings }) => {
      const notes = [truncated ? 'cut by Slack' : '', pings.length > 0 ? `notifies ${spellOut(pings.join(' '))}` : '']
      const noted = notes.filter((note) => note !== '').join(', ')
      return [
        `#${spellOut(channel)}  ${formatTime(at)}${noted === '' ? '' : `  [${noted}]`}`,
        ...quoteLines(shown),
      ].join('\n')
    }),
    '',
  ].join('\n\n')
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
  return {
    at: readField(saved, 'at', isNumber),
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
