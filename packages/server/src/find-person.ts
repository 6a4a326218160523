import {
  type AddressBook,
  type Case,
  type Clock,
  type FoundPeople,
  type NamedPerson,
  type PersonAnswer,
  choosePerson,
} from 'ticket-core'
import { within } from './within.ts'

export interface PersonPorts {
  readonly people: Pick<AddressBook, 'find'>
  readonly clock: Clock
}

/**
 * Finds a person of the team by name: in the address book, and among those who had to do with the ticket. Where the name
 * is not unique or not known, Teams' own id of a mention decides.
 */
export async function findPerson(
  { people, clock }: PersonPorts,
  { name, id, account }: NamedPerson,
  { known, team, deadline }: { readonly known: Case; readonly team: string; readonly deadline: number },
): Promise<PersonAnswer> {
  const asked = account ?? name
  const late: FoundPeople = { kind: 'unavailable', reason: 'The address book did not answer in time.' }
  const found = await within(people.find(team, asked), { clock, deadline, late })
  const chosen = choosePerson(found, { known, name: asked })
  if (chosen.kind === 'person' || id === undefined) return chosen
  return { kind: 'person', person: { via: 'teams', name: asked, id } }
}
