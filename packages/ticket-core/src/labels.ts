/** The fields of a message. */
export type Field = 'title' | 'priority' | 'description' | 'steps'

/** Without these there is no ticket. */
export const REQUIRED_FIELDS: readonly Field[] = ['title', 'priority', 'description']

/** A label at the start of a line: its field and where its value starts. */
export interface Label {
  readonly field: Field
  readonly valueStart: number
  /** The bold mark that it opened and did not close. */
  readonly bold: string
  /** What comes before it: marks of the list or table that it is part of. */
  readonly marks: string
  /** Whether direction marks enclose it. */
  readonly isDirected: boolean
}

const LONGEST_LABEL = 96
/** Without width: joiners, direction marks, variation selectors. */
const UNSEEN = '\\p{Cf}\\u{fe0f}\\u{034f}'
const NAMES = [
  ['steps', 'to', 'reproduce'].map(spell).join('[ \\t]{1,3}'),
  ...['description', 'priority', 'severity', 'title', 'steps'].map(spell),
].join('|')
const BOLD = '\\*{1,3}|_{1,3}|'
/** These brackets around a name are enough: no colon need follow. */
const CLOSED_BY = '】〗〕］」』'
const OPEN = '\\["\'“‘«(`【〖〔［「『'
const CLOSE = `\\]"'”’»)\`${CLOSED_BY}`
const COLON = `[ \\t\\u{a0}${UNSEEN}]{0,4}[:：﹕∶]`

/**
 * What people put before a label: punctuation, symbols and emoji of any kind, arrows such as `=>`, check boxes `[x]`, numbers
 * and letters of a list such as `1.`, `2)`, `(3)`, `#4`, `5:`, `Q1.`, `A.1`, `a)`, `iv.`, `4 -`, and the bar that begins a row
 * of a table. A quote's `>` is none, nor is the backslash that makes a label text. A bare number is text.
 * The control character marks the place of the bot's mention.
 */
const MARK = [
  '[=~–—\\-]{1,3}>',
  '[0-9]\\u{fe0f}?\\u{20e3}',
  '\\[[ xX✓✔]?\\]',
  ':[\\w+\\-]{1,32}:',
  '[(\\[]?(?:\\p{Nd}{1,3}|[a-zA-Z]|[ivxIVX]{2,4})\\.?[)\\]]',
  `(?:[a-zA-Z]\\.|\\p{Nd}{1,3}\\.|[#№])\\p{Nd}{1,3}(?=[\\s${UNSEEN}])`,
  `[a-zA-Z]\\p{Nd}{1,3}[.)](?=[\\s${UNSEEN}])`,
  '\\p{Nd}{1,3}(?:\\.|:(?=\\s)|(?=\\s{0,2}\\|)|(?=\\s{0,2}[–—\\-]\\s))',
  `(?:[a-zA-Z]|[ivxIVX]{2,4})\\.(?=[\\s${UNSEEN}])`,
  `(?![<>\\\\${OPEN}])[\\u{0}\\s${UNSEEN}\\p{P}\\p{S}\\p{No}\\p{Co}\\p{Extended_Pictographic}\\p{Emoji_Modifier}](?<!\\p{Nd})`,
].join('|')

/** One mark. Marks are read one after the other without backtracking: a mark that two rules match costs no more. */
const NEXT_MARK = new RegExp(MARK, 'iuy')
const MOST_MARKS = 24
/** Every repeat is bounded: at most {@link LONGEST_LABEL} characters of a line are read. */
const NAME = new RegExp(
  `([${OPEN}]?)[${UNSEEN}]{0,4}(${NAMES})[${UNSEEN}]{0,4}([${CLOSE}]?)[ \\t]{0,2}(${BOLD})` +
    `(?:${COLON}|(?<=[${CLOSED_BY}]))[${UNSEEN}]{0,4}([${CLOSE}]?)(${BOLD})`,
  'iuy',
)
const INLINE = new RegExp(
  `(^|[\\s,;.\\|\\/\\(*_–\\-${UNSEEN}])(${NAMES})[${UNSEEN}]{0,4}[*_]{0,3}${COLON}[${UNSEEN}]{0,4}[*_]{0,3}`,
  'giu',
)
const UNSEEN_IN_NAME = new RegExp(`[${UNSEEN}]`, 'gu')
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

/**
 * Reads a label at the start of a line: after spaces and {@link MARK}s, bold, in quotes or in brackets, in any case,
 * before `:` or `：`.
 */
