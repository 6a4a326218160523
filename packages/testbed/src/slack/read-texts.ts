import { asObject } from '../simulators/read-json.ts'

/** One text that a reader of the message sees, and whether Slack looks for `<…>` sequences in it. */
export interface ShownText {
  readonly text: string
  readonly isMarkup: boolean
}

// Texts sit under these keys at every depth of Block Kit.
const NESTED = ['text', 'fields', 'elements', 'accessory'] as const

/** All texts of blocks, in the order in which they are shown. */
export function readTexts(value: unknown): readonly ShownText[] {
  if (Array.isArray(value)) return value.flatMap((item) => readTexts(item))
  const node = asObject(value)
  if (!node) return []
  const { type, text } = node
  if (typeof text === 'string') return [{ text, isMarkup: type === 'mrkdwn' || type === 'markdown' }]
  return NESTED.flatMap((key) => readTexts(node[key]))
}

// https://docs.slack.dev/messaging/formatting-message-text: special mentions, users, user groups.
const PING = /<(?:!(?:channel|here|everyone|subteam\^[^>|]+)|@[UW][A-Z0-9]+)(?:\|[^>]*)?>/g

/** The sequences in a text of markup that would notify somebody. */
export function findPings(texts: readonly ShownText[]): readonly string[] {
  return texts.filter(({ isMarkup }) => isMarkup).flatMap(({ text }) => text.match(PING) ?? [])
}
