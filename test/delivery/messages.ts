import { identify, writeEnvelope, type Priority, type Ticket } from 'ticket-core'

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
