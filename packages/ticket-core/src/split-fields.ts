import { unwrapDirection } from './direction.ts'
import { dropFrame } from './drop-frame.ts'
import { type Field, type Label, findInlineLabels, readLabel, REQUIRED_FIELDS, unescapeLabel } from './labels.ts'
import { readMixedRows, readUnmarkedForm } from './unmarked-form.ts'

/** The raw values of the fields that a text names, and the text before the first label. */
export interface Fields {
  readonly values: Map<Field, string>
  readonly before: string
}

const SEPARATORS = ' \t\n,;|/*_>•–-('
const QUOTED = /^[ \t]{0,3}>.*$/gm
const QUOTE_MARKS = /^(?:[ \t]{0,3}> ?){1,8}/gm

/**
 * Splits a normalised text at its labels.
 *
 * 1. A label counts at the start of a line, the first time only: a second one is text of the field that is open.
 * 2. If this finds fewer than two fields (Teams may have put everything on one line), labels count inside lines too,
 *    again the first of each.
 * 3. A required field that is still missing is searched inside the line of the title and of the priority, and in the last
 *    line before the first label.
 *
 * A line that starts with a backslash and a label is text: the backslash is removed. Lines that start with `>` are a
 * quote and hold no label, unless all lines do. A text without labels may be a form whose names have no
 * colon.
 */
export function splitFields(text: string): Fields {
  const settled = settle(text)
  const byLine = splitAtLines(settled)
  if (byLine.values.size > 0 && !hasAll(byLine)) {
    const mixed = readMixedRows(settled)
    if (mixed !== undefined) return splitAtLines(mixed)
  }
  if (byLine.values.size < 2) return splitInside(settled)
  if (hasAll(byLine)) return byLine
  for (const field of ['title', 'priority'] as const) cutMissing(byLine, field)
  return cutBefore(byLine)
}

function hasAll({ values }: Fields): boolean {
  return REQUIRED_FIELDS.every((field) => values.has(field))
}

/** Whether a text holds a label outside quotes: then it is meant as a ticket. */
export function hasLabel(text: string): boolean {
  const own = hideQuotes(text)
  return own.split('\n').some((line) => readLabel(line)) || findInlineLabels(own).length > 0
}

/**
 * A text with its form laid open: the quote marks removed when everything is quoted, and names without a colon made
 * labels. A quote beside words of the writer stays one: it is another person's form.
 */
function settle(text: string): string {
  if (hasLabel(text)) return dropFrame(text)
  const form = isAllQuoted(text) ? text.replaceAll(QUOTE_MARKS, '') : text
  return hasLabel(form) ? dropFrame(form) : (readUnmarkedForm(form) ?? text)
}

function isAllQuoted(text: string): boolean {
  return !/[^\s\p{Cf}]/u.test(withoutQuotes(text))
}

/** The lines that are not quoted. */
export function withoutQuotes(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^[ \t]{0,3}>/.test(line))
    .join('\n')
    .trim()
}

/** Replaces quotes by spaces; every index stays valid. */
function hideQuotes(text: string): string {
  return text.replaceAll(QUOTED, (line) => ' '.repeat(line.length))
}

interface ByLine extends Fields {
  /** The mark before each label. */
  readonly marks: ReadonlyMap<Field, string>
}

function splitAtLines(text: string): ByLine {
  const parts = new Map<Field, string[]>()
  const marks = new Map<Field, string>()
  const before: string[] = []
  let open = before
  for (const line of text.split('\n')) {
    const label = readLabel(line)
    if (!label || parts.has(label.field)) {
      open.push(unescapeLabel(line))
      continue
    }
    open = [readValue(line, label)]
    parts.set(label.field, open)
    marks.set(label.field, label.marks)
  }
  const values = new Map([...parts].map(([field, lines]) => [field, lines.join('\n')]))
  return { values, marks, before: before.join('\n') }
}

