import type { Case, Ticket } from 'ticket-core'
import { readTicket } from 'ticket-core'
import type { Read } from './shape.ts'
import { Damage, readArray, readObject, readOneOf, readText } from './shape.ts'

/** Reads a stored ticket by the rules of an envelope's: what could not be queued is damaged. */
export const readStoredTicket: Read<Ticket> = (value, path) => {
  const read = readTicket(value)
  if (!read.ok) throw new Damage(`${path}: ${read.failure}`)
  return read.value
}

/** Reads one case. Its events are of whoever writes them: they are kept as they are. */
export const readCase: Read<Case> = readObject((fields) => ({
  v: fields.required('v', readOneOf(1)),
  id: fields.required('id', readText),
  source: fields.required('source', readText),
  ...fields.optional('team', readText),
  ticket: fields.required('ticket', readStoredTicket),
  events: fields.required(
    'events',
    readArray((event) => event),
  ),
  nonce: fields.required('nonce', readText),
}))
