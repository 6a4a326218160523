import {
  type AddressBook,
  type Case,
  type Clock,
  type FoundPeople,
  type NamedPerson,
  type Person,
  isCalled,
  stateOf,
} from 'ticket-core'
import { within } from './within.ts'

export interface PersonPorts {
  readonly people: Pick<AddressBook, 'find'>
  readonly clock: Clock
}

/** The person that a name means, or why it means no one person. */
export type PersonAnswer =
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'unknown' | 'several' }
  | { readonly kind: 'unavailable'; readonly reason: string }

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
  const listed =
    found.kind === 'people' ? found.people.map((one): Person => ({ via: 'teams', name: one.name, id: one.id })) : []
  const all = [...listed, ...participantsOf(known).filter((one) => isCalled(one, asked))]
  const byId = new Map(all.map((person) => [person.id ?? person.name, person]))
  const [only, ...others] = byId.values()
  if (only && others.length === 0 && found.kind === 'people') return { kind: 'person', person: only }
  if (id !== undefined) return { kind: 'person', person: { via: 'teams', name: asked, id } }
  if (found.kind === 'unavailable') return found
  return { kind: only || found.kind === 'several' ? 'several' : 'unknown' }
}

/** The people of Teams who had to do with a ticket. The address book may not have them yet. */
function participantsOf(known: Case): readonly Person[] {
  const { reporter } = known.ticket
  const { history } = stateOf(known)
  return [
    ...(reporter?.aadObjectId === undefined
      ? []
      : [{ via: 'teams', name: reporter.name, id: reporter.aadObjectId } as const]),
    ...history.flatMap((event) => (event.kind === 'assigned' ? [event.by, event.to] : [event.by])),
  ].filter(({ via, id }) => via === 'teams' && id !== undefined)
}
