import type { DeliveryFailure } from '../http/classify.ts'
import { type TrelloList, readLists } from './read-answer.ts'
import type { TrelloApi } from './trello-api.ts'

export type ListFound =
  | { readonly kind: 'found'; readonly id: string }
  | { readonly kind: 'failed'; readonly failure: DeliveryFailure }

/** A key of the secret that names a list, and the name. */
export interface NamedList {
  readonly key: 'TRELLO_LIST_NAME' | 'TRELLO_DONE_LIST_NAME'
  readonly name: string
}

/** Finds the open list of this name; the reason of a failure says what to change in Trello or the secret. */
export async function findList(api: TrelloApi, list: NamedList): Promise<ListFound> {
  const { boardId } = api.secret
  const answer = await api.get(`/1/boards/${encodeURIComponent(boardId)}/lists`, {
    filter: 'all',
    fields: 'name,closed',
  })
  if (answer.kind !== 'ok') return { kind: 'failed', failure: asRead(answer) }
  const lists = readLists(answer.body)
  if (!lists) return retry('trello-unreadable', 'Trello answered 200 with something that is not a list of lists.')
  const named = lists.filter(({ name }) => name.trim() === list.name.trim())
  const open = named.filter(({ closed }) => !closed)
  const [only] = open
  if (only && open.length === 1) return { kind: 'found', id: only.id }
  return { kind: 'failed', failure: explain(list, { lists, named, open }) }
}

function explain(
  { key, name: listName }: NamedList,
  { lists, named, open }: Readonly<Record<'lists' | 'named' | 'open', readonly TrelloList[]>>,
): DeliveryFailure {
  if (open.length > 1)
    return reject(
      'trello-list-ambiguous',
      `${open.length} open lists are named ${JSON.stringify(listName)} (${open.map(({ id }) => id).join(', ')}): rename all but one, or change ${key}.`,
    )
  if (named.length > 0)
    return reject(
      'trello-list-closed',
      `The list ${JSON.stringify(listName)} is archived: bring it back, or change ${key}.`,
    )
  const others = lists.filter(({ closed }) => !closed).map(({ name }) => JSON.stringify(name))
  return reject(
    'trello-list-missing',
    `The board has no list ${JSON.stringify(listName)}; ${key} must be one of: ${others.slice(0, 20).join(', ') || 'none is open'}.`,
  )
}

/** A failed read changed nothing: it can always be retried. */
export function asRead(failure: DeliveryFailure): DeliveryFailure {
  if (failure.kind !== 'unknown') return failure
  return { ...failure, kind: 'retry' }
}

function reject(code: string, reason: string): DeliveryFailure {
  return { kind: 'rejected', code, reason }
}

function retry(code: string, reason: string): ListFound {
  return { kind: 'failed', failure: { kind: 'retry', code, reason } }
}
