import { type Token, readAttribute } from './html-tokens.ts'

/** Elements whose text is not shown; Skype's `<uriobject>` is a file, with a text for programs that cannot show it. */
const UNSEEN: ReadonlySet<string> = new Set(
  'head math noscript script style svg template title uriobject xml'.split(' '),
)
/** The empty paragraph that Teams puts before each block of code. */
const CODE_MARK = /schema\.skype\.com\/codeblockeditor/i
/** A quote of the answered message: Teams' `<blockquote>` says so by its type, Skype's `<quote>` by its name. */
const QUOTES: ReadonlySet<string> = new Set(['blockquote', 'quote', 'quoted'])
const REPLY = /schema\.skype\.com\/reply|schema\.org\/message/i
/** What Teams puts into the quote of a reply: author, time and preview. A quote that people format has none. */
const PARTS: ReadonlySet<string> = new Set(['mri', 'time', 'preview', 'copy', 'comment', 'sender'])

/** The writer's own text, and the quotes that were removed. */
interface Written {
  readonly tokens: readonly Token[]
  readonly quotes: readonly (readonly Token[])[]
  readonly files: number
}

/**
 * Removes what the writer of a message did not write: quotes of the answered message, and hidden elements such as styles.
 * A quote that the writer formatted, and a forwarded message, stay.
 */
export function dropUnwritten(tokens: readonly Token[]): Written {
  const ends = findEnds(tokens)
  const replies = findReplies(tokens, ends)
  const kept: Token[] = []
  const quotes: (readonly Token[])[] = []
  let files = 0
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined) break
    const isReply = replies.has(at)
    if (!isReply && !isUnseen(token)) {
      kept.push(token)
      continue
    }
    const end = ends.get(at) ?? at
    if (isReply) quotes.push(tokens.slice(at, end))
    if (token.name === 'uriobject') files += 1
    at = end
  }
  return { tokens: kept, quotes, files }
}

function isUnseen({ kind, name, raw }: Token): boolean {
  return kind === 'open' && (UNSEEN.has(name) || isCodeMark(name, raw))
}

function isCodeMark(name: string, raw: string): boolean {
  return name === 'p' && CODE_MARK.test(readAttribute(raw, 'itemtype') ?? '')
}

/**
 * The end of each quote and hidden element, by the index of its opening tag. A `<blockquote>` that never closes goes to
 * the end, as in a browser; of the others only the tag is removed, since `<quoted …/>` has no end.
 */
function findEnds(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>()
  const open = new Map<string, number[]>()
  for (const [at, { kind, name, raw }] of tokens.entries()) {
    if (!QUOTES.has(name) && !UNSEEN.has(name) && name !== 'p') continue
    const starts = open.get(name) ?? []
    open.set(name, starts)
    // Paragraphs do not nest.
    if (kind === 'open' && name === 'p') starts.length = 0
    if (kind === 'open' && (name !== 'p' || isCodeMark(name, raw))) starts.push(at)
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
