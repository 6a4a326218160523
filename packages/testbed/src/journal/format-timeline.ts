import type { JournalEntry } from './journal-entry.ts'
import { formatEntry, formatDuration } from './format-entry.ts'

/**
 * What happened, to one ticket or to all, as lines for people: `+1 m 00 s  trello    createCard: 503`, counted from the
 * first line. Shows only entries that say something about tickets.
 */
export function formatTimeline(entries: readonly JournalEntry[], ticket?: string): string {
  const shown = (ticket === undefined ? entries : entries.filter(concerns(entries, ticket))).filter(isRelevant)
  const first = shown[0]
  if (!first) return '(nothing happened)'
  const lines = shown.map((entry) => {
    const text = formatEntry(entry, ticket)
    const since = entry.time - first.time
    // A clock may be set back.
    return `${`${since < 0 ? '' : '+'}${formatDuration(since)}`.padStart(10)}  ${entry.source.padEnd(9)} ${text}`.trimEnd()
  })
  return lines.join('\n')
}

/** Entries of the ticket, of the message that it came with, and failures that concern all tickets. */
function concerns(entries: readonly JournalEntry[], ticket: string): (entry: JournalEntry) => boolean {
  const activities = new Set(
    entries.flatMap((entry) => (entry.source === 'teams' && entry.ticket === ticket ? entry.activity : [])),
  )
  return (entry) => {
    if (entry.ticket !== undefined) return entry.ticket === ticket
    if (entry.source === 'teams') return activities.has(entry.activity)
    return entry.source === 'fault' || failed(entry)
  }
}

function failed(entry: JournalEntry): boolean {
  return entry.source === 'lambda' && entry.detail['error'] !== undefined
}

/** False for noise: Lambda's lines around each invocation, metrics, reads of objects that do not exist yet. */
function isRelevant(entry: JournalEntry): boolean {
  switch (entry.source) {
    case 'lambda':
      return failed(entry)
    case 'note':
      return !/: (?:START|END|REPORT) RequestId: | answered NoSuchKey$/.test(entry.kind)
    case 'function':
      return entry.kind !== 'metric'
    case 'teams':
    case 'server':
    case 'sqs':
    case 's3':
    case 'secretsmanager':
    case 'iam':
    case 'sts':
    case 'trello':
    case 'slack':
    case 'workflows':
    case 'fault':
      return true
  }
}
