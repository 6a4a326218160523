import type { Field } from './labels.ts'
import { findInlineLabels, readLabel, unescapeLabel } from './labels.ts'

/** The raw values of the fields that a text names, and what stands before the first label. */
export interface Fields {
  readonly values: Map<Field, string>
  readonly before: string
}

const REQUIRED: readonly Field[] = ['title', 'priority', 'description']
const SEPARATORS = ' \t\n,;|/*_>•–-('

/**
 * Splits a normalised text at its labels.
 *
 * 1. A label counts at the start of a line, the first time only: seen again it is text of the field that is open.
 * 2. With fewer than two fields found so (Teams may have put everything on one line), labels count inside lines too,
 *    again the first of each.
 * 3. A required field found nowhere is looked for inside the line of the title and of the priority.
 *
 * A line that starts with a backslash and a label is text: the backslash is taken off.
 */
export function splitFields(text: string): Fields {
  const byLine = splitAtLines(text)
  if (byLine.values.size < 2) return splitInside(text)
  if (REQUIRED.some((field) => !byLine.values.has(field))) {
    for (const field of ['title', 'priority'] as const) cutMissing(byLine.values, field)
  }
  return byLine
}

/** Whether a text holds any label at all: then it is meant as a ticket. */
export function hasLabel(text: string): boolean {
  return text.split('\n').some((line) => readLabel(line)) || findInlineLabels(text).length > 0
}

function splitAtLines(text: string): Fields {
  const parts = new Map<Field, string[]>()
  const before: string[] = []
  let open = before
  for (const line of text.split('\n')) {
    const label = readLabel(line)
    if (!label || parts.has(label.field)) {
      open.push(unescapeLabel(line))
      continue
    }
    const value = line.slice(label.valueStart).trim()
    const isBoldToTheEnd = label.bold !== '' && value.endsWith(label.bold)
    open = [isBoldToTheEnd ? value.slice(0, -label.bold.length) : value]
    parts.set(label.field, open)
  }
  return { values: new Map([...parts].map(([field, lines]) => [field, lines.join('\n')])), before: before.join('\n') }
}

function splitInside(text: string): Fields {
  const values = new Map<Field, string>()
  const firsts = keepFirsts(findInlineLabels(text))
  for (const [index, { field, valueStart }] of firsts.entries()) {
    values.set(field, trimSeparators(text.slice(valueStart, firsts[index + 1]?.start)))
  }
  return { values, before: trimSeparators(text.slice(0, firsts[0]?.start)) }
}

/** Takes required fields that were found nowhere out of the first line of a field that has but one line. */
function cutMissing(values: Map<Field, string>, from: 'title' | 'priority'): void {
  const value = values.get(from) ?? ''
  const lineEnd = value.includes('\n') ? value.indexOf('\n') : value.length
  const line = value.slice(0, lineEnd)
  const missing = keepFirsts(findInlineLabels(line)).filter(
    ({ field }) => REQUIRED.includes(field) && !values.has(field),
  )
  const [first] = missing
  if (!first) return
  values.set(from, trimSeparators(line.slice(0, first.start)) + value.slice(lineEnd))
  for (const [index, { field, valueStart }] of missing.entries()) {
    values.set(field, trimSeparators(line.slice(valueStart, missing[index + 1]?.start)))
  }
}

function keepFirsts<Found extends { readonly field: Field }>(labels: readonly Found[]): Found[] {
  const seen = new Set<Field>()
  return labels.filter(({ field }) => !seen.has(field) && seen.add(field))
}

/** Where labels share a line, people put commas, bars or dashes between the fields. */
function trimSeparators(text: string): string {
  let end = text.length
  while (end > 0 && SEPARATORS.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
