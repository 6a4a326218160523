import {
  identify,
  writeEnvelope,
  type Change,
  type Priority,
  type Ticket,
  type TicketEvent,
  type Via,
} from 'ticket-core'

/** A ticket like no other with the same number. */
export function buildTicket(priority: Priority, number = 1): Ticket {
  return {
    ...identify({ tenantId: 'tenant', conversationId: 'conversation', activityId: `activity-${number}` }),
    title: `Ticket ${number}`,
    priority,
    description: 'Since 9:40 the login page stays white.',
    links: [],
    createdAt: '2026-11-24T09:59:58.000Z',
  }
}

export function envelopeOf(ticket: Ticket, life = 0): string {
  const written = writeEnvelope({ ticket, life })
  if (!written.ok) throw new Error('the ticket is too large')
  return written.value
}

/** The event of this number, which came after those with a lower one. */
export function buildEvent(
  { id: ticket, source }: Ticket,
  change: Change,
  { number = 1, via = 'teams' }: { readonly number?: number; readonly via?: Via } = {},
): TicketEvent {
  const at = Date.parse('2026-11-24T10:00:00.000Z') + number
  return { v: 1, id: `${via}:${number}`, ticket, source, at, by: { via, name: 'Grace Hopper' }, ...change }
}
