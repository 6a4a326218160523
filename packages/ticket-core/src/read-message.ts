import type { Activity } from './activity.ts'
import { HTML_COPY, isHtmlAsText, TEXT_COPY } from './html-tokens.ts'
import { type MarkupText, type Quote, htmlToText } from './html-to-text.ts'
import { findInlineLabels, readLabel, type Field } from './labels.ts'
import { normaliseText } from './normalise-text.ts'
import { withoutQuotes } from './split-fields.ts'
import { MENTION_PLACE } from './text-lines.ts'

/** The text that the writer of a message wrote. */
export interface Message {
  /** Without the bot's mention and without the answered message. */
  readonly text: string
  /** The text after the bot's mention, if there is text before it too. */
  readonly behindMention?: string
  /** The bot's name as it is shown. */
  readonly mention?: string
  /** Pictures and files, which an outgoing webhook cannot fetch. */
  readonly ignored: number
  /** Whether the message answers another one, whose quote was left out. */
  readonly hasQuote?: boolean
  /** Those quotes. */
  readonly quotes?: readonly Quote[]
}

/**
 * Reads what the user wrote: from the html copy, which alone has links and reliable line breaks, else from `text`.
 * A quote of the answered message is left out; other quotes begin with `>`.
 */
export function readMessage(activity: Activity): Message {
  const { mentions, html } = activity
  const references = new Set(activity.references)
  const fromHtml =
    html === undefined
      ? undefined
      : htmlToText(html, { markup: HTML_COPY, breaks: 'spaces', of: 'message', mentions, references })
  const message = fromHtml && settleMention(fromHtml)
  if (message && message.text !== '') return message
  const markup = isHtmlAsText(activity.text) ? HTML_COPY : TEXT_COPY
  const fromText = htmlToText(activity.text, { markup, breaks: 'kept', of: 'message', mentions, references })
  const ignored = Math.max(fromText.ignored, fromHtml?.ignored ?? countPictures(activity))
  const quotes = fromHtml && fromHtml.quotes.length > 0 ? fromHtml.quotes : fromText.quotes
  return settleMention({ ...fromText, ignored, quotes })
}

/** An emoji is an `image/*` attachment too; one that the text shows as `<img>` is not a picture. */
function countPictures({ text, imageAttachments }: Activity): number {
  return Math.max(0, imageAttachments - (text.split('schema.skype.com/Emoji').length - 1))
}

/** The mark of a list's item that begins with the mention: the item is the label's. */
const LIST_MARK_ALONE = /(^|\n) {0,16}(?:-|\d{1,3}\.) $/

/**
 * Removes the mark of the mention. A label directly after it begins a line, as without a greeting; labels after the
 * mention win over the same labels before it, where clients put the text of another message.
 */
function settleMention({ text: written, mention, ignored, quotes }: MarkupText): Message {
  const base = {
    ignored,
    ...(quotes.length > 0 && { hasQuote: true, quotes }),
    ...(mention !== undefined && { mention }),
  }
  const place = written.indexOf(MENTION_PLACE)
  if (place < 0) return { ...base, text: normaliseText(written) }
  const after = written.slice(place + 1)
  const isForm = readLabel(after.trimStart()) !== undefined
  const before = isForm ? written.slice(0, place).replace(LIST_MARK_ALONE, '$1') : written.slice(0, place)
  // Some clients put direction marks beside a mention; alone they are no text.
  const head = /[^\s\p{Cf}]/u.test(before) ? normaliseText(before) : ''
  const behind = dropAddress(normaliseText(after), head)
  if (head === '' || behind === '') return { ...base, text: head + behind }
  const fields = fieldsOf(behind)
  const isRepeated = [...fieldsOf(head)].some((field) => fields.has(field))
  const said = isRepeated ? head.replaceAll(/^(?=[^\n>])/gm, '> ') : head
  return { ...base, text: said + partAt(before, after, behind) + behind, behindMention: behind }
}

/** Removes the comma or colon after the mention: "@tickets, please …", "@tickets: Title: …". */
function dropAddress(behind: string, head: string): string {
  const said = behind.replace(/^[,:;](?=\s|$)\s*/, '')
  return head === '' || readLabel(said) ? said : behind
}

/** The separator between the texts before and after a mention: a line that held only the mention is removed. */
function partAt(before: string, after: string, behind: string): string {
  const left = before.slice(before.trimEnd().length)
  const right = after.slice(0, after.length - after.trimStart().length)
  const breaks = [left, right].map((gap) => gap.split('\n').length - 1)
  const [above = 0, below = 0] = breaks
  if (above + below === 0) return readLabel(behind) ? '\n' : left === '' && right === '' ? '' : ' '
  return '\n'.repeat(Math.min(2, Math.max(1, above + below - (above > 0 && below > 0 ? 1 : 0))))
}

function fieldsOf(text: string): ReadonlySet<Field> {
  const own = withoutQuotes(text)
  const lines = own.split('\n').flatMap((line) => readLabel(line)?.field ?? [])
  return new Set([...lines, ...findInlineLabels(own).map(({ field }) => field)])
}
