import {
  type Activity,
  type CardReply,
  type Case,
  type Hint,
  type IndexPage,
  type IndexQuery,
  type IndexStore,
  type ListQuestion,
  type Log,
  type Metrics,
  indexKey,
  indexKeysOf,
  indexPrefix,
  replyList,
  replyNoList,
  replyNotKnown,
  stateOf,
  ticketOfIndexKey,
  writerOf,
} from 'ticket-core'
import { type Asking, type CasePorts, type FoundCase, findCase, readCase } from './find-case.ts'
import { within } from './within.ts'

export interface ListPorts extends CasePorts {
  readonly index: Pick<IndexStore, 'list'>
  readonly log: Log
  readonly metrics: Metrics
}

/** Tickets on one card. */
const SHOWN = 10
/** Keys that are listed, to say how many more there are. No more cases than that are read, however many keys are stale. */
const COUNTED = 100

/** Lists a team's tickets: the keys of the index, and the cases of the ten that are shown. */
export async function listTickets(
  ports: ListPorts,
  question: ListQuestion,
  { activity, mention, ...asking }: Asking & Hint & { readonly activity: Activity },
): Promise<CardReply> {
  const done = (outcome: string, reply: CardReply, reason?: string): CardReply => {
    const verb = question.which === 'mine' ? 'mine' : 'list'
    ports.metrics.count('ticketing_commands_total', { verb, outcome })
    ports.log.write(reason === undefined ? 'info' : 'warn', 'command.answered', { verb, outcome, reason })
    return reply
  }
  const last = await findLast(ports, question, asking)
  if (last?.kind === 'not-known') return done('not-known', replyNotKnown({ id: question.after ?? '', mention }))
  if (last?.kind === 'unavailable') return done('unavailable', replyNoList({ mention }), last.reason)
  const queries = queriesOf(question, activity)
  const pages = await Promise.all(queries.map((query) => listKeys(ports, { query, after: last?.known, ...asking })))
  const failed = pages.find((page) => page.kind === 'unavailable')
  if (failed) return done('unavailable', replyNoList({ mention }), failed.reason)
  const keys = mergeKeys(pages)
  const prefixes = queries.map((query) => indexPrefix(asking.team, query))
  const { shown, read, unread } = await readShown(ports, { keys, prefixes }, asking)
  const isAll = pages.every((page) => page.kind === 'page' && page.isLast)
  if (shown.length === 0 && (unread !== undefined || !isAll))
    return done('unavailable', replyNoList({ mention }), unread ?? 'The index has stale entries only.')
  const rest = { more: keys.length - read, isCounted: isAll }
  return done('answered', replyList({ question, shown, ...rest, mention }), unread)
}

/** The ticket after which the list goes on. */
async function findLast(ports: ListPorts, { after }: ListQuestion, asking: Asking): Promise<FoundCase | undefined> {
  return after === undefined ? undefined : findCase(ports, { ids: [after], from: 'text' }, asking)
}

/** A person may be in the index under the directory's id, under Teams' own, or by name where there was none. */
function queriesOf({ which, priority }: ListQuestion, activity: Activity): readonly IndexQuery[] {
  if (which === 'closed') return [{ kind: 'closed' }]
  if (which !== 'mine') return [{ kind: which, priority }]
  const { name, id } = writerOf(activity)
  const ids = [...new Set([id, activity.writerId])].filter((one) => one !== undefined)
  const people = [
    ...ids.map((one) => ({ name, id: one })),
    ...(activity.reporter?.aadObjectId === undefined ? [{ name }] : []),
  ]
  return people.map((person) => ({ kind: 'person', person }))
}

async function listKeys(
  { index, clock }: ListPorts,
  { query, after, team, deadline }: Asking & { readonly query: IndexQuery; readonly after: Case | undefined },
): Promise<IndexPage> {
  if (team === undefined) return { kind: 'page', keys: [], isLast: true }
  const late: IndexPage = { kind: 'unavailable', reason: 'The index did not answer in time.' }
  const page = { limit: COUNTED, ...(after && { after: endOf(keyIn(query, after)) }) }
  return within(index.list(indexPrefix(team, query), page), { clock, deadline, late })
}

/** The key of a ticket in a list. Without a priority the list is all of them, one after the other. */
function keyIn(query: IndexQuery, known: Case): string {
  if (query.kind !== 'open' && query.kind !== 'unassigned') return indexKey(known, query)
  return indexKey(known, { ...query, priority: query.priority ?? stateOf(known).priority })
}

/** The keys of several lists as one, each ticket once, in the order of their time. A list can hold two keys of a ticket. */
function mergeKeys(pages: readonly IndexPage[]): readonly string[] {
  const keys = pages.flatMap((page) => (page.kind === 'page' ? page.keys : []))
  const byTicket = [...new Map(keys.map((key) => [ticketOfIndexKey(key), key])).values()]
  return pages.length < 2 ? byTicket : byTicket.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

/** The part of a key that orders a list: the time, then the ticket. */
function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/'))
}

/** Behind every key of a ticket at its place, before the next one's: `/` comes after `.`. */
function endOf(key: string): string {
  return `${key.replace(/\.\d+$/, '')}/`
}

/** Reads the cases of the first ten keys that are in one of these lists still; stale keys are passed over. */
async function readShown(
  ports: ListPorts,
  { keys, prefixes }: { readonly keys: readonly string[]; readonly prefixes: readonly string[] },
  { team, deadline }: Asking,
): Promise<{ readonly shown: readonly Case[]; readonly read: number; readonly unread?: string }> {
  const shown: Case[] = []
  let read = 0
  let unread: string | undefined
  while (shown.length < SHOWN && read < keys.length && ports.clock.monotonic() < deadline) {
    const next = keys.slice(read, read + SHOWN - shown.length)
    read += next.length
    const stored = await Promise.all(next.map((key) => readCase(ports, ticketOfIndexKey(key) ?? '', deadline)))
    for (const one of stored) {
      if (one.kind === 'unavailable') unread = one.reason
      // Its key may be another by now: it changed while the list was read.
      if (one.kind === 'found' && one.item.team === team && isIn(one.item, prefixes)) shown.push(one.item)
    }
  }
  return { shown, read, ...(unread !== undefined && { unread }) }
}

function isIn(known: Case, prefixes: readonly string[]): boolean {
  return [...indexKeysOf(known)].some((key) => prefixes.some((prefix) => key.startsWith(prefix)))
}
