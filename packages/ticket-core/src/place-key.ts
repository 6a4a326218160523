import { readTicketId } from './ticket-id.ts'

/**
 * Which ticket a vendor's thing shows: empty objects whose keys say everything.
 *
 *     places/trello/<card id>/<ticket id>
 *
 * Made when the card is, so that a callback of Trello, which knows only the card, finds the ticket.
 */
export const PLACES = 'places/'

/** The key that says which ticket a card shows; undefined for what is no id of a card. */
export function placeKey(card: string, ticket: string): string | undefined {
  const prefix = placePrefix(card)
  return prefix === undefined ? undefined : `${prefix}${ticket}`
}

/** The prefix of the tickets that a card shows: one, unless a person copied a ticket's marker to another card. */
export function placePrefix(card: string): string | undefined {
  return /^[0-9a-f]{24}$/.test(card) ? `${PLACES}trello/${card}/` : undefined
}

/** The ticket of a place's key; undefined for a key that is none. */
export function ticketOfPlaceKey(key: string): string | undefined {
  const [, ticket = ''] = /^places\/trello\/[0-9a-f]{24}\/([^/]+)$/.exec(key) ?? []
  return readTicketId(ticket) === ticket ? ticket : undefined
}
