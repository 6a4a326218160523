import type { Case, CaseStore, Clock, Stored, TicketReference } from 'ticket-core'
import { within } from './within.ts'

export interface CasePorts {
  readonly cases: Pick<CaseStore, 'read'>
  readonly clock: Clock
}

/** Who asks, and until when the answer must be there. */
export interface Asking {
  readonly team: string | undefined
  readonly deadline: number
}

/** `not-known`: there is no such case, or it is another team's: callers see no difference. */
export type FoundCase =
  | { readonly kind: 'found'; readonly known: Case }
  | { readonly kind: 'not-known' }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** Finds the case that a command is about: the first of its tickets that is the team's. */
export async function findCase(
  ports: CasePorts,
  { ids }: TicketReference,
  { team, deadline }: Asking,
): Promise<FoundCase> {
  if (team === undefined) return { kind: 'not-known' }
  const stored = await Promise.all(ids.map((id) => readCase(ports, id, deadline)))
  const own = stored.find((one) => one.kind === 'found' && one.item.team === team)
  if (own?.kind === 'found') return { kind: 'found', known: own.item }
  return stored.find((one) => one.kind === 'unavailable') ?? { kind: 'not-known' }
}

/** Reads one case; a store that is too slow counts as unavailable. */
export function readCase({ cases, clock }: CasePorts, id: string, deadline: number): Promise<Stored<Case>> {
  const late: Stored<Case> = { kind: 'unavailable', reason: 'The cases did not answer in time.' }
  return within(cases.read(id), { clock, deadline, late })
}
