import { asItems, asObject, isString, parseObject } from '../simulators/read-json.ts'
import { findTicketId } from '../simulators/find-ticket-id.ts'

/** What a person sees in the thread after a post. */
export type TeamsReply =
  | {
      readonly kind: 'replied'
      readonly activityId: string
      /** HTTP status. Teams shows only 200's. */
      readonly status: number
      /** The reply's body as it came. */
      readonly body: string
      /** From post to reply, on the simulator's clock. */
      readonly ms: number
    }
  /** Teams shows its sentence "Sorry, there was a problem …". `refused` has the status when there was one. */
  | {
      readonly kind: 'failed'
      readonly activityId: string
      readonly reason: 'timeout' | 'no-connection' | 'status' | 'not-an-activity'
      readonly status?: number
      readonly body?: string
      readonly ms: number
    }

/** What Teams shows for every failure, whatever its cause. https://github.com/MicrosoftDocs/msteams-docs/issues/693 */
export const TEAMS_SORRY = 'Sorry, there was a problem encountered with your request'

/** All texts of a reply as a person reads them, a line each. */
export function replyText(reply: TeamsReply): string {
  if (reply.kind === 'failed') return TEAMS_SORRY
  const activity = parseObject(reply.body) ?? {}
  const cards = asItems(activity['attachments']).map((item) => asObject(item)?.['content'])
  const own = typeof activity['text'] === 'string' ? [activity['text']] : []
  return [...own, ...cards.flatMap(readCardTexts)].map(renderMarkdown).join('\n')
}

/** The ticket id that a reply names. Throws an Error with the reply's text when there is none. */
export function ticketIdOf(reply: TeamsReply): string {
  const text = replyText(reply)
  const ticket = findTicketId(text)
  if (ticket === undefined) throw new Error(`The reply names no ticket id. It says:\n${text}`)
  return ticket
}

/** The form that a reply offers to paste back. Throws an Error with the reply's text when there is none. */
export function correctedFormOf(reply: TeamsReply): string {
  const text = replyText(reply)
  const lines = text.split('\n')
  const start = lines.findLastIndex((line) => /^title:/i.test(line))
  if (start === -1) throw new Error(`The reply offers no form to paste back. It says:\n${text}`)
  return lines.slice(start).join('\n').trim()
}

const NESTED = [
  'title',
  'value',
  'text',
  'facts',
  'inlines',
  'items',
  'columns',
  'body',
  'codeSnippet',
  'rows',
  'cells',
] as const

/** All texts of an Adaptive Card, in the order in which they are shown. */
export function readCardTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap((item) => readCardTexts(item))
  const node = asObject(value)
  if (!node) return []
  if (node['type'] === 'RichTextBlock') return [readInlines(node['inlines'])]
  return NESTED.flatMap((key) => readCardTexts(node[key]))
}

function readInlines(value: unknown): string {
  return asItems(value)
    .map((inline) => (typeof inline === 'string' ? inline : asObject(inline)?.['text']))
    .filter(isString)
    .join('')
}

/** As far as it matters to a reader: a backslash before punctuation is not shown, an empty line is one break. */
function renderMarkdown(text: string): string {
  return text.replaceAll(/\\([!-/:-@[-`{-~])/g, '$1').replaceAll(/\n{2,}/g, '\n')
}
