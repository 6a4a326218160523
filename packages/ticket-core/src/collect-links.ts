import type { Link } from './ticket.ts'

const SCHEME = /https?:\/\/|mailto:/gi
const LABELLED_REST = /[^\s<>")]+/y
/** A bare address ends before `](`: then it is the shown text of a link. */
const BARE_REST = /(?:[^\s<>"\]]|\](?!\())+/y
const TRAILING = '.,;:!?\'")]}'

/**
 * Collects the links of a text, each once, in order: `[shown](target)`, as `htmlToText` writes them,
 * and bare http, https and mailto addresses. Links are part of the text, so they survive every copy of it.
 */
export function collectLinks(text: string): Link[] {
  const links = new Map<string, Link>()
  const scheme = new RegExp(SCHEME)
  let lastLinkEnd = 0
  for (let found = scheme.exec(text); found; found = scheme.exec(text)) {
    const isLabelled = text.startsWith('](', found.index - 2)
    const rest = readRest(isLabelled ? LABELLED_REST : BARE_REST, text, scheme.lastIndex)
    if (rest === '') continue
    scheme.lastIndex += rest.length
    const isClosed = isLabelled && text.charAt(scheme.lastIndex) === ')'
    const url = isClosed ? found[0] + rest : trimAddress(found[0] + rest)
    const shown = isClosed ? readLabel(text.slice(lastLinkEnd, found.index - 2)) : ''
    if (isClosed) lastLinkEnd = scheme.lastIndex
    if (url.length > found[0].length) links.set(`${shown}\n${url}`, { text: shown === '' ? url : shown, url })
  }
  return [...links.values()]
}

function readRest(pattern: RegExp, text: string, from: number): string {
  pattern.lastIndex = from
  return pattern.exec(text)?.[0] ?? ''
}

/** Writes a link of the html copy into the text; only the address if the shown text is the address. */
export function writeLink({ text, url }: Link): string {
  const shown = text.trim()
  const target = url.replaceAll(/[\s()<>"]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
  if (shown === '' || isSameAddress(shown, url)) return target
  return `[${shown}](${target})`
}

/** True for a target that works outside Teams; scripts, data and relative addresses are not kept. */
export function isKeptTarget(url: string): boolean {
  return /^(?:https?:\/\/|mailto:|ftp:\/\/|file:\/\/|tel:)./i.test(url)
}

function isSameAddress(shown: string, url: string): boolean {
  return dropScheme(shown) === dropScheme(url)
}

function dropScheme(address: string): string {
  return address
    .toLowerCase()
    .replace(/^(?:https?:\/\/|mailto:)/, '')
    .replace(/\/$/, '')
}

/** The text after the `[` that closes at the end of `before`, on its line; `before` starts at the last link. */
function readLabel(before: string): string {
  let depth = 0
  for (let at = before.length - 1; at >= 0; at -= 1) {
    const char = before.charAt(at)
    if (char === '\n') break
    if (char === ']') depth += 1
    if (char === '[') {
      if (depth === 0) return before.slice(at + 1).trim()
      depth -= 1
    }
  }
  return ''
}

/** Removes the punctuation of the surrounding sentence, but not a bracket that the address itself opened. */
function trimAddress(address: string): string {
  let end = address.length
  let unclosed = count(address, '(') - count(address, ')')
  while (end > 0 && TRAILING.includes(address.charAt(end - 1))) {
    if (address.charAt(end - 1) === ')') {
      if (unclosed >= 0) break
      unclosed += 1
    }
    end -= 1
  }
  return address.slice(0, end)
}

function count(text: string, char: string): number {
  let found = 0
  for (const one of text) if (one === char) found += 1
  return found
}
