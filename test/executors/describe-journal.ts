import type { JournalEntry } from '@ticketing/testbed'

/** The journal of each ticket by its sources, without times, ids and the order between processes. */
export type Account = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

/** @param names what to call each ticket, by its id */
export function describeJournal(entries: readonly JournalEntry[], names: ReadonlyMap<string, string>): Account {
  const account: Record<string, Record<string, string[]>> = {}
  for (const entry of entries) {
    const name = entry.ticket === undefined ? undefined : names.get(entry.ticket)
    if (name === undefined) continue
    const own = (account[name] ??= {})
    const lines = (own[entry.source] ??= [])
    lines.push(rename(toLine(entry), names))
  }
  return account
}

/** Fields that are another each time. */
const ACCIDENTAL = new Set(['n', 'time', 'elapsed', 'messageId', 'visibleAt', 'traceparent', 'activity', 'card'])

function toLine({ source: _source, ...entry }: JournalEntry): string {
  const line = 'fields' in entry ? entry.fields['line'] : undefined
  // A log line of ours is JSON in the journal, too.
  const more: unknown = typeof line === 'string' ? { ...entry, fields: JSON.parse(line) } : entry
  return JSON.stringify(more, (key, value: unknown) => (ACCIDENTAL.has(key) ? undefined : value))
}

/** Addresses of the simulators, instants in keys, and ids that vendors gave. */
const CHANGING: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/tickets\/\d{4}\/\d\d\/\d\d\/\d{6}/g, 'tickets/<time>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>'],
  [/\bcard \w{8}\b/g, 'card <id>'],
  [/places\/trello\/[0-9a-f]{24}/g, 'places/trello/<id>'],
  [/(index\/\S*\/)[0-9a-z]{10}-/g, '$1<time>-'],
  [/(https:\/\/teams\.microsoft\.com\/l\/message\/[^/]+\/)[^|\\\s]*/g, '$1<message>'],
]

function rename(text: string, names: ReadonlyMap<string, string>): string {
  let renamed = text
  for (const [id, name] of names) renamed = renamed.replaceAll(id, name)
  for (const [pattern, name] of CHANGING) renamed = renamed.replace(pattern, name)
  return renamed
}
