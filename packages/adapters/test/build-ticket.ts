import type { Ticket } from 'ticket-core'

/** A medium ticket with everything; each test changes the one thing that it is about. */
export function buildTicket(change: Partial<Ticket> = {}): Ticket {
  return {
    id: 'T-7QK2M-9XD4R',
    source: '3f5a0e63b1f7b0a4c2d1e8f9a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f70819',
    title: 'Login page is blank',
    priority: 'medium',
    description: 'Since 9:40 the login page stays white in Firefox.',
    links: [],
    createdAt: '2026-11-23T14:03:22.000Z',
    reporter: { name: 'Ada Lovelace' },
    ...change,
  }
}

export function ticketNumber(index: number): Ticket {
  return buildTicket({ id: `T-00000-${String(index).padStart(5, '0')}`, title: `Ticket ${index}` })
}
