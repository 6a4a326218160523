import {
  type Case,
  type CaseStore,
  type IndexStore,
  type Priority,
  indexKeysOf,
  indexPrefix,
  indexPrefixIn,
  indexPrefixOfAll,
  teamPartOf,
  ticketOfIndexKey,
} from 'ticket-core'
import { CliError } from '../cli-error.ts'

/** Which tickets: the filters of the chat's `list`. */
export interface Filter {
  readonly kind: 'open' | 'unassigned' | 'closed'
  readonly priority?: Priority | undefined
  readonly team?: string | undefined
}

/** Tickets as the index has them. `isAll`: there are no more. `unread`: why some could not be read. */
export interface FoundTickets {
  readonly cases: readonly Case[]
  readonly isAll: boolean
  readonly unread: readonly { readonly id: string; readonly reason: string }[]
}

interface Ports {
  readonly index: Pick<IndexStore, 'list'>
  readonly cases: Pick<CaseStore, 'read'>
}

/** Cases that are read at the same time. */
const READ_AHEAD = 16

/**
 * The first tickets of a list, over all teams: the most urgent first, then the newest. Reads the cases of those that it
 * finds, and no more; a key that its case does not confirm is passed over.
 */
export async function findTickets(ports: Ports, filter: Filter, limit: number): Promise<FoundTickets> {
  const prefixes = await findLists(ports.index, filter)
  const keys = mergeLists(ports.index, prefixes, limit)
  const cases = new Map<string, Case>()
  const unread: { id: string; reason: string }[] = []
  for (;;) {
    const ids = await takeIds(keys, { count: Math.min(READ_AHEAD, limit - cases.size), known: cases })
    const stored = await Promise.all(ids.map((id) => ports.cases.read(id)))
    for (const [at, one] of stored.entries()) {
      const id = ids[at] ?? ''
      if (one.kind === 'unavailable') unread.push({ id, reason: one.reason })
      if (one.kind === 'found' && isIn(one.item, prefixes)) cases.set(id, one.item)
    }
    const isFull = cases.size >= limit
    if (ids.length === 0 || isFull)
      return { cases: [...cases.values()], isAll: !isFull || (await keys.next()).done === true, unread }
  }
}

/** The next tickets of a list that are not known yet: two keys of one ticket can be in a list for a moment. */
async function takeIds(
  keys: AsyncGenerator<string, void>,
  { count, known }: { readonly count: number; readonly known: ReadonlyMap<string, Case> },
): Promise<readonly string[]> {
  const ids = new Set<string>()
  while (ids.size < count) {
    const next = await keys.next()
    if (next.done === true) break
    const id = ticketOfIndexKey(next.value)
    if (id !== undefined && !known.has(id)) ids.add(id)
  }
  return [...ids]
}

function isIn(known: Case, prefixes: readonly string[]): boolean {
  return [...indexKeysOf(known)].some((key) => prefixes.some((prefix) => key.startsWith(prefix)))
}

/** The lists that are asked for: of one team, or of each team that has one. */
async function findLists(index: Ports['index'], { team, kind, priority }: Filter): Promise<readonly string[]> {
  const query = kind === 'closed' ? { kind } : { kind, priority }
  if (team !== undefined) return [indexPrefix(team, query)]
  const all = indexPrefixOfAll(kind)
  const prefixes: string[] = []
  let after: string | undefined
  for (;;) {
    // One key says that its team has a list; the next team's begin behind all of this one's.
    const [key] = (await readPage(index, all, { limit: 1, after })).keys
    const part = key === undefined ? undefined : teamPartOf(key)
    if (part === undefined) return prefixes
    prefixes.push(indexPrefixIn(part, query))
    after = `${indexPrefixIn(part, { kind })}~`
  }
}

/** The most keys that one call lists. */
const PAGE = 1000

/** The keys of several lists in one order: by what follows their prefixes. */
async function* mergeLists(
  index: Ports['index'],
  prefixes: readonly string[],
  limit: number,
): AsyncGenerator<string, void> {
  const lists = await Promise.all(
    prefixes.map(async (prefix) => {
      const keys = listKeys(index, prefix, Math.min(limit + 1, PAGE))
      return { prefix, keys, head: await keys.next() }
    }),
  )
  for (;;) {
    const [first] = lists
      .filter(({ head }) => head.done !== true)
      .toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))
    if (!first || first.head.done === true) return
    yield first.head.value
    first.head = await first.keys.next()
  }
}

function orderOf({ prefix, head }: { readonly prefix: string; readonly head: IteratorResult<string, void> }): string {
  return head.done === true ? '' : head.value.slice(prefix.length)
}

async function* listKeys(index: Ports['index'], prefix: string, limit: number): AsyncGenerator<string, void> {
  let after: string | undefined
  for (;;) {
    const { keys, isLast } = await readPage(index, prefix, { limit, after })
    yield* keys
    after = keys.at(-1)
    if (isLast || after === undefined) return
  }
}

async function readPage(
  index: Ports['index'],
  prefix: string,
  page: { readonly limit: number; readonly after: string | undefined },
): Promise<{ readonly keys: readonly string[]; readonly isLast: boolean }> {
  const read = await index.list(prefix, page)
  if (read.kind === 'page') return read
  throw new CliError(`the index could not be read: ${read.reason}`, 1, { isTransient: true })
}
