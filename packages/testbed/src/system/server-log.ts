import { createLog, createRedaction } from 'ticket-adapters/log'
import type { Redaction } from 'ticket-adapters/log'
import type { Clock, Log } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { noteLogLine } from '../journal/note-log-line.ts'

/** What a testbed's servers are set to, beside secret and port. */
export const SERVER_SETTINGS = { host: '127.0.0.1', port: 0, maxAgeMs: 300_000, logLevel: 'info' } as const

/** A server's log, written into the journal, with what it must hide. */
export function createServerLog({ clock, journal }: { readonly clock: Clock; readonly journal: JournalWriter }): {
  readonly log: Log
  readonly redaction: Redaction
} {
  const redaction = createRedaction()
  const write = (line: string): void => noteLogLine(journal, { source: 'server', line })
  return { log: createLog({ write, clock, redaction }), redaction }
}
