import stringWidth from 'string-width'
import { printable } from './printable.ts'

/** Columns of a line if the width of the terminal is unknown. */
const USUAL_WIDTH = 100
const NARROWEST = 60

/** How many columns a line may have. */
export function lineWidth(columns: number | undefined): number {
  return Math.max(NARROWEST, Math.min(columns ?? USUAL_WIDTH, USUAL_WIDTH))
}

/** Cuts a line to so many columns. A cut line ends with "…". */
export function cutLine(line: string, width: number): string {
  if (stringWidth(line) <= width) return line
  let kept = ''
  let used = 0
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    used += stringWidth(segment)
    if (used > width - 1) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** Wraps a text to so many columns, between words. Breaks words that are longer. */
export function wrapText(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, width))
}

function wrapParagraph(paragraph: string, width: number): string[] {
  if (stringWidth(paragraph) <= width) return [paragraph]
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(' ').flatMap((each) => breakWord(each, width))) {
    if (line !== '' && stringWidth(line) + 1 + stringWidth(word) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function breakWord(word: string, width: number): string[] {
  if (stringWidth(word) <= width) return [word]
  const parts: string[] = []
  let part = ''
  let used = 0
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    const columns = stringWidth(segment)
    if (used + columns > width) {
      parts.push(part)
      part = ''
      used = 0
    }
    part += segment
    used += columns
  }
  return [...parts, part]
}

/** A name and its text. Without a text the fact is left out. */
export type Fact = readonly [string, string | undefined]

const NAME_WIDTH = 13

/** One fact a line, the texts aligned, escaped for a terminal. */
export function layFacts(facts: readonly Fact[], width: number): string[] {
  return facts.flatMap(([name, text]) => {
    if (text === undefined) return []
    const [first = '', ...more] = wrapText(printable(text), width - NAME_WIDTH - 2)
    const indent = ' '.repeat(NAME_WIDTH)
    return [`  ${`${name}:`.padEnd(NAME_WIDTH)}${first}`, ...more.map((line) => `  ${indent}${line}`)].map((line) =>
      line.trimEnd(),
    )
  })
}

/** An instant to the second, UTC: `2026-11-24T10:00:02Z`. */
export function showTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** `1 letter`, `20 letters`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
