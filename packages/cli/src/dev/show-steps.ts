import type { Journal, JournalEntry } from '@ticketing/testbed'
import { printableLine } from '../text/printable.ts'
import type { CommandContext } from '../command.ts'

/** Prints one line a step as it happens: milliseconds since the start, ticket, what happened. */
export function showSteps(journal: Journal, context: CommandContext): () => void {
  const show = (entry: JournalEntry): void => {
    const words = describe(entry)
    if (words === undefined) return
    context.print(
      `${String(Math.round(context.sinceStart())).padStart(6)} ms  ${(entry.ticket ?? '').padEnd(13)}  ${printableLine(words)}`,
    )
  }
  return journal.onEntry(show)
}

/** The text of a step of a ticket. Undefined for all other entries. */
function describe(entry: JournalEntry): string | undefined {
  switch (entry.source) {
    case 'teams':
      if (entry.kind === 'sent') return 'Teams posts a message'
      if (entry.kind === 'replied') return `the bot answers: ${entry.text.split('\n')[0] ?? ''}`
      return `Teams shows an error: ${entry.reason}`
    case 'sqs':
      if (entry.kind === 'message-sent') return `queued on ${String(entry.detail['queue'])}`
      if (entry.kind === 'message-received') return `handed to the function of ${String(entry.detail['queue'])}`
      return undefined
    case 'trello':
      return entry.kind === 'card-created' ? `card in Trello: ${entry.name}` : undefined
    case 'slack':
      return entry.kind === 'message-posted' ? `message in Slack, #${entry.channel}` : undefined
    case 'function':
      return describeLine(entry.kind, readFields(entry.fields['line']))
    case 'server':
      return describeRequest(entry, readFields(entry.fields['line']))
    default:
      return undefined
  }
}

/** Requests that did not become a ticket, and warnings of the server. */
function describeRequest({ kind, level }: { kind: string; level: string }, fields: Fields): string | undefined {
  const { code, status, hint, problems, answer, reason, verb, outcome } = fields
  switch (kind) {
    case 'request.refused':
      return `refused${typeof status === 'number' ? ` with ${status}` : ''} (${String(code)}): ${String(hint)}`
    case 'ticket.malformed':
      return `answered with what is wrong (${Array.isArray(problems) ? problems.join(', ') : ''}) and a corrected form`
    case 'help.answered':
      return 'answered with the help'
    case 'status.answered':
      return `answered where it is: ${String(answer)}`
    case 'command.answered':
      return `command ${typeof verb === 'string' ? `${verb}: ` : ''}${String(outcome)}`
    case 'ticket.repeated':
      return 'came again: answered with the same id'
    default:
      return level === 'warn' || level === 'error'
        ? `${kind}: ${[hint, reason, code].find((text) => typeof text === 'string') ?? ''}`
        : undefined
  }
}

/** Log lines of the functions that are steps of a ticket. */
function describeLine(event: string, { code, reason, messageId, ticket, why, state }: Fields): string | undefined {
  switch (event) {
    case 'delivery.delivered':
      return 'delivered, and recorded in the ledger'
    case 'delivery.unfit': {
      const why = code === 'unreadable' ? `cannot be read: ${String(reason)}` : `cannot be delivered: ${String(reason)}`
      return `${why} (message ${String(messageId)}): to the dead letters`
    }
    case 'ticket.dead':
      return `given up (${String(code)}): to the dead letters`
    case 'dead-letter.archived':
      return `kept as a dead letter: npx -y pnpm@12 ticketing dead-letters show ${String(ticket)}`
    case 'delivery.retry':
    case 'delivery.unknown':
      return `${event === 'delivery.retry' ? 'not delivered' : 'perhaps delivered'}, tried again later (${String(code)}): ${String(reason)}`
    case 'delivery.later':
      return `waits: ${String(why)}`
    case 'delivery.repeated':
      return `came again, and is ${String(state)} already`
    default:
      return event.startsWith('delivery.') ? event : undefined
  }
}

type Fields = Readonly<Record<string, unknown>>

function readFields(line: unknown): Fields {
  const fields: unknown = typeof line === 'string' ? JSON.parse(line) : undefined
  return typeof fields === 'object' && fields !== null ? { ...fields } : {}
}
