import type { Destination, Priority } from './ticket.ts'

const ROUTES: Readonly<Record<Priority, Destination>> = { low: 'archive', medium: 'board', high: 'alert' }

const NAMES: Readonly<Record<Destination, string>> = {
  archive: 'the ticket archive (S3)',
  board: 'the team board (Trello)',
  alert: 'the alert channel (Slack)',
}

/** Where a ticket of this priority goes: low to the archive, medium to the board, high to the alert channel. */
export function routeTicket(priority: Priority): Destination {
  return ROUTES[priority]
}

/** The destination in words, for a sentence: "the alert channel (Slack)". */
export function describeDestination(destination: Destination): string {
  return NAMES[destination]
}
