import type { Case } from './case.ts'
import type { Person } from './event.ts'
import { isCalled } from './people-key.ts'
import type { FoundPeople } from './ports/stores.ts'
import { stateOf } from './state.ts'

/** The person that a name means, or why it means no one person. */
export type PersonAnswer =
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'unknown' | 'several' }
  | { readonly kind: 'unavailable'; readonly reason: string }

/**
 * Chooses the person of Teams whom a name means: the only one among those that the address book found and those who had to
 * do with the ticket, whom the book may not have yet.
 */
export function choosePerson(found: FoundPeople, { known, name }: { known: Case; name: string }): PersonAnswer {
  const listed =
    found.kind === 'people' ? found.people.map((one): Person => ({ via: 'teams', name: one.name, id: one.id })) : []
  const all = [...listed, ...participantsOf(known).filter((one) => isCalled(one, name))]
  const byId = new Map(all.map((person) => [person.id ?? person.name, person]))
  const [only, ...others] = byId.values()
  if (only && others.length === 0 && found.kind === 'people') return { kind: 'person', person: only }
  if (found.kind === 'unavailable') return found
  return { kind: only || found.kind === 'several' ? 'several' : 'unknown' }
}

/** The people of Teams who had to do with a ticket. */
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
