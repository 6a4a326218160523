import { type Case, type Person, type TicketState, stateOf } from 'ticket-core'

/** What `--json` says of a ticket, wherever it stands. Instants are ISO 8601. */
export interface TicketSummary extends StateSummary {
  readonly id: string
  readonly team?: string
  readonly createdAt: string
  readonly reporter?: string
}

/** A state in short. */
export interface StateSummary {
  readonly status: TicketState['status']
  readonly priority: TicketState['priority']
  readonly title: string
  readonly stage?: string
  readonly assignee?: Person
  readonly comments: number
}

export function summariseTicket(known: Case): TicketSummary {
  const { id, team, ticket } = known
  return {
    id,
    ...(team !== undefined && { team }),
    createdAt: ticket.createdAt,
    ...(ticket.reporter && { reporter: ticket.reporter.name }),
    ...summariseState(stateOf(known)),
  }
}

export function summariseState({ status, priority, title, stage, assignee, comments }: TicketState): StateSummary {
  return {
    status,
    priority,
    title,
    ...(stage !== undefined && { stage }),
    ...(assignee && { assignee }),
    comments: comments.length,
  }
}
