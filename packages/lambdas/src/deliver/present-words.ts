import { type Case, type Ticket, type TicketState, stateOf } from 'ticket-core'
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
 * What a redriven ticket says now: an operator may have edited it, since its words were refused. Where its case cannot say
 * so, the words of its message are delivered.
 */
export async function presentWords(ports: CasePorts, ticket: Ticket, caseKey: string): Promise<Words | Retry> {
  const stored = await ports.cases.read(caseKey)
  if (stored.kind === 'unavailable' && !stored.damaged)
    return storeUnavailable(ports, 'case', { ticket: ticket.id, reason: stored.reason })
  const isKnown = stored.kind === 'found' && stored.item.source === ticket.source
  if (!isKnown) return { kind: 'words', ticket }
  return { kind: 'words', ticket: asItIs(stored.item, ticket.priority), state: stateOf(stored.item) }
}
