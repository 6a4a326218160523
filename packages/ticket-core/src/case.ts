import type { Ticket } from './ticket.ts'

/**
 * A ticket's case: the complete ticket, apart from its delivery, and what happened to it since. `cases/<key>.json`, opened
 * before any vendor is called; a destination that has to cut a text refers to it.
 */
export interface Case {
  readonly v: 1
  readonly id: string
  readonly source: string
  /** The Teams team the ticket came from. Absent for the older system's tickets. */
  readonly team?: string
  readonly ticket: Ticket
  /** What happened to the ticket after it was accepted, in the order in which it came. Events of unknown kinds stay. */
  readonly events: readonly unknown[]
  readonly nonce: string
}

/** The prefix of every case's object key. */
export const CASES = 'cases/'

/** The name of a case's object in the bucket. */
export function caseObject(key: string): string {
  return `${CASES}${key}.json`
}

/** The case of a ticket without events. */
export function newCase(ticket: Ticket, nonce: string): Case {
  const { id, source, teamId } = ticket
  return { v: 1, id, source, ...(teamId !== undefined && { team: teamId }), ticket, events: [], nonce }
}
