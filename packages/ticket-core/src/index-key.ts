import type { Case } from './case.ts'
import type { Change, Person } from './event.ts'
import { stateOf } from './state.ts'
import type { Priority, Reporter } from './ticket.ts'
import { digest } from './ticket-id.ts'

/**
 * The index: empty objects whose keys hold what a list asks for, so that a list reads no more than it shows. Keys hold
 * ids and digests only, never a name or a text.
 *
 *     index/open/<team>/<rank>/<time>-<id>.<n>         every ticket that is not closed; rank 0 is high, 1 medium, 2 low
 *     index/unassigned/<team>/<rank>/<time>-<id>.<n>   those of them without an assignee
 *     index/person/<team>/<person>/<time>-<id>.<n>     those of them that this person reported, or is assigned to
 *     index/closed/<team>/<time>-<id>.<n>              every closed ticket
 *
 * The time is inverted, so that the newest come first. The number counts the events of the case that can change its keys:
 * each version of a case has keys of its own. They are put before that version is written, so that none is ever missing,
 * and any process that has read a later version may remove them at any moment. Two keys of one ticket may be in a list for a
 * moment.
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
  return indexPrefixIn(digestOf(['team', team ?? '']), query)
}

/** The prefix of the lists of one kind of all teams. */
export function indexPrefixOfAll(kind: IndexQuery['kind']): string {
  return `${INDEX}${kind}/`
}

/** The part of an index key that stands for its team. */
export function teamPartOf(key: string): string | undefined {
  return /^index\/[a-z]+\/([0-9a-f]{32})\//.exec(key)?.[1]
}

/** The same as {@link indexPrefix}, for a team of which only its part of a key is known. */
export function indexPrefixIn(teamPart: string, query: IndexQuery): string {
  const list = `${indexPrefixOfAll(query.kind)}${teamPart}/`
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

/** Before every key of a list for a ticket that was made at this instant or earlier, and behind those of later ones. */
export function startOfOlder(prefix: string, at: number): string {
  return `${prefix}${invert(at)}`
}

/** The key under which a list holds a case, now or once. `open` and `unassigned` need the priority. */
export function indexKey(known: Case, query: IndexQuery): string {
  return `${indexPrefix(known.team, query)}${nameOf(known)}`
}

/** All keys that a case must have in the index now, and no other. */
export function indexKeysOf(known: Case): ReadonlySet<string> {
  const { team, ticket } = known
  const { status, priority, assignee } = stateOf(known)
  const name = nameOf(known)
  const at = (query: IndexQuery): string => `${indexPrefix(team, query)}${name}`
  if (status === 'closed') return new Set([at({ kind: 'closed' })])
  return new Set([
    at({ kind: 'open', priority }),
    ...(assignee ? [at({ kind: 'person', person: assignee })] : [at({ kind: 'unassigned', priority })]),
    ...(ticket.reporter ? [at({ kind: 'person', person: personOf(ticket.reporter) })] : []),
  ])
}

/**
 * Whether a key may be removed by one who has read this case of its ticket: the case does not ask for it, and it is not of
 * a later version. A key of a later version belongs to a writer that is about to write the case.
 */
export function isStaleKey(key: string, known: Case): boolean {
  const version = Number(INDEX_KEY.exec(key)?.[2] ?? Number.NaN)
  return version <= versionOf(known) && !indexKeysOf(known).has(key)
}

/** The id of the ticket that an index key stands for; undefined for a key that is not of the index. */
export function ticketOfIndexKey(key: string): string | undefined {
  return INDEX_KEY.exec(key)?.[1]
}

const INDEX_KEY = /^index\/.*\/[0-9a-z]{10}-(T-[0-9A-Z]{5}-[0-9A-Z]{5})\.(\d+)$/

/** The person that a ticket's reporter is in later messages. */
export function personOf({ name, aadObjectId }: Reporter): PersonKey {
  return aadObjectId === undefined ? { name } : { name, id: aadObjectId }
}

/** 36^10 is larger than any instant that a `Date` can show. */
const LATEST = 36 ** 10 - 1

function nameOf(known: Case): string {
  const { id, ticket } = known
  return `${invert(Date.parse(ticket.createdAt))}-${id}.${versionOf(known)}`
}

function invert(at: number): string {
  return (LATEST - Math.max(0, at)).toString(36).padStart(10, '0')
}

const CHANGES_KEYS: Readonly<Record<Change['kind'], boolean>> = {
  acknowledged: false,
  taken: true,
  assigned: true,
  released: true,
  commented: false,
  'priority-changed': true,
  edited: false,
  withdrawn: true,
  closed: true,
  reopened: true,
  moved: false,
  unarchived: false,
  attached: false,
  escalated: false,
}

function versionOf(known: Case): number {
  return stateOf(known).history.filter(({ kind }) => CHANGES_KEYS[kind]).length
}

function digestOf(parts: readonly string[]): string {
  return digest(parts).slice(0, 32)
}
