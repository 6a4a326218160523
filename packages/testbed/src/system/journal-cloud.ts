import type { CloudEvent } from '@ticketing/local-aws'
import type { JournalWriter } from '../journal/create-journal.ts'
import { noteLogLine } from '../journal/note-log-line.ts'
import { labelOf } from '../simulators/find-ticket-id.ts'

/** Writes the events of the embedded cloud into the journal, with their tickets. */
export function journalCloud(journal: JournalWriter, intake?: string): (event: CloudEvent) => void {
  /** By message id: events of SQS name no ticket. */
  const tickets = new Map<string, string>()
  return (event) => {
    switch (event.source) {
      case 'sqs': {
        const { source, kind, at: _at, ...detail } = event
        if (event.kind === 'message-sent') {
          const { ticket } = labelOf(event.body)
          if (ticket !== undefined) tickets.set(event.messageId, ticket)
          journal.note({
            source,
            kind,
            detail: { queue: event.queue, messageId: event.messageId },
            ...(ticket !== undefined && { ticket }),
          })
          return
        }
        const ticket = 'messageId' in event ? tickets.get(event.messageId) : undefined
        journal.note({ source, kind, detail, ...(ticket !== undefined && { ticket }) })
        return
      }
      case 's3': {
        const { source, kind, bucket, key } = event
        journal.note({ source, kind, detail: { bucket, key }, ...labelOf(key) })
        return
      }
      case 'lambda': {
        if (event.kind === 'function-log') {
          const source = event.functionName === intake ? 'server' : 'function'
          noteLogLine(journal, { source, line: event.line, by: event.functionName })
          return
        }
        const { source, kind, functionName } = event
        const batch = event.kind === 'batch-ended' && { failed: event.failed.length, reason: event.reason }
        journal.note({
          source,
          kind,
          detail: { functionName, ...('error' in event && { error: event.error }), ...batch },
        })
        return
      }
      case 'events':
        if (event.kind === 'target-failed') {
          journal.note({ source: 'note', kind: `rule ${event.rule} could not reach ${event.target}: ${event.reason}` })
        }
        return
      case 'cloud':
        if (event.error !== undefined) {
          journal.note({ source: 'note', kind: `${event.service}.${event.operation} answered ${event.error}` })
        }
    }
  }
}
