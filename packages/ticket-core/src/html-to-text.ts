import { isKeptTarget, writeLink } from './collect-links.ts'
import { decodeEntities } from './decode-entities.ts'
import { type Mention, findBotMention } from './find-mention.ts'
import { type Markup, type Token, readAttribute, tokenizeHtml } from './html-tokens.ts'
import { dropUnwritten } from './left-out.ts'
import { readEmoji } from './read-image.ts'
import { type Mark, type TextLines, createTextLines, MENTION_PLACE } from './text-lines.ts'

/** Plain text read from markup. */
export interface MarkupText {
  /** With {@link MENTION_PLACE} in place of the bot's mention. */
  readonly text: string
  /** The bot's name as it is shown. */
  readonly mention?: string
  /** Pictures and files that the text cannot hold. */
  readonly ignored: number
  /** Quotes of the answered message, which are not the writer's text and are left out. */
  readonly quotes: readonly Quote[]
}

/** A quote of an answered message. */
export interface Quote {
  /** The id of that message, where the markup has it. */
  readonly id?: string
  readonly text: string
}

export interface HtmlOptions {
  readonly markup: Markup
  /** Whether a line break in the markup is one, as in `text`; in the html copy it is a space. */
  readonly breaks: 'kept' | 'spaces'
  /** In a whole message the bot's mention is removed and labels in code are escaped; a part is read as it is. */
  readonly of: 'message' | 'part'
  /** The message's mentions, in order. */
  readonly mentions?: readonly Mention[] | undefined
  /** Ids of attachments that are messages, not files. */
  readonly references?: ReadonlySet<string>
}

const BLOCKS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 ' +
    'h2 h3 h4 h5 h6 header hr html legend li main nav ol p section summary table tbody tfoot thead tr ul'
  ).split(' '),
)

interface Reading extends HtmlOptions {
  readonly lines: TextLines
  readonly lists: { readonly isOrdered: boolean; count: number }[]
  codeDepth: number
  tableDepth: number
  ignored: number
  /** Files that a link of the text leads to. */
  readonly linkedFiles: Set<string>
  link?: { readonly url: string; readonly at: Mark }
}

/**
 * Turns Teams' markup into plain text: block ends and `<br>` become line breaks, list items get their marks, code its
 * back-ticks, quotes `>`, rows of tables one line each, links `[shown](target)`, emoji their character. Linear in the
 * input.
 */
export function htmlToText(markup: string, options: HtmlOptions): MarkupText {
  const written = markup.replaceAll(MENTION_PLACE, '')
  const { tokens, quotes, files } = dropUnwritten(tokenizeHtml(written, options.markup))
  const bot = options.of === 'message' ? findBotMention(tokens, options.mentions ?? []) : undefined
  const reading: Reading = {
    ...options,
    lines: createTextLines(),
    lists: [],
    codeDepth: 0,
    tableDepth: 0,
    ignored: files,
    linkedFiles: new Set(),
  }
  for (const [at, { kind, name, raw }] of tokens.entries()) {
    if (bot && at >= bot.start && at <= bot.end) {
      if (at === bot.start) reading.lines.write(MENTION_PLACE)
    } else if (kind === 'text') readText(reading, raw)
    else if (kind === 'open') readOpen(reading, name, raw)
    else readClose(reading, name)
  }
  if (reading.codeDepth > 0) reading.lines.endCode()
  const { ignored, lines } = reading
  const text = lines.join(options.of === 'message' ? 'escaped' : 'as they are')
  return { text, ignored, quotes: quotes.map(readQuote), ...(bot && { mention: bot.name }) }
}

function readQuote(tokens: readonly Token[]): Quote {
  const id = readAttribute(tokens[0]?.raw ?? '', 'itemid')
  const text = tokens.map(({ kind, raw }) => (kind === 'text' ? raw : ' ')).join('')
  return { text: decodeEntities(text), ...(id !== undefined && { id }) }
}

/** Most text has only single spaces; replacing each by itself would cost more than everything else. */
const FOLDABLE = /[\t\n\r\f]| {2}/

