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

/** Teams shows this for every failure. https://github.com/MicrosoftDocs/msteams-docs/issues/693 */
export const TEAMS_SORRY = 'Sorry, there was a problem encountered with your request'

/** One line as a card shows it. Forms and commands stand in a fixed-width font. */
export interface ShownLine {
  readonly text: string
  readonly isFixedWidth: boolean
}

/** All texts of a reply as a person reads them, a line each. */
export function replyText(reply: TeamsReply): string {
  return reply.kind === 'failed' ? TEAMS_SORRY : textOf(readActivityLines(reply.body))
}

/** The ticket id that a reply names. Throws an Error with the reply's text when there is none. */
export function ticketIdOf(reply: TeamsReply): string {
  if (reply instanceof Promise)
    throw new TypeError('ticketIdOf takes a reply, and this is the promise of one: await it first.')
  const text = replyText(reply)
  const ticket = findTicketId(text)
  if (ticket === undefined) throw new Error(`The reply names no ticket id. It says:\n${text}`)
  return ticket
}

/**
 * The form that a reply offers to paste back: the fixed-width lines from `Title:` on. Throws an Error with the reply's
 * text when there is none.
 */
export function correctedFormOf(reply: TeamsReply): string {
  const lines = reply.kind === 'failed' ? [] : readActivityLines(reply.body)
  const start = lines.findIndex(({ text, isFixedWidth }) => isFixedWidth && /^title:/i.test(text))
  if (start === -1) throw new Error(`The reply offers no form to paste back. It says:\n${replyText(reply)}`)
  const rest = lines.slice(start)
  const end = rest.findIndex(({ isFixedWidth }) => !isFixedWidth)
  return textOf(end === -1 ? rest : rest.slice(0, end)).trim()
}

function readActivityLines(body: string): readonly ShownLine[] {
  const activity = parseObject(body) ?? {}
  const own = isString(activity['text']) ? renderMarkdown(activity['text'], false) : []
  return [...own, ...asItems(activity['attachments']).flatMap((item) => readCardLines(asObject(item)?.['content']))]
}

const NESTED = ['title', 'value', 'facts', 'items', 'columns', 'body', 'rows', 'cells'] as const

/** The lines of an Adaptive Card, in the order in which they are shown. */
export function readCardLines(value: unknown): readonly ShownLine[] {
  if (typeof value === 'string') return renderMarkdown(value, false)
  if (Array.isArray(value)) return value.flatMap((item) => readCardLines(item))
  const node = asObject(value)
  if (!node) return []
  if (node['type'] === 'RichTextBlock') return [readRuns(asItems(node['inlines']))]
  if (isString(node['text'])) return renderMarkdown(node['text'], node['fontType'] === 'Monospace')
  if (isString(node['codeSnippet']))
    return node['codeSnippet'].split('\n').map((text) => ({ text, isFixedWidth: true }))
  return NESTED.flatMap((key) => readCardLines(node[key]))
}

/** Lines as one text. */
export function textOf(lines: readonly ShownLine[]): string {
  return lines.map(({ text }) => text).join('\n')
}

/** A rich text block: Teams shows its text as it is, without markdown. */
function readRuns(inlines: readonly unknown[]): ShownLine {
  const runs = inlines.map((inline) => (isString(inline) ? { text: inline } : asObject(inline)))
  return {
    text: runs
      .map((run) => run?.['text'])
      .filter(isString)
      .join(''),
    isFixedWidth: runs.length > 0 && runs.every((run) => asObject(run)?.['fontType'] === 'Monospace'),
  }
}

/** As far as it matters to a reader: a backslash before punctuation is not shown, a single line break is a space. */
function renderMarkdown(text: string, isFixedWidth: boolean): readonly ShownLine[] {
  return text.split(/\n{2,}|(?: {2}|\\)\n/).map((paragraph) => ({
    text: paragraph.replaceAll('\n', ' ').replaceAll(/\\([!-/:-@[-`{-~])/g, '$1'),
    isFixedWidth,
  }))
}
