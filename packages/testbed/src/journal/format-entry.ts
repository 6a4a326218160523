import type { JournalEntry } from './journal-entry.ts'
import { parseObject } from '../simulators/read-json.ts'

/** Characters of one value at most. */
const LONGEST = 120

/** An entry as text, without its time and source. Does not repeat the id of the ticket that the timeline is `about`. */
export function formatEntry(entry: JournalEntry, about?: string): string {
  const ticket = entry.ticket === undefined || entry.ticket === about ? '' : ` (${entry.ticket})`
  return formatEvent(entry) + ticket
}

function formatEvent(entry: JournalEntry): string {
  switch (entry.source) {
    case 'teams':
      if (entry.kind === 'sent') return `sent activity ${entry.activity}`
      if (entry.kind === 'replied') return `replied ${entry.status}: ${quote(entry.text)}`
      return `failed: ${entry.reason}`
    case 'server':
    case 'function':
      return formatLog(entry)
    case 'sqs':
      return formatMessage(entry)
    case 's3':
      return `${entry.kind} ${entry.detail['key'] ?? ''}`
    case 'secretsmanager':
    case 'iam':
    case 'sts':
      return `${entry.kind} ${formatFields(entry.detail)}`
    case 'lambda':
      return `${entry.detail['functionName'] ?? ''} failed: ${quote(String(entry.detail['error']))}`
    case 'fault':
      return `${entry.kind} at ${entry.at}`
    case 'note':
      return entry.kind
    case 'trello':
      return 'at' in entry ? formatCall(entry) : `${entry.kind}: ${quote(entry.name)}`
    case 'slack':
      return 'at' in entry ? formatCall(entry) : `${entry.kind} in ${entry.channel}: ${quote(entry.text)}`
    case 'workflows':
      return 'at' in entry ? formatCall(entry) : `${entry.kind}: ${quote(entry.text)}`
  }
}

function formatCall({ kind, at, outcome }: { kind: string; at: string; outcome: number | string }): string {
  return `${kind === 'call' ? at.slice(at.indexOf('.') + 1) : kind}: ${outcome}`
}

interface MessageFact {
  readonly kind: string
  readonly time: number
  readonly detail: Readonly<Record<string, string | number | boolean | undefined>>
}

function formatMessage({ kind, time, detail }: MessageFact): string {
  const { messageId: _messageId, visibleAt, receiveCount, queue, ...more } = detail
  const hidden = typeof visibleAt === 'number' ? [`hidden for ${formatDuration(visibleAt - time)}`] : []
  const count = typeof receiveCount === 'number' && receiveCount > 1 ? [`time ${receiveCount}`] : []
  return [kind, queue ?? '', ...count, ...hidden, formatFields(more)].filter((part) => part !== '').join(' ')
}

/** Fields of a log line that the timeline shows already, or that say nothing to a reader. */
const SHOWN_ELSEWHERE = new Set(['time', 'level', 'event', 'ticket', 'traceparent', 'by', 'line'])

function formatLog({ kind, level, fields }: Extract<JournalEntry, { source: 'server' | 'function' }>): string {
  const line = fields['line']
  const logged = typeof line === 'string' ? parseObject(line) : fields
  const shown = Object.entries({ ...logged }).filter(([name]) => !SHOWN_ELSEWHERE.has(name))
  const who = typeof fields['by'] === 'string' ? `${fields['by']} ` : ''
  const loud = level === 'warn' || level === 'error' ? `${level} ` : ''
  return `${who}${loud}${kind} ${formatFields(Object.fromEntries(shown))}`.trimEnd()
}

function formatFields(fields: object): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${formatValue(value)}`)
    .join(' ')
}

function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.includes(' ') ? quote(text) : text
}

function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return `"${line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line}"`
}

const UNITS = [
  { ms: 86_400_000, name: 'd', below: 3_600_000, belowName: 'h' },
  { ms: 3_600_000, name: 'h', below: 60_000, belowName: 'm' },
  { ms: 60_000, name: 'm', below: 1_000, belowName: 's' },
] as const

/** A span of time as people read it, in two units: `0 ms`, `2.5 s`, `3 m 08 s`, `1 h 02 m`, `2 d 03 h`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`
  const unit = UNITS.find((candidate) => ms >= candidate.ms)
  if (!unit) return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`
  const rest = Math.floor((ms % unit.ms) / unit.below)
  return `${Math.floor(ms / unit.ms)} ${unit.name} ${String(rest).padStart(2, '0')} ${unit.belowName}`
}
