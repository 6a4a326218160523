import type { Field } from './labels.ts'
import { dropColon, fieldNamed, REQUIRED_FIELDS } from './labels.ts'

/**
 * Reads a form whose names have no colon, and returns it with labels. A table: one field a row (`Title | Login page`), or a
 * row of names above a row of values, with bars or tabs between the cells. Or headings: each name alone on its line
 * above its text. Other lines stay; undefined when there is no such form, or several tickets
 * under one head.
 */
export function readUnmarkedForm(text: string): string | undefined {
  const lines = text.split('\n')
  return readHead(lines) ?? readRows(lines) ?? readHeadings(lines)
}

/** Names that stand alone count as ordinary words unless all three are there. */
function readHeadings(lines: readonly string[]): string | undefined {
  const fields = new Set<Field>()
  const labelled = lines.map((line) => {
    const field = fieldNamed(line.trim())
    if (field === undefined || fields.has(field)) return line
    fields.add(field)
    return `${field}:`
  })
  return REQUIRED_FIELDS.every((field) => fields.has(field)) ? labelled.join('\n') : undefined
}

function readRows(lines: readonly string[]): string | undefined {
  const fields = new Set<Field>()
  const labelled = lines.map((line) => {
    const [name = '', ...rest] = readCells(line)
    const field = fieldNamed(name)
    if (field === undefined || fields.has(field)) return line
    fields.add(field)
    return `${field}: ${rest.join(' | ')}`
  })
  return fields.size < 2 ? undefined : labelled.filter((line) => !isRuler(line)).join('\n')
}

function readHead(lines: readonly string[]): string | undefined {
  const at = lines.findIndex((line) => countFields(readCells(line)) > 1)
  if (at < 0) return undefined
  const head = readCells(lines[at] ?? '')
  const below = lines.slice(at + 1).filter((line) => !isRuler(line))
  const rows = below.filter((line) => readCells(line).length > 1)
  const [values] = rows
  const cells = readCells(values ?? '')
  if (rows.length !== 1 || cells.length > head.length) return undefined
  const pairs = head.map((name, column) => ({ field: fieldNamed(name), name, value: cells[column] ?? '' }))
  const known = pairs.flatMap(({ field, value }) => (field ? [`${field}: ${value}`] : []))
  const others = pairs.flatMap(({ field, name, value }) => (field ? [] : [`${dropColon(name)}: ${value}`]))
  return [...lines.slice(0, at), ...known, ...others, ...below.filter((line) => line !== values)].join('\n')
}

function countFields(cells: readonly string[]): number {
  return new Set(cells.map(fieldNamed).filter((field) => field !== undefined)).size
}

/** The cells of a row; a bar at either end belongs to the frame. */
function readCells(line: string): string[] {
  const isBarred = line.includes('|')
  if (!isBarred && !line.includes('\t')) return []
  const cells = line.split(isBarred ? '|' : '\t').map((cell) => cell.trim())
  if (isBarred && cells[0] === '') cells.shift()
  if (isBarred && cells.at(-1) === '') cells.pop()
  return cells
}

/** The line between head and rows: `| --- | :-: |`. */
function isRuler(line: string): boolean {
  return line.includes('|') && line.includes('-') && /^[\s|:+-]+$/.test(line)
}