export function readLabel(line: string): Label | undefined {
  const start = line.slice(0, LONGEST_LABEL)
  NAME.lastIndex = skipMarks(start)
  const marks = start.slice(0, NAME.lastIndex)
  const found = NAME.exec(start)
  if (!found) return undefined
  const [named, wrap = '', name = '', unwrap = '', closedBefore = '', unwrapAfter = '', bold = ''] = found
  // A closing bracket behind the colon is the label's if its opening one is still open, else the value's.
  const isOpen = wrap !== '' && unwrap === ''
  if ((isOpen && unwrapAfter === '') || (wrap === '' && unwrap !== '')) return undefined
  const closedAfter = isOpen || unwrapAfter === '' ? bold : ''
  const foreign = isOpen ? 0 : unwrapAfter.length + bold.length - closedAfter.length
  const opened = /(?:\*{1,3}|_{1,3})$/.exec(marks)?.[0] ?? ''
  // "Title:** x" opens bold in the value; only a mark that the label opened is the label's.
  const own = opened === '' ? closedAfter.length : 0
  const isClosed = opened === '' || closedBefore !== '' || closedAfter !== ''
  return {
    field: fieldOf(name),
    valueStart: marks.length + named.length - foreign - own,
    bold: isClosed ? '' : opened,
    marks: marks.slice(0, marks.length - opened.length),
    isDirected: DIRECTION.test(marks + named),
  }
}

/** The end of the marks at the start of a line. */
function skipMarks(line: string): number {
  let end = 0
  for (let count = 0; count < MOST_MARKS; count += 1) {
    NEXT_MARK.lastIndex = end
    if (!NEXT_MARK.test(line)) break
    end = NEXT_MARK.lastIndex
  }
  return end
}

/** Whether a text is only the name of a field, as in a cell of a table; a colon may end it. */
export function isLabelName(text: string): boolean {
  return fieldNamed(text) !== undefined
}

/** The field whose name a text is. */
export function fieldNamed(text: string): Field | undefined {
  if (text.length > LONGEST_LABEL) return undefined
  const label = `${dropColon(text)}:`
  const read = readLabel(label)
  return read && label.slice(read.valueStart).replaceAll(/[*_]/g, '') === '' ? read.field : undefined
}

/** Whether a cell holds only the number of its row. */
export function isRowNumber(cell: string): boolean {
  return /^[#№]?\p{Nd}{1,3}[.):]{0,2}$/u.test(cell)
}

/** A name without the colon that may end it. */
export function dropColon(text: string): string {
  const name = text.trimEnd()
  return /[:：]$/.test(name) ? name.slice(0, -1).trimEnd() : name
}

/** A label inside a line. */
export interface InlineLabel {
  readonly field: Field
  readonly start: number
  readonly valueStart: number
}

/** Finds labels anywhere in a text, each after a space or punctuation. */
export function findInlineLabels(text: string): InlineLabel[] {
  return [...text.matchAll(INLINE)].map((match) => {
    const [whole, before = '', name = ''] = match
    return { field: fieldOf(name), start: match.index + before.length, valueStart: match.index + whole.length }
  })
}

/**
 * Whether a line is a label, or one with backslashes before it. A backslash before a label makes it plain text; see
 * {@link escapeLabel}.
 */
function isEscapable(line: string): boolean {
  return readLabel(line.slice(countBackslashes(line))) !== undefined
}

/** Puts a backslash before a line that would be read as a label; {@link unescapeLabel} removes it. */
export function escapeLabel(line: string): string {
  return isEscapable(line) ? `\\${line}` : line
}

/** Removes the backslash that {@link escapeLabel} put before a line. */
export function unescapeLabel(line: string): string {
  return line.startsWith('\\') && isEscapable(line) ? line.slice(1) : line
}

function countBackslashes(line: string): number {
  let count = 0
  while (line.charAt(count) === '\\') count += 1
  return count
}

/** A name whose letters may have characters without width between them. */
function spell(name: string): string {
  return name.replaceAll(/(?<=.)(?=.)/g, `[${UNSEEN}]{0,2}`)
}

/** `name` is one of the alternatives of the patterns above. */
function fieldOf(name: string): Field {
  const plain = name.replaceAll(UNSEEN_IN_NAME, '').toLowerCase()
  if (plain === 'title' || plain === 'description') return plain
  return plain.startsWith('steps') ? 'steps' : 'priority'
}
