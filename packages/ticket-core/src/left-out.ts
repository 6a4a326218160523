import type { Token } from './html-tokens.ts'
import { readAttribute } from './html-tokens.ts'

/** Elements whose text nobody sees. */
const UNSEEN: ReadonlySet<string> = new Set('head math noscript script style svg template title xml'.split(' '))
/** A message that is answered: Teams' `<blockquote>` says so by its type, Skype's `<quote>` by its name. */
const QUOTES: ReadonlySet<string> = new Set(['blockquote', 'quote', 'quoted'])
const REPLY = /schema\.skype\.com\/reply|schema\.org\/message/i
/** What Teams puts into the quote of a reply: who said it, when, and how it begins. A quote that people format has none. */
const PARTS: ReadonlySet<string> = new Set(['mri', 'time', 'preview', 'copy', 'comment', 'sender'])

/**
 * Takes out what the writer of a message did not write: quotes of the message that is answered, and what nobody sees,
 * such as styles. A quote that the writer formatted, and a forwarded message, stay.
 */
export function dropUnwritten(tokens: readonly Token[]): {
  readonly tokens: readonly Token[]
  readonly quotes: number
} {
  const ends = findEnds(tokens)
  const replies = findReplies(tokens, ends)
  const kept: Token[] = []
  let quotes = 0
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined) break
    const isReply = replies.has(at)
    if (!isReply && !(token.kind === 'open' && UNSEEN.has(token.name))) {
      kept.push(token)
      continue
    }
    if (isReply) quotes += 1
    at = ends.get(at) ?? at
  }
  return { tokens: kept, quotes }
}

/**
 * Where each quote and unseen element ends, by the index of its opening tag. A `<blockquote>` that never closes goes to
 * the end, as in a browser; of the others only the tag goes, for `<quoted …/>` has no end.
 */
function findEnds(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>()
  const open = new Map<string, number[]>()
  for (const [at, { kind, name }] of tokens.entries()) {
    if (!QUOTES.has(name) && !UNSEEN.has(name)) continue
    const starts = open.get(name) ?? []
    open.set(name, starts)
    if (kind === 'open') starts.push(at)
    const start = kind === 'close' ? starts.pop() : undefined
    if (start !== undefined) ends.set(start, at)
  }
  for (const start of open.get('blockquote') ?? []) ends.set(start, tokens.length)
  return ends
}

/** The opening tags of quotes that are replies. */
function findReplies(tokens: readonly Token[], ends: ReadonlyMap<number, number>): ReadonlySet<number> {
  const replies = new Set<number>()
  const around: number[] = []
  for (const [at, { kind, name, raw }] of tokens.entries()) {
    if (kind !== 'open') continue
    while (around.length > 0 && (ends.get(around.at(-1) ?? 0) ?? 0) < at) around.pop()
    if (name === 'blockquote') {
      around.push(at)
      if (REPLY.test(readAttribute(raw, 'itemtype') ?? '')) replies.add(at)
    } else if (QUOTES.has(name)) replies.add(at)
    else if (around.length > 0 && PARTS.has(readAttribute(raw, 'itemprop') ?? '')) replies.add(around.at(-1) ?? 0)
  }
  return replies
}
