import { type Case, type Ticket, type TicketState, isForgotten, laneOf, stateOf } from 'ticket-core'
import { type Retry, storeUnavailable } from '../message-result.ts'
import type { CasePorts } from './keep-case.ts'

/** The ticket as its case is now. */
export function asItIs(known: Case, priority: Ticket['priority']): Ticket {
  const { title, description } = stateOf(known)
  return { ...known.ticket, title, description, priority }
}

/** A ticket, and what people have done with it where its case says so. */
export interface Words {
  readonly kind: 'words'
  readonly ticket: Ticket
  readonly state?: TicketState
}

/**
 * The present words of a ticket that was tried before. After a redrive they can differ from the message: an operator may
 * have edited them because the vendor refused the first ones. A ticket whose reporter was forgotten has no words any more,
 * whatever its message holds. Where the case cannot say so, the words of the message are delivered.
 */
export async function presentWords(
  ports: CasePorts,
  ticket: Ticket,
  { caseKey, isRedriven }: { readonly caseKey: string; readonly isRedriven: boolean },
): Promise<Words | Retry> {
  const stored = await ports.cases.read(caseKey)
  if (stored.kind === 'unavailable' && !stored.damaged)
    return storeUnavailable(ports, 'case', { ticket: ticket.id, reason: stored.reason })
  const known = stored.kind === 'found' && stored.item.source === ticket.source ? stored.item : undefined
  // The bucket keeps a ticket as it was reported; its key is a function of the title.
  const isPresent = isRedriven && laneOf(ticket.priority) !== 'low'
  if (!known || !(isPresent || isForgotten(known.ticket))) return { kind: 'words', ticket }
  return wordsOf(known, ticket.priority)
}

/** The words of a case. */
export function wordsOf(known: Case, priority: Ticket['priority']): Words {
  return { kind: 'words', ticket: asItIs(known, priority), state: stateOf(known) }
}
