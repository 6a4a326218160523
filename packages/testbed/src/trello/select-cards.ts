import { createdAt } from './object-id.ts'
import { isWithin, readBound } from './read-bound.ts'
import { invalidValue, type Refusal } from './trello-answer.ts'
import type { Card, List } from './trello-state.ts'

export type Selected =
  | { readonly ok: true; readonly value: readonly Card[] }
  | { readonly ok: false; readonly failure: Refusal }

/** Trello returns at most this many cards. */
const MAX_CARDS = 1000

type Test = (card: Card) => boolean

/**
 * Applies `filter`, `since`, `before` and `limit`. Without the last three the cards come as the board shows them, from
 * the left list to the right and from top to bottom. With one of them they come newest first, and `limit` keeps the
 * newest: a page's successor is asked for with `before=<oldest id of the page>`.
 */
export function selectCards(cards: readonly Card[], lists: readonly List[], query: URLSearchParams): Selected {
  const openLists = new Set(lists.filter((list) => !list.closed).map((list) => list.id))
  const filter = filterBy(query.get('filter') ?? 'visible', openLists)
  if (!filter) return { ok: false, failure: invalidValue('filter') }
  const since = readBound(query.get('since'))
  if (!since) return { ok: false, failure: invalidValue('since') }
  const before = readBound(query.get('before'))
  if (!before) return { ok: false, failure: invalidValue('before') }
  const limit = limitOf(query.get('limit'))
  if (limit === undefined) return { ok: false, failure: invalidValue('limit') }

  const isBetween = ({ id }: Card): boolean => isWithin({ id, time: createdAt(id) }, { since, before })
  const chosen = cards.filter((card) => filter(card) && isBetween(card))
  const isPaged = ['since', 'before', 'limit'].some((name) => query.has(name))
  const ordered = isPaged ? chosen.toSorted(newestFirst) : chosen.toSorted(asShown(lists))
  return { ok: true, value: ordered.slice(0, limit) }
}

function filterBy(name: string, openLists: ReadonlySet<string>): Test | undefined {
  switch (name) {
    case 'all':
      return () => true
    case 'none':
      return () => false
    case 'closed':
      return (card) => card.closed
    case 'open':
      return (card) => !card.closed
    case 'visible':
      return (card) => !card.closed && openLists.has(card.idList)
    default:
      return undefined
  }
}

function limitOf(limit: string | null): number | undefined {
  if (limit === null || limit === '') return MAX_CARDS
  const number = Number(limit)
  return Number.isInteger(number) && number >= 1 && number <= MAX_CARDS ? number : undefined
}

function newestFirst(one: Card, other: Card): number {
  return one.id < other.id ? 1 : -1
}

function asShown(lists: readonly List[]): (one: Card, other: Card) => number {
  const columns = new Map(lists.map((list) => [list.id, list.pos]))
  const column = (card: Card): number => columns.get(card.idList) ?? 0
  return (one, other) => column(one) - column(other) || one.pos - other.pos
}
