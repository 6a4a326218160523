/** Ticket ids as people see them: `T-7QK2M-9XD4R`, Crockford's base32. Not imported from the core on purpose: the two check each other. */
const TICKET_ID = /\bT-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b/

/** The first ticket id in a text. Simulators use it only to label journal entries. */
export function findTicketId(text: string): string | undefined {
  return TICKET_ID.exec(text)?.[0]
}

/** `{ ticket }` if there is one, else `{}`: to spread into a journal event. */
export function labelOf(text: string): { readonly ticket?: string } {
  const ticket = findTicketId(text)
  return ticket === undefined ? {} : { ticket }
}
