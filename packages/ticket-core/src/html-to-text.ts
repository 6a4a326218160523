import { isKeptTarget, writeLink } from './collect-links.ts'
import { decodeEntities } from './decode-entities.ts'
import type { Token } from './html-tokens.ts'
import { readAttribute, tokenizeHtml } from './html-tokens.ts'
import type { TextLines } from './text-lines.ts'
import { createTextLines } from './text-lines.ts'

/** Plain text read from markup. */
export interface PlainText {
  readonly text: string
  /** Name of the first mention, which is the bot's and not part of the text. */
  readonly mention?: string
  /** Pictures and files that the text cannot hold. */
  readonly ignored: number
}

const BLOCKS: ReadonlySet<string> = new Set(
  (
    'blockquote center dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p section summary table tbody ' +
    'tfoot thead tr ul'
  ).split(' '),
)

interface Reading {
  readonly lines: TextLines
  /** In `text` a raw line break is one; in the html copy it is a space. */
  readonly rawBreaks: boolean
  readonly lists: { ordered: boolean; count: number }[]
  pre: number
  ignored: number
  mention?: string
  /** An open mention, where its name starts and how deep we are in its element. */
  open?: { readonly tag: string; readonly at: number; depth: number }
  link?: { readonly url: string; readonly at: number }
}

/**
 * Turns Teams' markup into plain text: block ends and `<br>` become line breaks, list items get their marks, code its
 * back-ticks, links `[shown](target)`, emoji their character. The first mention goes, by position: the name in it can
 * differ from every other name of the bot. Linear in the input.
 */
export function htmlToText(markup: string, options: { readonly rawBreaks: boolean }): PlainText {
  const reading: Reading = { lines: createTextLines(), rawBreaks: options.rawBreaks, lists: [], pre: 0, ignored: 0 }
  for (const token of tokenizeHtml(markup)) {
    if (token.kind === 'text') readText(reading, decodeEntities(collapse(reading, token.raw)))
    else if (token.kind === 'open') readOpen(reading, token.name, token.raw)
    else readClose(reading, token)
  }
  if (reading.pre > 0) reading.lines.endCode()
  const { mention, ignored } = reading
  return { text: reading.lines.join(), ignored, ...(mention !== undefined && { mention }) }
}

/** Before entities are decoded: a typed `&nbsp;` or `&#10;` is meant as it is. */
function collapse(reading: Reading, raw: string): string {
  if (reading.pre > 0) return raw
  return reading.rawBreaks ? raw : raw.replaceAll(/[\t\n\r\f ]+/g, ' ')
}

function readText({ lines, pre, rawBreaks }: Reading, text: string): void {
  if (pre === 0 && !rawBreaks) return lines.write(text)
  const [first = '', ...rest] = text.replaceAll(/\r\n?/g, '\n').split('\n')
  lines.write(first)
  for (const line of rest) {
    lines.breakLine()
    lines.write(line)
  }
}

function readOpen(reading: Reading, name: string, raw: string): void {
  const { lines } = reading
  if (name === 'br') return lines.breakLine()
  if (name === 'img' || name === 'emoji') return readImage(reading, name, raw)
  if (name === 'attachment') reading.ignored += 1
  if (reading.open?.tag === name) reading.open.depth += 1
  else if (isMention(reading, name, raw)) reading.open = { tag: name, at: lines.mark(), depth: 1 }
  if (name === 'a') {
    const url = decodeEntities(readAttribute(raw, 'href') ?? '').trim()
    if (isKeptTarget(url)) reading.link = { url, at: lines.mark() }
  }
  if (name === 'pre' || name === 'codeblock') {
    reading.pre += 1
    if (reading.pre === 1) lines.beginCode()
  }
  if (name === 'code' && reading.pre === 0) lines.write('`')
  if (name === 'ul' || name === 'ol') reading.lists.push({ ordered: name === 'ol', count: 0 })
  if (BLOCKS.has(name)) lines.endBlock()
  if (name === 'li') lines.write(listMark(reading))
  if (name === 'td' || name === 'th') lines.separate(' | ')
}

function readClose(reading: Reading, { name }: Exclude<Token, { readonly kind: 'text' }>): void {
  const { lines } = reading
  if (reading.open?.tag === name) closeMention(reading, reading.open)
  if (name === 'a' && reading.link) {
    const { url, at } = reading.link
    delete reading.link
    const shown = lines.since(at)
    if (shown === undefined) lines.write(` (${url})`)
    else lines.replaceSince(at, writeLink({ text: shown, url }))
  }
  if ((name === 'pre' || name === 'codeblock') && reading.pre > 0) {
    reading.pre -= 1
    if (reading.pre === 0) lines.endCode()
  }
  if (name === 'code' && reading.pre === 0) lines.write('`')
  if (name === 'ul' || name === 'ol') reading.lists.pop()
  if (BLOCKS.has(name)) lines.endBlock()
}

/** An emoji is its `alt`; in `text` it comes wrapped in an `<at>`, which then is no mention. */
function readImage(reading: Reading, name: string, raw: string): void {
  const isEmoji = name === 'emoji' || /schema\.skype\.com\/emoji/i.test(readAttribute(raw, 'itemtype') ?? '')
  if (isEmoji) reading.lines.write(decodeEntities(readAttribute(raw, 'alt') ?? ''))
  else reading.ignored += 1
  delete reading.open
}

function isMention({ open, mention }: Reading, name: string, raw: string): boolean {
  if (open !== undefined || mention !== undefined) return false
  if (name === 'at') return true
  return name === 'span' && /schema\.skype\.com\/mention/i.test(readAttribute(raw, 'itemtype') ?? '')
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

function listMark({ lists }: Reading): string {
  const list = lists.at(-1)
  const indent = '  '.repeat(Math.min(Math.max(lists.length - 1, 0), 8))
  if (!list?.ordered) return `${indent}- `
  list.count += 1
  return `${indent}${list.count}. `
}
