import type { JournalEntry } from './journal-entry.ts'

/** The entries as lines for people: `+   12 ms  trello  card-created  card=…`, counted from the first entry told. */
export function tellStory(entries: readonly JournalEntry[]): string {
  const first = entries[0]
  if (!first) return '(nothing happened)'
  return entries.map((entry) => tellEntry(entry, first.time)).join('\n')
}

function tellEntry(entry: JournalEntry, start: number): string {
  const { n: _n, time, source, kind, ...rest } = entry
  const after = `+${String(time - start).padStart(6)} ms`
  return `${after}  ${source.padEnd(9)} ${kind.padEnd(16)} ${tellFields(rest)}`.trimEnd()
}

function tellFields(fields: object): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (isGroup(value) ? tellFields(value) : `${name}=${tellValue(value)}`))
    .join(' ')
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function tellValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const line = text.replaceAll(/\s+/g, ' ')
  const short = line.length > 120 ? `${line.slice(0, 119)}…` : line
  return typeof value === 'string' && short.includes(' ') ? `"${short}"` : short
}
