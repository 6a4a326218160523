/** The fields of a message. */
export type Field = 'title' | 'priority' | 'description' | 'steps'

/** A label at the start of a line: its field and where its value starts. `bold`: the mark it opened and left open. */
export interface Label {
  readonly field: Field
  readonly valueStart: number
  readonly bold: string
}

const LONGEST_LABEL = 64
/** Every repeat is bounded: at most {@link LONGEST_LABEL} characters of a line are ever looked at. */
const LABEL =
  /^[\s\u200c-\u200f\u202a-\u202e\u2066-\u2069]{0,12}(?:(?:[-*•>–]|\d{1,2}[.)])[ \t]{1,3})?(\*{0,3}|_{0,3})(steps[ \t]{1,3}to[ \t]{1,3}reproduce|description|priority|severity|title|steps)(\*{0,3}|_{0,3})[ \t]{0,4}[:：](\*{0,3}|_{0,3})/i
const INLINE =
  /(^|[\s,;.|/(*_–-])(steps[ \t]{1,3}to[ \t]{1,3}reproduce|description|priority|severity|title|steps)[*_]{0,3}[ \t]{0,4}[:：][*_]{0,3}/gi

/**
 * Reads a label at the start of a line: after spaces, a list mark or bold marks, in any case, before `:` or `：`.
 */
export function readLabel(line: string): Label | undefined {
  const found = LABEL.exec(line.slice(0, LONGEST_LABEL))
  if (!found) return undefined
  const [whole, opened = '', name = '', closedBefore = '', closedAfter = ''] = found
  // "Title:** x" opens bold in the value; only a mark that the label opened is the label's.
  const own = opened === '' ? closedAfter.length : 0
  const isClosed = opened === '' || closedBefore !== '' || closedAfter !== ''
  return { field: fieldOf(name), valueStart: whole.length - own, bold: isClosed ? '' : opened }
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

/** Puts a backslash before a line that would be read as a label; {@link unescapeLabel} takes it off again. */
export function escapeLabel(line: string): string {
  return isEscapable(line) ? `\\${line}` : line
}

/** Takes the backslash off a line that {@link escapeLabel} put there. */
export function unescapeLabel(line: string): string {
  return line.startsWith('\\') && isEscapable(line) ? line.slice(1) : line
}

function countBackslashes(line: string): number {
  let count = 0
  while (line.charAt(count) === '\\') count += 1
  return count
}

/** `name` is one of the alternatives of the patterns above. */
function fieldOf(name: string): Field {
  const plain = name.toLowerCase()
  if (plain === 'title' || plain === 'description') return plain
  return plain.startsWith('steps') ? 'steps' : 'priority'
}
