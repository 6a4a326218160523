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
      if (entry.kind === 'delivery.delivered') return 'delivered, and recorded in the ledger'
      if (entry.kind === 'ticket.dead') return 'given up: to the dead letters'
      return entry.kind.startsWith('delivery.') ? entry.kind : undefined
    default:
      return undefined
  }
}
