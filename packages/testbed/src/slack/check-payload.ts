import { asObject, parseObject } from '../simulators/read-json.ts'
import { checkBlocks } from './check-blocks.ts'

/** What Slack shows of an accepted payload. */
export interface CheckedPayload {
  readonly text: string
  readonly truncated: boolean
  readonly blocks: readonly Readonly<Record<string, unknown>>[]
  readonly attachments: readonly unknown[]
  readonly shown: string
  readonly pings: readonly string[]
  /** The message to answer. */
  readonly threadTs?: string
}

/** Slack's own words, the bodies of its 400 answers. */
export type PayloadError =
  | 'invalid_payload'
  | 'no_text'
  | 'invalid_blocks'
  | 'invalid_blocks_format'
  | 'too_many_attachments'
  | 'invalid_thread_ts'

const MAX_TEXT = 40_000
const MAX_ATTACHMENTS = 100

/** Reads a webhook's body as Slack does. The content type decides how: JSON, or a form with the JSON in `payload`. */
export function checkPayload(body: string, contentType: string | null): CheckedPayload | PayloadError {
  const json = jsonOf(body, contentType)
  const payload = json === undefined ? undefined : parseObject(json)
  if (!payload) return 'invalid_payload'
  const { text = '', blocks = [], attachments = [], mrkdwn, thread_ts: threadTs } = payload
  if (typeof text !== 'string') return 'invalid_payload'
  if (!Array.isArray(blocks)) return 'invalid_blocks_format'
  if (!Array.isArray(attachments)) return 'invalid_payload'
  if (attachments.length > MAX_ATTACHMENTS) return 'too_many_attachments'
  if (threadTs !== undefined && !isTimeStamp(threadTs)) return 'invalid_thread_ts'
  if (text === '' && blocks.length === 0 && !attachments.some((item) => asObject(item))) return 'no_text'
  const checked = checkBlocks(blocks)
  if (!checked) return 'invalid_blocks'
  const fallback = { text: text.slice(0, MAX_TEXT), isMarkup: mrkdwn !== false }
  const texts = readTexts(checked)
  return {
    text: fallback.text,
    truncated: text.length > MAX_TEXT,
    blocks: checked,
    attachments,
    shown: (texts.length > 0 ? texts : [fallback]).map((item) => item.text).join('\n'),
    pings: findPings([fallback, ...texts]),
    ...(threadTs !== undefined && { threadTs }),
  }
}

/** `1795442602.000000`. Whether a message has that name is not checked: Slack's words for it are not known. */
function isTimeStamp(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,11}\.\d{6}$/.test(value)
}

function jsonOf(body: string, contentType: string | null): string | undefined {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') return body
  if (type === 'application/x-www-form-urlencoded') return new URLSearchParams(body).get('payload') ?? undefined
  return undefined
}

/** One text that a reader of the message sees, and whether Slack looks for `<…>` sequences in it. */
interface ShownText {
  readonly text: string
  readonly isMarkup: boolean
}

// Texts sit under these keys at every depth of Block Kit.
const NESTED = ['text', 'fields', 'elements', 'accessory'] as const

/** All texts of blocks, in the order in which they are shown. */
function readTexts(value: unknown): readonly ShownText[] {
  if (Array.isArray(value)) return value.flatMap((item) => readTexts(item))
  const node = asObject(value)
  if (!node) return []
  const { type, text } = node
  if (typeof text === 'string') return [{ text, isMarkup: type === 'mrkdwn' || type === 'markdown' }]
  return NESTED.flatMap((key) => readTexts(node[key]))
}

// https://docs.slack.dev/messaging/formatting-message-text: special mentions, users, user groups.
const PING = /<(?:!(?:channel|here|everyone|subteam\^[^>|]+)|@[UW][A-Z0-9]+)(?:\|[^>]*)?>/g

/** The sequences of markup that would notify people. */
function findPings(texts: readonly ShownText[]): readonly string[] {
  return texts.filter(({ isMarkup }) => isMarkup).flatMap(({ text }) => text.match(PING) ?? [])
}
