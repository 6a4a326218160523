import { isKeptTarget, writeLink } from './collect-links.ts'
import { decodeEntities } from './decode-entities.ts'
import { readAttribute, tokenizeHtml } from './html-tokens.ts'
import type { Mark, TextLines } from './text-lines.ts'
import { createTextLines } from './text-lines.ts'

/** Plain text read from markup. */
export interface PlainText {
  readonly text: string
  /** Name of the first mention, which is the bot's and not part of the text. */
  readonly mention?: string
  /** Pictures and files that the text cannot hold. */
  readonly ignored: number
}

export interface HtmlOptions {
  /** In `text` a line break in the markup is one; in the html copy it is a space. */
  readonly breaks: 'kept' | 'spaces'
  /** A whole message loses its first mention, and labels in its code are escaped; a part of one is read as it is. */
  readonly of: 'message' | 'part'
}

const BLOCKS: ReadonlySet<string> = new Set(
  (
    'blockquote center dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p section summary table tbody ' +
    'tfoot thead tr ul'
  ).split(' '),
)

interface Reading extends HtmlOptions {
  readonly lines: TextLines
  readonly lists: { readonly isOrdered: boolean; count: number }[]
  codeDepth: number
  ignored: number
  mention?: string
  /** An open mention: where its name starts and how deep we are in its element. */
  open?: { readonly tag: string; readonly at: Mark; depth: number }
  link?: { readonly url: string; readonly at: Mark }
}

/**
 * Turns Teams' markup into plain text: block ends and `<br>` become line breaks, list items get their marks, code its
 * back-ticks, links `[shown](target)`, emoji their character. The first mention goes, by position: the name in it can
 * differ from every other name of the bot. Linear in the input.
 */
export function htmlToText(markup: string, options: HtmlOptions): PlainText {
  const reading: Reading = { ...options, lines: createTextLines(), lists: [], codeDepth: 0, ignored: 0 }
  for (const { kind, name, raw } of tokenizeHtml(markup)) {
    if (kind === 'text') readText(reading, raw)
    else if (kind === 'open') readOpen(reading, name, raw)
    else readClose(reading, name)
  }
  if (reading.codeDepth > 0) reading.lines.endCode()
  const { mention, ignored, lines } = reading
  const text = lines.join(options.of === 'message' ? 'escaped' : 'as they are')
  return { text, ignored, ...(mention !== undefined && { mention }) }
}

/** Most text has single spaces only, and replacing each by itself costs more than all the rest. */
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
  if (reading.open?.tag === name) reading.open.depth += 1
  switch (name) {
    case 'br':
      return lines.breakLine()
    case 'at':
    case 'span':
      return openMention(reading, name, raw)
    case 'img':
    case 'emoji':
      return readImage(reading, name, raw)
    case 'attachment':
      reading.ignored += 1
      return
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
    case 'td':
    case 'th':
      return lines.endsInSpace() ? undefined : lines.write(' | ')
  }
}

function readClose(reading: Reading, name: string): void {
  const { lines, lists } = reading
  if (BLOCKS.has(name)) lines.endBlock()
  if (reading.open?.tag === name) closeMention(reading, reading.open)
  switch (name) {
    case 'a':
      return closeLink(reading)
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

function openMention(reading: Reading, name: string, raw: string): void {
  if (reading.of !== 'message' || reading.open !== undefined || reading.mention !== undefined) return
  const isMention = name === 'at' || /schema\.skype\.com\/mention/i.test(readAttribute(raw, 'itemtype') ?? '')
  if (isMention) reading.open = { tag: name, at: reading.lines.mark(), depth: 1 }
}

function closeMention(reading: Reading, open: NonNullable<Reading['open']>): void {
  open.depth -= 1
  if (open.depth > 0) return
  delete reading.open
  const name = reading.lines.since(open.at)
  if (name === undefined) return
  reading.mention = name.trim()
  reading.lines.replaceSince(open.at, '')
}

/** An emoji is its `alt`; in `text` it comes wrapped in an `<at>`, which then is no mention. */
function readImage(reading: Reading, name: string, raw: string): void {
  const isEmoji = name === 'emoji' || /schema\.skype\.com\/emoji/i.test(readAttribute(raw, 'itemtype') ?? '')
  if (isEmoji) reading.lines.write(decodeEntities(readAttribute(raw, 'alt') ?? ''))
  else reading.ignored += 1
  delete reading.open
}

function openLink(reading: Reading, raw: string): void {
  const url = decodeEntities(readAttribute(raw, 'href') ?? '').trim()
  if (isKeptTarget(url)) reading.link = { url, at: reading.lines.mark() }
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
