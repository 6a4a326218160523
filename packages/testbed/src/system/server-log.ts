import { createLog, createRedaction, type Redaction } from 'ticket-adapters/log'
import type { Clock, Log } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { noteLogLine } from '../journal/note-log-line.ts'

/** The settings of a testbed's servers, besides secret and port. */
export const SERVER_SETTINGS = {
  host: '127.0.0.1',
  port: 0,
  maxAgeMs: 300_000,
  logLevel: 'info',
  escalateAfterMs: 900_000,
} as const

/** A server's log, which writes into the journal, and its redaction. */
export function createServerLog({ clock, journal }: { readonly clock: Clock; readonly journal: JournalWriter }): {
  readonly log: Log
  readonly redaction: Redaction
} {
  const redaction = createRedaction()
  const write = (line: string): void => noteLogLine(journal, { source: 'server', line })
  return { log: createLog({ write, clock, redaction }), redaction }
}