/** White space is folded before entities are decoded: a typed `&nbsp;` or `&#10;` is meant as it is. */
function readText({ lines, codeDepth, breaks }: Reading, raw: string): void {
  if (codeDepth === 0 && breaks === 'spaces') {
    const folded = FOLDABLE.test(raw) ? raw.replaceAll(/[\t\n\r\f ]+/g, ' ') : raw
    return lines.write(decodeEntities(folded.startsWith(' ') && lines.endsInSpace() ? folded.slice(1) : folded))
  }
  const [first = '', ...rest] = decodeEntities(raw).replaceAll(/\r\n?/g, '\n').split('\n')
  lines.write(first)
  for (const line of rest) {
    lines.breakLine()
    lines.write(line)
  }
}

function readOpen(reading: Reading, name: string, raw: string): void {
  const { lines, lists } = reading
  if (BLOCKS.has(name)) lines.endBlock()
  switch (name) {
    case 'br':
      return lines.breakLine()
    case 'blockquote':
      return lines.beginQuote()
    case 'img':
    case 'emoji':
    case 'customemoji':
      return readImage(reading, name, raw)
    case 'attachment':
    case 'video':
    case 'audio':
      return readFile(reading, raw)
    case 'a':
      return openLink(reading, raw)
    case 'pre':
    case 'codeblock':
      reading.codeDepth += 1
      if (reading.codeDepth === 1) lines.beginCode()
      return
    case 'code':
      return markInlineCode(reading)
    case 'ul':
    case 'ol':
      lists.push({ isOrdered: name === 'ol', count: 0 })
      return
    case 'li':
      return lines.prefix(nextListMark(reading))
    case 'table':
      reading.tableDepth += 1
      return
    case 'tr':
      return reading.tableDepth === 1 ? lines.endRow() : undefined
    case 'td':
    case 'th':
      if (reading.tableDepth === 1) return lines.beginCell()
      return lines.endsInSpace() ? undefined : lines.write(' | ')
  }
}

function readClose(reading: Reading, name: string): void {
  const { lines, lists } = reading
  if (BLOCKS.has(name)) lines.endBlock()
  switch (name) {
    case 'a':
      return closeLink(reading)
    case 'blockquote':
      return lines.endQuote()
    case 'tr':
    case 'table':
      if (reading.tableDepth === 1) lines.endRow()
      if (name === 'table') reading.tableDepth = Math.max(0, reading.tableDepth - 1)
      return
    case 'pre':
    case 'codeblock':
      if (reading.codeDepth === 1) lines.endCode()
      reading.codeDepth = Math.max(0, reading.codeDepth - 1)
      return
    case 'code':
      return markInlineCode(reading)
    case 'ul':
    case 'ol':
      lists.pop()
  }
}

function readImage(reading: Reading, name: string, raw: string): void {
  const emoji = readEmoji(name, raw)
  if (emoji === undefined) reading.ignored += 1
  else reading.lines.write(emoji)
}

/** An answered message is no file, and a file that the text links to is not lost. */
function readFile(reading: Reading, raw: string): void {
  const id = readAttribute(raw, 'id')
  const isKept = id !== undefined && (reading.linkedFiles.has(id) || reading.references?.has(id) === true)
  if (!isKept) reading.ignored += 1
}

function openLink(reading: Reading, raw: string): void {
  const url = decodeEntities(readAttribute(raw, 'href') ?? '').trim()
  if (!isKeptTarget(url)) return
  reading.link = { url, at: reading.lines.mark() }
  const file = readAttribute(raw, 'itemid')
  if (file !== undefined) reading.linkedFiles.add(file)
}

function closeLink(reading: Reading): void {
  if (!reading.link) return
  const { url, at } = reading.link
  delete reading.link
  const shown = reading.lines.since(at)
  if (shown === undefined) reading.lines.write(` ${writeLink({ text: '', url })}`)
  else reading.lines.replaceSince(at, writeLink({ text: shown, url }))
}

function markInlineCode({ codeDepth, lines }: Reading): void {
  if (codeDepth === 0) lines.write('`')
}

function nextListMark({ lists }: Reading): string {
  const list = lists.at(-1)
  const indent = '  '.repeat(Math.min(Math.max(lists.length - 1, 0), 8))
  if (!list?.isOrdered) return `${indent}- `
  list.count += 1
  return `${indent}${list.count}. `
}
