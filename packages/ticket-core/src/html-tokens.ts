/** One piece of markup: text as it stands (entities still encoded), or a tag with its raw inside. */
export type Token =
  | { readonly kind: 'text'; readonly raw: string }
  | { readonly kind: 'open' | 'close'; readonly name: string; readonly raw: string }

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
 * Splits markup into tokens in one pass. A `>` inside quotes does not end a tag, as in HTML; after the first quote
 * that never closes quotes are no longer heeded, so that no input makes the scan run over the same text twice.
 */
export function tokenizeHtml(html: string): Token[] {
  const tokens: Token[] = []
  const lastEnd = html.lastIndexOf('>')
  let heedQuotes = true
  let textStart = 0
  let at = html.indexOf('<')
  while (at >= 0 && at < lastEnd) {
    const tag = readTagName(html, at)
    let end = -1
    if (tag === '!--') {
      const close = html.indexOf('-->', at + 4)
      end = close < 0 ? lastEnd : close + 2
    } else if (tag !== undefined) {
      if (heedQuotes) end = findTagEnd(html, at)
      if (end < 0) {
        heedQuotes = false
        end = html.indexOf('>', at)
      }
    }
    if (tag !== undefined) {
      if (at > textStart) tokens.push({ kind: 'text', raw: html.slice(textStart, at) })
      if (tag !== '!--') {
        tokens.push({ kind: html[at + 1] === '/' ? 'close' : 'open', name: tag, raw: html.slice(at, end + 1) })
      }
      textStart = end + 1
    }
    at = html.indexOf('<', tag === undefined ? at + 1 : textStart)
  }
  if (textStart < html.length) tokens.push({ kind: 'text', raw: html.slice(textStart) })
  return tokens
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
  if (html.startsWith('!--', at + 1)) return '!--'
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
