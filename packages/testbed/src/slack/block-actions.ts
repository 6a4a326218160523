import { createHash } from 'node:crypto'
import { asItems, asObject } from '../simulators/read-json.ts'
import type { SlackMessage } from './slack-state.ts'

type Json = Readonly<Record<string, unknown>>

export const TEAM = 'T00000000'
const APP = 'A00000000'
const DOMAIN = 'example'

/** A button of a message, as Slack keeps it. */
export interface Button extends Json {
  readonly action_id: string
  readonly block_id: string
}

/** A press of a button. */
export interface Pressed {
  readonly message: SlackMessage
  readonly button: Button
  /** A person's handle. */
  readonly by: string
  /** The name of the press, as of a message: `1795442602.000100`. */
  readonly ts: string
  readonly responseUrl: string
}

/** The JSON of a `block_actions` request: member for member `fixtures/slack/block-actions-incoming-webhook-2019.json`. */
export function toBlockActions({ message, button, by, ts, responseUrl }: Pressed): Json {
  const channel = channelIdOf(message.channel)
  const isThreaded = message.threadTs !== undefined
  const { block_id: blockId, ...element } = button
  return {
    type: 'block_actions',
    team: { id: TEAM, domain: DOMAIN },
    user: { id: userIdOf(by), username: by, name: by, team_id: TEAM },
    api_app_id: APP,
    token: 'legacy-fixed-value',
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel,
      is_ephemeral: message.onlyFor !== undefined,
      ...(isThreaded && { thread_ts: message.threadTs }),
    },
    trigger_id: `${ts.replace('.', '')}.${digits(TEAM)}.${hash(`trigger ${ts} ${by}`).slice(0, 32)}`,
    channel: { id: channel, name: message.channel },
    ...(message.onlyFor === undefined && { message: toMessageJson(message) }),
    response_url: responseUrl,
    actions: [{ ...element, block_id: blockId, type: 'button', action_ts: ts }],
  }
}

/** The request's body: one field of a form. Slashes are escaped in its JSON: `fixtures/slack/form-body-ephemeral-2019.json`. */
export function toFormBody(payload: Json): string {
  return new URLSearchParams({ payload: JSON.stringify(payload).replaceAll('/', '\\/') }).toString()
}

/** The buttons of a message. */
export function buttonsOf({ blocks, ts }: Pick<SlackMessage, 'blocks' | 'ts'>): readonly Button[] {
  return withIds(blocks, ts)
    .filter(({ type }) => type === 'actions')
    .flatMap(({ elements, block_id: blockId }) =>
      asItems(elements).flatMap((item) => {
        const element = asObject(item) ?? {}
        const { action_id: id, type } = element
        return type === 'button' && typeof id === 'string'
          ? [{ ...element, action_id: id, block_id: String(blockId) }]
          : []
      }),
    )
}

function toMessageJson({ text, ts, threadTs, bot, blocks }: SlackMessage): Json {
  return {
    type: 'message',
    subtype: 'bot_message',
    text: text === '' ? "This content can't be displayed." : text,
    ts,
    bot_id: bot,
    ...(threadTs !== undefined && { thread_ts: threadTs }),
    blocks: withIds(blocks, ts),
  }
}

/** Slack gives ids to blocks and buttons that have none. */
function withIds(blocks: readonly Json[], ts: string): readonly Json[] {
  return blocks.map((block, n) => {
    const { type, block_id: blockId = hash(`block ${ts} ${n}`).slice(0, 5), elements, ...rest } = block
    if (type !== 'actions') return { type, block_id: blockId, ...block }
    const named = asItems(elements).map((element, m) =>
      Object.assign({ action_id: hash(`action ${ts} ${n} ${m}`).slice(0, 5) }, element),
    )
    return { type, block_id: blockId, ...rest, elements: named }
  })
}

/** `C` and ten letters and digits, always the same for one channel. */
function channelIdOf(channel: string): string {
  return `C${hash(`channel ${channel}`).slice(0, 10).toUpperCase()}`
}

export function userIdOf(by: string): string {
  return `U${hash(`user ${by}`).slice(0, 10).toUpperCase()}`
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function digits(text: string): string {
  return String(Number.parseInt(hash(text).slice(0, 10), 16))
}
