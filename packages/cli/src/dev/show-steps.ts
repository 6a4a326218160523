import type { Journal, JournalEntry } from '@ticketing/testbed'
import { printableLine } from '../text/printable.ts'
import type { World } from '../world.ts'

/** Prints one line a step as it happens: milliseconds since the start, ticket, what happened. */
export function showSteps(journal: Journal, world: World): () => void {
  const show = (entry: JournalEntry): void => {
    const words = describe(entry)
    if (words === undefined) return
    world.say(
      `${String(Math.round(world.sinceStart())).padStart(6)} ms  ${(entry.ticket ?? '').padEnd(13)}  ${printableLine(words)}`,
    )
  }
  return journal.onEntry(show)
}

/** The steps of a ticket's way; everything else is the journal's own affair. */
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
    default:
      return undefined
  }
}

/** The functions' log lines that are steps of a ticket's way. */
function describeLine(
  event: string,
  { code, reason, messageId, ticket }: Readonly<Record<string, unknown>>,
): string | undefined {
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
    default:
      return event.startsWith('delivery.') ? event : undefined
  }
}

function readFields(line: unknown): Readonly<Record<string, unknown>> {
  const fields: unknown = typeof line === 'string' ? JSON.parse(line) : undefined
  return typeof fields === 'object' && fields !== null ? { ...fields } : {}
}
