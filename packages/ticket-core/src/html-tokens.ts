/** One piece of markup: text as it stands (entities still encoded, no name), or a tag with its raw inside. */
export interface Token {
  readonly kind: 'text' | 'open' | 'close'
  readonly name: string
  readonly raw: string
}

/** The elements that Teams' editor, a paste into it or Graph produce. Anything else in angle brackets is the user's own text. */
const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'a abbr at attachment b big blockquote br center cite code codeblock col colgroup dd del details div dl dt em emoji ' +
    'figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd label li mark ol p pre q s samp section small span ' +
    'strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var'
  ).split(' '),
)
const NAME = /\/?([a-zA-Z][a-zA-Z0-9]{0,15})(?=[\s/>])/y

/**
 * Splits markup into tokens in one pass; comments are left out. A `>` inside quotes does not end a tag, as in HTML;
 * after the first quote or comment that never closes none is heeded any more, so that no input makes the scan run over
 * the same text twice.
 */
export function tokenizeHtml(html: string): Token[] {
  const tokens: Token[] = []
  const findEnd = createEndFinder(html)
  let textStart = 0
  let at = html.indexOf('<')
  while (at >= 0) {
    const name = readTagName(html, at)
    const end = name === undefined ? -1 : findEnd(at, name)
    if (name === undefined || end < 0) {
      at = html.indexOf('<', at + 1)
      continue
    }
    if (at > textStart) tokens.push({ kind: 'text', name: '', raw: html.slice(textStart, at) })
    if (name !== COMMENT) {
      tokens.push({ kind: html[at + 1] === '/' ? 'close' : 'open', name, raw: html.slice(at, end + 1) })
    }
    textStart = end + 1
    at = html.indexOf('<', textStart)
  }
  if (textStart < html.length) tokens.push({ kind: 'text', name: '', raw: html.slice(textStart) })
  return tokens
}

const COMMENT = '!--'

/** Finds the last character of a tag or comment; -1 when it has none, and then it is text. */
function createEndFinder(html: string): (start: number, name: string) => number {
  const lastEnd = html.lastIndexOf('>')
  const lastCommentEnd = html.lastIndexOf('-->')
  let heedQuotes = true
  return (start, name) => {
    if (name === COMMENT) return start + 4 <= lastCommentEnd ? html.indexOf('-->', start + 4) + 2 : -1
    if (start > lastEnd) return -1
    const end = heedQuotes ? findTagEnd(html, start) : -1
    if (end >= 0) return end
    heedQuotes = false
    return html.indexOf('>', start)
  }
}

/** The value of an attribute in a tag's raw text, entities still encoded. */
export function readAttribute(tag: string, name: string): string | undefined {
  const found = ATTRIBUTES[name]?.exec(tag)
  return found ? (found[1] ?? found[2] ?? found[3]) : undefined
}

const ATTRIBUTES: Readonly<Record<string, RegExp>> = Object.fromEntries(
  ['alt', 'href', 'itemtype'].map((name) => [name, new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i')]),
)

function readTagName(html: string, at: number): string | undefined {
  if (html.startsWith(COMMENT, at + 1)) return COMMENT
  NAME.lastIndex = at + 1
  const name = NAME.exec(html)?.[1]?.toLowerCase()
  return name !== undefined && ELEMENTS.has(name) ? name : undefined
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
