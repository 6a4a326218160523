import type { JournalEntry } from '../journal/journal-entry.ts'
import { ADMIN_CHANNEL } from '../simulators/vendor-edge.ts'

/** How often a ticket arrived at each destination. A missing one counts as 0. */
export interface Deliveries {
  readonly s3?: number
  readonly trello?: number
  readonly slack?: number
}

/** Counts the deliveries of one ticket. An object that is written twice counts twice. */
export function countDeliveries(entries: readonly JournalEntry[], ticket: string): Required<Deliveries> {
  const own = entries.filter((entry) => entry.ticket === ticket)
  const count = (arrived: (entry: JournalEntry) => boolean): number => own.filter(arrived).length
  return {
    s3: count((entry) => entry.source === 's3' && entry.kind === 'object-put' && isTicketObject(entry.detail['key'])),
    trello: count(({ source, kind }) => source === 'trello' && kind === 'card-created'),
    slack: count(
      (entry) => entry.source === 'slack' && entry.kind === 'message-posted' && entry.channel !== ADMIN_CHANNEL,
    ),
  }
}

/** The bucket also has the ledger, cases and dead letters. */
function isTicketObject(key: unknown): boolean {
  return typeof key === 'string' && key.startsWith('tickets/')
}

/** Counts the notices to admins that name a ticket. */
export function countNotices(entries: readonly JournalEntry[], ticket: string): number {
  return entries.filter(
    (entry) =>
      entry.source === 'slack' &&
      entry.kind === 'message-posted' &&
      entry.channel === ADMIN_CHANNEL &&
      // One notice may name several dead letters. Its entry is labelled with the first.
      entry.text.includes(ticket),
  ).length
}
