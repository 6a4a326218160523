import type { DeadLetter, EffectQueue } from 'ticket-core'
import type { Archived } from './write-archive.ts'

/** What notifying teams of their dead tickets needs. */
export interface NotifyTeamsPorts {
  readonly effects: Pick<EffectQueue, 'enqueue'>
}

/**
 * Sends the news of dead tickets to the lane of news, once an admin knows. Returns the keys of
 * the letters whose team needs no further notice: what the queue did not take comes back, and the record catches a repeat.
 */
export async function notifyTeams(
  { effects }: NotifyTeamsPorts,
  archived: readonly Archived[],
  notified: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const letters = new Map(archived.map(({ letter }) => [letter.key, letter]))
  const sent = await Promise.all(
    [...notified].map(async (key) => {
      const news = newsOf(letters.get(key))
      const queued = news && (await effects.enqueue(news))
      return queued === undefined || queued.kind === 'accepted' ? [key] : []
    }),
  )
  return new Set(sent.flat())
}

function newsOf(letter: DeadLetter | undefined): Parameters<EffectQueue['enqueue']>[0] | undefined {
  const { kind, ticket, life: ticketLife = 0 } = letter ?? {}
  if (kind !== 'ticket' || ticket?.teamId === undefined) return undefined
  return { kind: 'death', place: 'team', ticket: ticket.id, source: ticket.source, ticketLife }
}
