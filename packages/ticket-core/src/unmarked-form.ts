import { type Field, dropColon, fieldNamed, isRowNumber, readLabel, REQUIRED_FIELDS } from './labels.ts'

/**
 * Reads a form whose names have no colon, and returns it with labels. A table: one field a row (`Title | Login page`), or a
 * row of names above a row of values, with bars or tabs between the cells. Or headings: each name alone on its line
 * above its text. Other lines stay; undefined when there is no such form, or several tickets
 * under one head.
 */
export function readUnmarkedForm(text: string): string | undefined {
  const lines = text.split('\n').flatMap(splitPairs)
  return readHead(lines) ?? readRows(lines) ?? readHeadings(lines)
}

/**
 * Completes a form in which only some names of a table have a colon. Its rows and labels stand together and hold every
 * required field; else undefined: a table away from the labels is text.
 */
export function readMixedRows(text: string): string | undefined {
  const lines = text.split('\n').flatMap(splitPairs)
  const fields = new Set<Field>()
  const at: number[] = []
  const labelled = lines.map((line, index) => {
    const row = readRow(line)
    const field = readLabel(line)?.field ?? row?.field
    if (field === undefined || fields.has(field)) return line
    fields.add(field)
    at.push(index)
    return row === undefined || readLabel(line) ? line : `${field}: ${row.value}`
  })
  const isTogether = at.every((index, order) => order === 0 || index === (at[order - 1] ?? 0) + 1)
  if (!isTogether || !REQUIRED_FIELDS.every((field) => fields.has(field))) return undefined
  return labelled.filter((line) => !isRuler(line)).join('\n')
}

/** A row of several names, each before its value, as one row a name. */
function splitPairs(line: string): string[] {
  const cells = readCells(line)
  const isPairs = cells.length > 2 && cells.every((cell, at) => at % 2 !== (fieldNamed(cell) ? 1 : 0))
  if (!isPairs || cells.length % 2 === 1) return [line]
  return cells.flatMap((name, at) => (at % 2 === 0 ? [`${name} | ${cells[at + 1] ?? ''}`] : []))
}

/** A row that begins with a name, or with a number and a name. */
function readRow(line: string): { readonly field: Field; readonly value: string } | undefined {
  const cells = readCells(line)
  const [name = '', ...rest] = isRowNumber(cells[0] ?? '') ? cells.slice(1) : cells
  const field = fieldNamed(name)
  return field && { field, value: rest.join(' | ') }
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
    const row = readRow(line)
    if (row === undefined || fields.has(row.field)) return line
    fields.add(row.field)
    return `${row.field}: ${row.value}`
  })
  if (fields.size < 2) return undefined
  const first = lines.findIndex((line) => readRow(line) !== undefined)
  return labelled.filter((line, at) => !isRuler(line) && !(at < first && isHead(line))).join('\n')
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

/** A head that only says what the columns hold. */
function isHead(line: string): boolean {
  const cells = readCells(line)
  return cells.length > 1 && cells.every((cell) => HEADS.test(cell))
}

const HEADS =
  /^(?:#|№|no\.?|nr\.?|fields?|names?|keys?|labels?|items?|values?|texts?|answers?|contents?|your answer)?$/i

/** The line between head and rows: `| --- | :-: |`. */
function isRuler(line: string): boolean {
  return line.includes('|') && line.includes('-') && /^[\s|:+-]+$/.test(line)
}
