import { escapeLabel, readLabel } from './labels.ts'

/** A text being written line by line. A mark is good only until the line ends. */
export interface TextLines {
  readonly write: (text: string) => void
  /** Ends the line, even an empty one. */
  readonly breakLine: () => void
  /** Ends the line if there is anything on it, as the border of a block does. */
  readonly endBlock: () => void
  /** Writes `text` unless the line is empty. */
  readonly separate: (text: string) => void
  readonly beginCode: () => void
  readonly endCode: () => void
  readonly mark: () => number
  /** What was written since the mark; undefined when that was on an earlier line. */
  readonly since: (mark: number) => string | undefined
  readonly replaceSince: (mark: number, text: string) => void
  readonly join: () => string
}

interface Line {
  text: string
  kind: 'prose' | 'code' | 'fence'
}

export function createTextLines(): TextLines {
  const lines: Line[] = []
  let current = ''
  let lineStart = 0
  let inCode = false

  const push = (kind: Line['kind']): void => {
    lines.push({ text: current, kind })
    lineStart += current.length + 1
    current = ''
  }
  const breakLine = (): void => push(inCode ? 'code' : 'prose')
  const endBlock = (): void => {
    if (current !== '') breakLine()
  }
  const fence = (): void => {
    current = '```'
    push('fence')
  }
  const since = (mark: number): string | undefined => (mark < lineStart ? undefined : current.slice(mark - lineStart))

  return {
    write(text) {
      // A space between two blocks is only how the markup was laid out.
      current += current === '' && !inCode && text.startsWith(' ') ? text.slice(1) : text
    },
    breakLine,
    endBlock,
    separate(text) {
      if (current !== '') current += text
    },
    beginCode() {
      endBlock()
      fence()
      inCode = true
    },
    endCode() {
      endBlock()
      inCode = false
      fence()
    },
    mark: () => lineStart + current.length,
    since,
    replaceSince(mark, text) {
      if (mark >= lineStart) current = current.slice(0, mark - lineStart) + text
    },
    join() {
      endBlock()
      return settleCode(lines)
    },
  }
}

/**
 * A label inside a code block is code, so it gets the backslash that says so; unless all labels are in code blocks:
 * then somebody pasted the whole form as one.
 */
function settleCode(lines: readonly Line[]): string {
  const isFormInCode =
    lines.some(({ kind, text }) => kind === 'code' && readLabel(text)) &&
    !lines.some(({ kind, text }) => kind === 'prose' && readLabel(text))
  return lines
    .filter(({ kind }) => !(isFormInCode && kind === 'fence'))
    .map(({ kind, text }) => (kind === 'code' && !isFormInCode ? escapeLabel(text) : text))
    .join('\n')
}
