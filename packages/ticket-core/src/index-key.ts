import type { Case } from './case.ts'
import type { Person } from './event.ts'
import { PRIORITIES } from './priority.ts'
import { stateOf } from './state.ts'
import type { Priority, Reporter } from './ticket.ts'
import { digest } from './ticket-id.ts'

/**
 * The index: empty objects whose keys hold what a list asks for, so that a list reads no more than it shows. Keys hold
 * ids and digests only, never a name or a text.
 *
 *     index/open/<team>/<rank>/<time>-<id>         every ticket that is not closed; rank 0 is high, 1 medium, 2 low
 *     index/unassigned/<team>/<rank>/<time>-<id>   those of them without an assignee
 *     index/person/<team>/<person>/<time>-<id>     those of them that this person reported, or is assigned to
 *     index/closed/<team>/<time>-<id>              every closed ticket
 *
 * The time is inverted, so that the newest come first.
 */
export const INDEX = 'index/'

/** Lists of a team's tickets, by what they show. */
export type IndexQuery =
  | { readonly kind: 'open' | 'unassigned'; readonly priority?: Priority | undefined }
  | { readonly kind: 'person'; readonly person: PersonKey }
  | { readonly kind: 'closed' }

/** Identifies a person within a team: by the id where there is one, else by the name. */
export type PersonKey = Pick<Person, 'id' | 'name'>

const RANKS: Readonly<Record<Priority, string>> = { high: '0', medium: '1', low: '2' }

/** The prefix of the keys that answer a query. Tickets without a team are in a list of their own. */
export function indexPrefix(team: string | undefined, query: IndexQuery): string {
  const list = `${INDEX}${query.kind}/${digestOf(['team', team ?? ''])}/`
  switch (query.kind) {
    case 'open':
    case 'unassigned':
      return query.priority === undefined ? list : `${list}${RANKS[query.priority]}/`
    case 'person':
      return `${list}${digestOf(['person', query.person.id ?? '', query.person.id === undefined ? query.person.name : ''])}/`
    case 'closed':
      return list
  }
}

/** The key under which a list holds a case, now or once. `open` and `unassigned` need the priority. */
export function indexKey(known: Case, query: IndexQuery): string {
  return `${indexPrefix(known.team, query)}${nameOf(known)}`
}

/** All keys that a case must have in the index now, and no other. */
export function indexKeysOf(known: Case): ReadonlySet<string> {
  const { ticket } = known
  const { status, priority, assignee } = stateOf(known)
  const at = (query: IndexQuery): string => indexKey(known, query)
  if (status === 'closed') return new Set([at({ kind: 'closed' })])
  return new Set([
    at({ kind: 'open', priority }),
    ...(assignee ? [at({ kind: 'person', person: assignee })] : [at({ kind: 'unassigned', priority })]),
    ...(ticket.reporter ? [at({ kind: 'person', person: personOf(ticket.reporter) })] : []),
  ])
}

/** The keys that the index gains and loses when a case changes so. */
export function changedIndexKeys(before: Case, after: Case): readonly string[] {
  const [old, current] = [indexKeysOf(before), indexKeysOf(after)]
  return [...[...old].filter((key) => !current.has(key)), ...[...current].filter((key) => !old.has(key))]
}

/** Every key that a case can have had since it was opened, in whatever order its events came. */
export function possibleIndexKeys(known: Case): readonly string[] {
  const { ticket } = known
  const { history } = stateOf(known)
  const people = [
    ...(ticket.reporter ? [personOf(ticket.reporter)] : []),
    ...history.flatMap((event) => (event.kind === 'taken' ? event.by : event.kind === 'assigned' ? event.to : [])),
  ]
  const queries: readonly IndexQuery[] = [
    ...PRIORITIES.flatMap((priority) => [
      { kind: 'open', priority } as const,
      { kind: 'unassigned', priority } as const,
    ]),
    ...people.map((person) => ({ kind: 'person', person }) as const),
    { kind: 'closed' },
  ]
  return [...new Set(queries.map((query) => indexKey(known, query)))]
}

/** The id of the ticket that an index key stands for; undefined for a key that is not of the index. */
export function ticketOfIndexKey(key: string): string | undefined {
  return /^index\/.*\/[0-9a-z]{10}-(T-[0-9A-Z]{5}-[0-9A-Z]{5})$/.exec(key)?.[1]
}

/** The person that a ticket's reporter is in later messages. */
export function personOf({ name, aadObjectId }: Reporter): PersonKey {
  return aadObjectId === undefined ? { name } : { name, id: aadObjectId }
}

/** 36^10 is larger than any instant that a `Date` can show. */
const LATEST = 36 ** 10 - 1

function nameOf({ id, ticket }: Case): string {
  const inverted = LATEST - Math.max(0, Date.parse(ticket.createdAt))
  return `${inverted.toString(36).padStart(10, '0')}-${id}`
}

function digestOf(parts: readonly string[]): string {
  return digest(parts).slice(0, 32)
}
