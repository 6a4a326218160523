import { escapeLabel, isLabelName, isRowNumber, readLabel } from './labels.ts'

/** A position in the text, valid until its line ends. */
export interface Mark {
  readonly turn: number
  readonly piece: number
}

/**
 * Takes the place of the bot's mention. No text holds it: users' text loses control characters when it is
 * normalised.
 */
export const MENTION_PLACE = '\u0000'

/** Builds a text line by line, each line in pieces: nothing is copied twice, for any length. */
export interface TextLines {
  readonly write: (text: string) => void
  /** Puts `text`, a list's mark, before the next text. */
  readonly prefix: (text: string) => void
  /** True at a line's start and after a space, where indented markup may have one more space. */
  readonly endsInSpace: () => boolean
  /** Ends the line, even an empty one. */
  readonly breakLine: () => void
  /** Ends the line if there is anything on it, as the border of a block does. */
  readonly endBlock: () => void
  readonly beginCode: () => void
  readonly endCode: () => void
  /** Until the quote ends each line begins with `>`. */
  readonly beginQuote: () => void
  readonly endQuote: () => void
  /** A row of a table becomes one line, with any content in its cells. */
  readonly beginCell: () => void
  readonly endRow: () => void
  readonly mark: () => Mark
  /** The text since the mark; undefined when the mark is on an earlier line. */
  readonly since: (mark: Mark) => string | undefined
  /** Replaces the text since the mark, on this line, by `text`. */
  readonly replaceSince: (mark: Mark, text: string) => void
  /** The whole text. `labels: 'escaped'` makes labels in code plain text for the parser. */
  readonly join: (labels: 'escaped' | 'as they are') => string
}

interface Line {
  readonly text: string
  readonly kind: 'prose' | 'code' | 'fence'
}

const FENCE = '```'
const DEEPEST_QUOTE = 8

export function createTextLines(): TextLines {
  const lines: Line[] = []
  let pieces: string[] = []
  let pending = ''
  let inCode = false
  let quoteDepth = 0
  /** Grows when a line ends, so that no mark outlives its line. */
  let turn = 0
  let row: Line[][] = []
  let cellStart: number | undefined

  const push = (text: string, kind: Line['kind']): void => {
    const mark = '> '.repeat(Math.min(quoteDepth, DEEPEST_QUOTE))
    lines.push({ text: cellStart === undefined ? mark + text : text, kind })
  }
  const write = (text: string): void => {
    if (text === '') return
    if (pending !== '') pieces.push(pending)
    pending = ''
    pieces.push(text)
  }
  const breakLine = (): void => {
    push(pieces.join(''), inCode ? 'code' : 'prose')
    pieces = []
    turn += 1
  }
  const endBlock = (): void => {
    if (pieces.length > 0) breakLine()
  }
  const endCell = (): void => {
    if (cellStart === undefined) return
    endBlock()
    row.push(lines.splice(cellStart))
    cellStart = undefined
    turn += 1
  }
  const endRow = (): void => {
    endCell()
    if (row.length > 0) for (const text of layRow(row)) push(text, 'prose')
    row = []
  }

  return {
    write,
    prefix(text) {
      pending = text
    },
    endsInSpace: () => pieces.findLast((piece) => piece !== MENTION_PLACE)?.endsWith(' ') ?? true,
    breakLine,
    endBlock,
    beginCode() {
      endBlock()
      push(FENCE, 'fence')
      inCode = true
    },
    endCode() {
      endBlock()
      push(FENCE, 'fence')
      inCode = false
    },
    beginQuote() {
      endBlock()
      quoteDepth += 1
    },
    endQuote() {
      endBlock()
      quoteDepth = Math.max(0, quoteDepth - 1)
    },
    beginCell() {
      endCell()
      endBlock()
      cellStart = lines.length
    },
    endRow,
    mark() {
      if (pending !== '') pieces.push(pending)
      pending = ''
      return { turn, piece: pieces.length }
    },
    since: (mark) => (mark.turn === turn ? pieces.slice(mark.piece).join('') : undefined),
    replaceSince(mark, text) {
      if (mark.turn !== turn) return
      pieces.length = mark.piece
      write(text)
    },
    join(labels) {
      endBlock()
      endRow()
      return labels === 'escaped' ? settleCode(lines) : lines.map(({ text }) => text).join('\n')
    },
  }
}

/**
 * A row as lines: its cells between bars, each on one line. After a cell that is a label the last cell keeps its lines:
 * it is the text of that field.
 */
function layRow(row: readonly (readonly Line[])[]): string[] {
  const cells = row.map((lines) => lines.filter(({ kind }) => kind !== 'fence').map(({ text }) => text.trim()))
  const whole = cells.map((lines) => lines.join(' '))
  // A row with nothing but the mention is no row.
  if (whole.join('').trim() === MENTION_PLACE) return [MENTION_PLACE]
  const names = isRowNumber(whole[0] ?? '') ? 2 : 1
  const isField = cells.length === names + 1 && isLabelName(whole[names - 1] ?? '')
  const [opening = '', ...rest] = isField ? (cells[names] ?? []) : []
  const texts = isField
    ? [...whole.slice(0, names), opening]
    : cells.map((lines) => lines.filter((text) => text !== '').join(' '))
  const parted = texts.map((text, index) => {
    const left = texts[index - 1]
    if (left === undefined) return text
    return `${left.endsWith(':') ? ' ' : ' | '}${text}`
  })
  return [parted.join('').trimEnd(), ...rest]
}

/**
 * A label inside a code block is code, so it gets a backslash, unless all labels are in code blocks: then the whole form
 * was pasted as code.
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