/** The text after a label on its line, without the label's own bold, direction marks and table frame. */
function readValue(line: string, { valueStart, bold, isDirected, marks }: Label): string {
  const rest = line.slice(valueStart)
  const own = isDirected ? unwrapDirection(rest, line.slice(0, valueStart)) : rest.trim()
  const value = marks.includes('|') ? own.replace(/^\|\s*/, '').replace(/\s?\|$/, '') : own
  return bold !== '' && value.endsWith(bold) ? value.slice(0, -bold.length) : value
}

function splitInside(text: string): Fields {
  const values = new Map<Field, string>()
  const firsts = keepFirsts(findInlineLabels(hideQuotes(text)))
  const before = text.slice(0, firsts[0]?.start)
  const mark = before.slice(before.lastIndexOf('\n') + 1)
  for (const [index, { field, valueStart }] of firsts.entries()) {
    values.set(field, cutValue(text, [valueStart, firsts[index + 1]?.start], mark))
  }
  return { values, before: trimEnd(before, mark) }
}

/** Takes missing required fields out of the first line of a field that has only one line. */
function cutMissing({ values, marks }: ByLine, from: 'title' | 'priority'): void {
  const value = values.get(from) ?? ''
  const lineEnd = value.includes('\n') ? value.indexOf('\n') : value.length
  const line = value.slice(0, lineEnd)
  const rest = cutLabels(values, line, marks.get(from) ?? '')
  if (rest !== undefined) values.set(from, rest + value.slice(lineEnd))
}

/** The same for the last line before the first label: "Hello, Title: Login page". */
function cutBefore({ values, before }: ByLine): Fields {
  const lineStart = before.lastIndexOf('\n') + 1
  const rest = cutLabels(values, hideQuotes(before.slice(lineStart)), '')
  return { values, before: rest === undefined ? before : before.slice(0, lineStart) + rest }
}

/** Cuts missing required fields out of a line; returns the rest of it, undefined when nothing was found. */
function cutLabels(values: Map<Field, string>, line: string, mark: string): string | undefined {
  const missing = keepFirsts(findInlineLabels(line)).filter(
    ({ field }) => REQUIRED_FIELDS.includes(field) && !values.has(field),
  )
  const [first] = missing
  if (!first) return undefined
  for (const [index, { field, valueStart }] of missing.entries()) {
    values.set(field, cutValue(line, [valueStart, missing[index + 1]?.start], mark))
  }
  return trimEnd(line.slice(0, first.start), mark)
}

function keepFirsts<Found extends { readonly field: Field }>(labels: readonly Found[]): Found[] {
  const seen = new Set<Field>()
  return labels.filter(({ field }) => !seen.has(field) && seen.add(field))
}

/** A value up to the next label, without the separator before the next field; the last value has no separator. */
function cutValue(text: string, [start, next]: readonly [number, number | undefined], mark: string): string {
  if (next !== undefined) return trimEnd(text.slice(start, next), mark)
  const value = text.slice(start).trimEnd()
  // Bold or italics around the whole form end here; a pair inside the value belongs to it.
  const around = /^[*_]{1,3}/.exec(text.trimStart())?.[0]
  if (around === undefined || !value.endsWith(around) || value.split(around).length % 2 === 1) return value
  return value.slice(0, -around.length).trimEnd()
}

/** The end of a value before the next label, by the mark before the first one: `1)`, `###`, an emoji. */
const LAST_MARK =
  /(?:^|[\s\p{Cf}])((?:[([]?(?:\p{Nd}{1,3}|[a-zA-Z]|[ivxIVX]{2,4})[)\].]|\[[ xX✓✔]?\]|#{1,6}|[\p{So}\p{Extended_Pictographic}\u{fe0f}]{1,8})[\s\p{Cf}]{0,3})$/u

/**
 * Where labels share a line, people put commas, bars or dashes between the fields, and before each label the same kind of
 * mark as before the first one.
 */
function trimEnd(text: string, firstMark: string): string {
  const trimmed = trimSeparators(text)
  if (!LAST_MARK.test(firstMark)) return trimmed
  const found = LAST_MARK.exec(text.slice(-24))?.[1]
  return found === undefined ? trimmed : trimSeparators(text.slice(0, -found.length))
}

function trimSeparators(text: string): string {
  let end = text.length
  while (end > 0 && SEPARATORS.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
