import { isWithin, readBound } from './read-bound.ts'
import { invalidValue, type Refusal } from './trello-answer.ts'
import { asObject } from '../simulators/read-json.ts'
import type { Action } from './trello-state.ts'

type SelectedActions =
  | { readonly ok: true; readonly value: readonly Action[] }
  | { readonly ok: false; readonly failure: Refusal }

const MAX_ACTIONS = 1000
const DEFAULT_ACTIONS = 50

/** What Trello shows of a card's actions when no filter is given. */
export const CARD_FILTER = 'commentCard,updateCard:idList'

/** Kinds that only callbacks carry. https://developer.atlassian.com/cloud/trello/guides/rest-api/action-types/ */
const CALLBACKS_ONLY: ReadonlySet<Action['type']> = new Set([
  'addLabelToCard',
  'removeLabelFromCard',
  'updateComment',
  'deleteComment',
])

/** Applies `filter`, `since`, `before` and `limit`: newest first, the newest 50 by default. */
export function selectActions(
  actions: readonly Action[],
  query: URLSearchParams,
  defaultFilter: string,
): SelectedActions {
  const limit = readLimit(query.get('limit'))
  if (limit === undefined) return { ok: false, failure: invalidValue('limit') }
  const since = readBound(query.get('since'))
  if (!since) return { ok: false, failure: invalidValue('since') }
  const before = readBound(query.get('before'))
  if (!before) return { ok: false, failure: invalidValue('before') }
  const wanted = new Set((query.get('filter') ?? defaultFilter).split(',').map((name) => name.trim()))
  const chosen = actions.filter((action) => {
    const at = { id: action.id, time: Date.parse(action.date) }
    return isListed(action) && isWanted(action, wanted) && isWithin(at, { since, before })
  })
  return { ok: true, value: chosen.toSorted(newestFirst).slice(0, limit) }
}

function isListed({ type, data }: Action): boolean {
  const isLabelEcho = 'idLabels' in (asObject(data['old']) ?? {})
  return !isLabelEcho && !CALLBACKS_ONLY.has(type)
}

/** `all`, a kind (`updateCard`), or a kind with the changed field (`updateCard:idList`). */
function isWanted({ type, data }: Action, wanted: ReadonlySet<string>): boolean {
  if (wanted.has('all') || wanted.has(type)) return true
  return Object.keys(asObject(data['old']) ?? {}).some((field) => wanted.has(`${type}:${field}`))
}

function readLimit(limit: string | null): number | undefined {
  if (limit === null || limit === '') return DEFAULT_ACTIONS
  const number = Number(limit)
  return Number.isInteger(number) && number >= 0 && number <= MAX_ACTIONS ? number : undefined
}

function newestFirst(one: Action, other: Action): number {
  if (one.date !== other.date) return one.date < other.date ? 1 : -1
  return one.id < other.id ? 1 : -1
}
