import { type AddressBook, type Log, type Person, knownPersonOf } from 'ticket-core'

/** What the address book needs. */
export interface BookPorts {
  readonly people: Pick<AddressBook, 'remember'>
  readonly log: Log
}

/**
 * Remembers who wrote a message, so that tickets can be assigned to them by name. Nothing fails with the book: a person
 * comes again with the next message.
 */
export async function rememberPerson(
  { people, log }: BookPorts,
  team: string | undefined,
  writer: Person | undefined,
): Promise<void> {
  const person = writer && knownPersonOf(writer)
  if (team === undefined || !person) return
  const remembered = await people.remember(team, person)
  if (remembered.kind === 'unavailable') log.write('warn', 'person.not-remembered', { reason: remembered.reason })
}
