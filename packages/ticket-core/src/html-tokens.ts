/** One piece of markup: raw text (entities still encoded, no name), or a tag with its raw content. */
export interface Token {
  readonly kind: 'text' | 'open' | 'close'
  readonly name: string
  readonly raw: string
}

/** Decides what is a tag; everything else is text. */
export interface Markup {
  /** The names of its elements. Absent: every name is an element, and comments and declarations are left out. */
  readonly names?: ReadonlySet<string>
  /** Checks a tag as a whole. */
  readonly accepts?: (name: string, raw: string) => boolean
}

const NAME = /\/?([a-zA-Z][a-zA-Z0-9:._-]{0,31})(?=[\s/>])/y

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(' '))
}

/**
 * The html copy: every tag is markup, by any name, since an angle bracket that a user typed is escaped there.
 * Pasted text brings tags of Word, of web pages, of other programs.
 */
export const HTML_COPY: Markup = {}

/** `text`: angle brackets are as typed, and only the tags that Teams itself writes are markup. */
export const TEXT_COPY: Markup = {
  names: names('at attachment customemoji emoji img legacyquote quote quoted uriobject'),
  accepts: (name, raw) => {
    if (raw.startsWith('</')) return true
    if (name === 'img') return /schema\.skype\.com|personal-expressions|emoticons/i.test(raw)
    if (name === 'quote' || name === 'quoted') return /\s(?:author|messageid)=/i.test(raw)
    if (name === 'uriobject') return /\suri=/i.test(raw)
    return name === 'at' || name === 'legacyquote' || readAttribute(raw, 'id') !== undefined
  },
}

/** Parts of `text` that the older system queued: the elements that Teams' editor makes; other brackets are the user's. */
export const OLDER_TEXT: Markup = {
  names: names(
    'a abbr at attachment b big blockquote br center cite code codeblock col colgroup dd del details div dl dt em emoji ' +
      'figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd label li mark ol p pre q s samp section small span ' +
      'strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var',
  ),
}

/** Whether `text` is html as a whole, as some clients send it: it begins and ends with a block element. */
export function isHtmlAsText(text: string): boolean {
  return /^\s{0,64}<(?:p|div|blockquote)[\s>]/i.test(text) && /<\/(?:p|div|blockquote)>$/i.test(text.trimEnd())
}

/**
 * Splits markup into tokens in one pass; comments and declarations are left out. A `>` inside quotes does not end a
 * tag, as in HTML. After the first quote or comment that never closes, quotes and comments are ignored, so that no input
 * makes the scan read the same text twice.
 */
export function tokenizeHtml(html: string, { names, accepts }: Markup = HTML_COPY): Token[] {
  const tokens: Token[] = []
  const findEnd = createEndFinder(html)
  let textStart = 0
  let at = html.indexOf('<')
  while (at >= 0) {
    const name = readTagName(html, at)
    const isKnown = name !== undefined && (names === undefined || names.has(name))
    const end = isKnown ? findEnd(at, name) : -1
    const raw = html.slice(at, end + 1)
    if (!isKnown || end < 0 || accepts?.(name, raw) === false) {
      // Continues after everything that was scanned, or the same text would be scanned again and again.
      at = html.indexOf('<', Math.max(at, end) + 1)
      continue
    }
    if (at > textStart) tokens.push({ kind: 'text', name: '', raw: html.slice(textStart, at) })
    if (!name.startsWith(DECLARATION)) tokens.push({ kind: html[at + 1] === '/' ? 'close' : 'open', name, raw })
    textStart = end + 1
    at = html.indexOf('<', textStart)
  }
  if (textStart < html.length) tokens.push({ kind: 'text', name: '', raw: html.slice(textStart) })
  return tokens
}

const COMMENT = '!--'
/** `<!DOCTYPE html>`, `<![endif]>`, `<?xml …?>`: browsers read them as comments. */
const DECLARATION = '!'

/** Finds the last character of a tag or comment; -1 without an end: then it is text. */
function createEndFinder(html: string): (start: number, name: string) => number {
  const lastEnd = html.lastIndexOf('>')
  const lastCommentEnd = html.lastIndexOf('-->')
  let heedQuotes = true
  return (start, name) => {
    if (name === COMMENT) return start + 4 <= lastCommentEnd ? html.indexOf('-->', start + 4) + 2 : -1
    if (start > lastEnd) return -1
    if (name === DECLARATION) return html.indexOf('>', start)
    const end = heedQuotes ? findTagEnd(html, start) : -1
    if (end >= 0) return end
    heedQuotes = false
    return html.indexOf('>', start)
  }
}

type AttributeName = 'alt' | 'href' | 'id' | 'itemid' | 'itemprop' | 'itemtype' | 'src' | 'title'

/** The value of an attribute in a tag's raw text, entities still encoded. */
export function readAttribute(tag: string, name: AttributeName): string | undefined {
  const found = ATTRIBUTES[name].exec(tag)
  return found ? (found[1] ?? found[2] ?? found[3]) : undefined
}

const attribute = (name: AttributeName): RegExp => new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i')
const ATTRIBUTES: Readonly<Record<AttributeName, RegExp>> = {
  alt: attribute('alt'),
  href: attribute('href'),
  id: attribute('id'),
  itemid: attribute('itemid'),
  itemprop: attribute('itemprop'),
  itemtype: attribute('itemtype'),
  src: attribute('src'),
  title: attribute('title'),
}

function readTagName(html: string, at: number): string | undefined {
  if (html.startsWith(COMMENT, at + 1)) return COMMENT
  if (/[!?]/.test(html.charAt(at + 1)) && /[a-zA-Z[]/.test(html.charAt(at + 2))) return DECLARATION
  NAME.lastIndex = at + 1
  return NAME.exec(html)?.[1]?.toLowerCase()
}

function findTagEnd(html: string, start: number): number {
  let quote = ''
  for (let at = start; at < html.length; at += 1) {
    const char = html.charAt(at)
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === '>') return at
  }
  return -1
}
