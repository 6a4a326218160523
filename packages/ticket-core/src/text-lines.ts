import { escapeLabel, readLabel } from './labels.ts'

/** A place in the text; good only until its line ends. */
export interface Mark {
  readonly line: number
  readonly piece: number
}

/** A text being written line by line, each line kept in pieces: nothing is copied twice, however long it grows. */
export interface TextLines {
  readonly write: (text: string) => void
  /** Puts `text`, a list's mark, before whatever is written next. */
  readonly prefix: (text: string) => void
  /** True at a line's start and behind a space: where laid-out markup may have one space more. */
  readonly endsInSpace: () => boolean
  /** Ends the line, even an empty one. */
  readonly breakLine: () => void
  /** Ends the line if there is anything on it, as the border of a block does. */
  readonly endBlock: () => void
  readonly beginCode: () => void
  readonly endCode: () => void
  readonly mark: () => Mark
  /** What was written since the mark; undefined when that was on an earlier line. */
  readonly since: (mark: Mark) => string | undefined
  /** Writes `text` in place of what was written since the mark, on this line. */
  readonly replaceSince: (mark: Mark, text: string) => void
  /** The whole text. `labels: 'escaped'` makes labels in code plain text for the parser. */
  readonly join: (labels: 'escaped' | 'as they are') => string
}

interface Line {
  readonly text: string
  readonly kind: 'prose' | 'code' | 'fence'
}

const FENCE = '```'

export function createTextLines(): TextLines {
  const lines: Line[] = []
  let pieces: string[] = []
  let pending = ''
  let inCode = false

  const write = (text: string): void => {
    if (text === '') return
    if (pending !== '') pieces.push(pending)
    pending = ''
    pieces.push(text)
  }
  const breakLine = (): void => {
    lines.push({ text: pieces.join(''), kind: inCode ? 'code' : 'prose' })
    pieces = []
  }
  const endBlock = (): void => {
    if (pieces.length > 0) breakLine()
  }

  return {
    write,
    prefix(text) {
      pending = text
    },
    endsInSpace: () => pieces.at(-1)?.endsWith(' ') ?? true,
    breakLine,
    endBlock,
    beginCode() {
      endBlock()
      lines.push({ text: FENCE, kind: 'fence' })
      inCode = true
    },
    endCode() {
      endBlock()
      lines.push({ text: FENCE, kind: 'fence' })
      inCode = false
    },
    mark() {
      if (pending !== '') pieces.push(pending)
      pending = ''
      return { line: lines.length, piece: pieces.length }
    },
    since: ({ line, piece }) => (line === lines.length ? pieces.slice(piece).join('') : undefined),
    replaceSince({ line, piece }, text) {
      if (line !== lines.length) return
      pieces.length = piece
      write(text)
    },
    join(labels) {
      endBlock()
      return labels === 'escaped' ? settleCode(lines) : lines.map(({ text }) => text).join('\n')
    },
  }
}

/**
 * A label inside a code block is code, so it gets the backslash that says so; unless all labels are in code blocks:
 * then somebody pasted the whole form as one.
 */
function settleCode(lines: readonly Line[]): string {
  const hasLabelIn = (wanted: Line['kind']): boolean =>
    lines.some(({ kind, text }) => kind === wanted && readLabel(text) !== undefined)
  const isFormInCode = lines.some(({ kind }) => kind === 'code') && hasLabelIn('code') && !hasLabelIn('prose')
  if (isFormInCode) return join(lines.filter(({ kind }) => kind !== 'fence'))
  return lines.map(({ kind, text }) => (kind === 'code' ? escapeLabel(text) : text)).join('\n')
}

function join(lines: readonly Line[]): string {
  return lines.map(({ text }) => text).join('\n')
}
