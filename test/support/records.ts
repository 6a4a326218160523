import {
  digestTicket,
  identify,
  writeEnvelope,
  type Change,
  type DeadLetter,
  type LedgerRecord,
  type Priority,
  type Ticket,
  type TicketEvent,
  type Via,
} from 'ticket-core'

/** 2026-11-24T10:00:00Z, when a testbed on the virtual clock begins. */
export const START = 1_795_514_400_000

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

/** The message of a ticket. */
export function envelopeOf(ticket: Ticket, life = 0): string {
  const written = writeEnvelope({ ticket, life })
  if (!written.ok) throw new Error('the ticket is too large')
  return written.value
}

/** The letter of a ticket that Trello refused, a second after the last one, with a notice. */
export function buildLetter(number: number, change: Partial<DeadLetter> = {}): DeadLetter {
  const ticket = change.ticket ?? buildTicket('medium', number)
  const at = START + number * 1000
  return {
    v: 1,
    key: ticket.id,
    nonce: `letter-${number}`,
    kind: 'ticket',
    life: 0,
    at,
    toldAt: at + 500,
    cause: { code: 'trello-400', reason: 'trello answered 400: invalid value for idList.' },
    ticket,
    message: { messageId: `message-${number}`, body: JSON.stringify({ v: 1, life: 0, ticket }), attributes: {} },
    mayBeDelivered: false,
    history: [],
    ...change,
  }
}

/** The ledger's record of a dead letter's ticket. */
export function buildRecord({ ticket, life, cause, at }: DeadLetter, change: Partial<LedgerRecord> = {}): LedgerRecord {
  if (!ticket) throw new Error('only a ticket has a record')
  return {
    v: 1,
    id: ticket.id,
    source: ticket.source,
    digest: digestTicket(ticket),
    life,
    state: 'dead',
    nonce: 'record',
    crashes: 0,
    firstClaimAt: at - 1000,
    attempts: { count: 1, first: { at, outcome: 'rejected', ...cause }, last: [] },
    failure: cause,
    diedAt: at,
    ...change,
  }
}

/** The event of this number, after those with a lower one and before a testbed on the virtual clock begins. */
export function buildEvent(
  { id: ticket, source }: Ticket,
  change: Change,
  { number = 1, via = 'teams' }: { readonly number?: number; readonly via?: Via } = {},
): TicketEvent {
  return {
    v: 1,
    id: `${via}:${number}`,
    ticket,
    source,
    at: START - 1000 + number,
    by: { via, name: 'Grace Hopper' },
    ...change,
  }
}
