import { escapeToAscii, type Clock, type Log, type LogFields, type LogLevel } from 'ticket-core'
import type { Redaction } from './redaction.ts'

export interface LogOptions {
  /** Takes one line, its line feed included. */
  readonly write: (line: string) => void
  readonly clock: Clock
  readonly redaction: Redaction
  /** Events below this are dropped. @default 'info' */
  readonly level?: LogLevel
  /** Fields of every line: service, version, function. */
  readonly base?: LogFields
}

const WEIGHT: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }
/** UTF-16 units of one value. */
const LONGEST_VALUE = 2000

/** JSON lines: `time`, `level`, `event`, then the fields. Secrets are replaced in every value before it is written. */
export function createLog({ write, clock, redaction, level = 'info', base = {} }: LogOptions): Log {
  return {
    write(at, event, fields = {}) {
      if (WEIGHT[at] < WEIGHT[level]) return
      const line: Record<string, unknown> = { time: new Date(clock.now()).toISOString(), level: at, event }
      for (const [name, value] of Object.entries({ ...base, ...fields }))
        if (!(name in line)) line[name] = cleanValue(value, redaction)
      write(`${escapeLine(JSON.stringify(line))}\n`)
    },
  }
}

function cleanValue(value: LogFields[string], redaction: Redaction): unknown {
  if (typeof value === 'string') return cleanText(value, redaction)
  if (Array.isArray(value)) return value.map((item: string) => cleanText(item, redaction))
  return value
}

function cleanText(text: string, redaction: Redaction): string {
  // Redacted before it is cut: half a secret would not be recognised any more.
  const shown = redaction.redact(text)
  return shown.length <= LONGEST_VALUE ? shown : `${shown.slice(0, LONGEST_VALUE)}…`
}

/**
 * Escapes what could forge a line or deceive the reader of a log in a terminal: DEL and C1 controls, bidirectional and
 * other invisible format characters, U+2028 and U+2029. JSON has escaped line feeds and ESC already.
 */
function escapeLine(json: string): string {
  return json.replaceAll(/[\u007F-\u009F\u00AD\p{Cf}\u2028\u2029]/gu, escapeToAscii)
}
