import { type Effect, type Ticket, digestTicket, effectKey } from 'ticket-core'

/** What a record is about. A message with another source or digest is not about the same. */
export interface Subject {
  /** The record's key in its lane: a ticket's id, or the name of an effect. */
  readonly id: string
  readonly source: string
  /** Of everything that the message says. */
  readonly digest: string
  readonly team?: string
}

export function ticketSubject(ticket: Ticket): Subject {
  const { id, source, teamId } = ticket
  return { id, source, digest: digestTicket(ticket), ...(teamId !== undefined && { team: teamId }) }
}

/** An effect's message holds ids only: its name and its ticket's source are all that it says. */
export function effectSubject(effect: Effect): Subject {
  return { id: effectKey(effect), source: effect.source, digest: effect.source }
}
