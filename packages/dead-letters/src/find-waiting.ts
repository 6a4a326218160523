import {
  type CaseStore,
  type DeadLetter,
  type DeadLetterArchive,
  type Place,
  TICKET_MISSING,
  destinationFor,
  effectKey,
  effectsOf,
  stateOf,
} from 'ticket-core'

interface WaitingPorts {
  readonly archive: Pick<DeadLetterArchive, 'read'>
  readonly cases: Pick<CaseStore, 'read'>
}

/**
 * The letters of the notes and syncs that waited for the ticket of this letter at its place, until they were given up. Which
 * ones there can be follows from the events of the case: the archive is not searched.
 */
export async function findWaiting(
  { archive, cases }: WaitingPorts,
  key: string,
): Promise<
  | { readonly kind: 'found'; readonly keys: readonly string[] }
  | { readonly kind: 'unavailable'; readonly reason: string }
> {
  const stored = await archive.read(key)
  if (stored.kind === 'unavailable') return stored
  const brings = stored.kind === 'found' ? broughtBy(stored.item) : undefined
  if (!brings) return { kind: 'found', keys: [] }
  const found = await cases.read(brings.ticket)
  if (found.kind === 'unavailable' && !found.damaged) return found
  if (found.kind !== 'found') return { kind: 'found', keys: [] }
  const known = found.item
  const effects = stateOf(known).history.flatMap((event) => effectsOf(event, known))
  const possible = new Set(effects.filter(({ place }) => place === brings.place).map(effectKey))
  possible.delete(key)
  const keys: string[] = []
  for (const one of possible) {
    const letter = await archive.read(one)
    if (letter.kind === 'unavailable') return letter
    if (letter.kind === 'found' && letter.item.cause.code === TICKET_MISSING && letter.item.closed === undefined)
      keys.push(one)
  }
  return { kind: 'found', keys }
}

/** The ticket that a letter brings to a place: a ticket's own, or a sync for one that moved there. */
function broughtBy({
  kind,
  ticket,
  effect,
}: DeadLetter): { readonly ticket: string; readonly place: Place } | undefined {
  if (kind === 'ticket' && ticket) return { ticket: ticket.id, place: destinationFor(ticket.priority) }
  if (kind === 'effect' && effect?.kind === 'sync') return { ticket: effect.ticket, place: effect.place }
  return undefined
}
