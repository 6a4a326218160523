import type { JournalWriter } from '../journal/create-journal.ts'
import { labelOf } from '../simulators/find-ticket-id.ts'
import { toCardJson } from './card-json.ts'
import { checkCardFields } from './check-card-fields.ts'
import type { BoardStore } from './board-store.ts'
import { isObjectId, shortLinkOf } from './object-id.ts'
import type { Parameters } from './read-request.ts'
import { selectCards } from './select-cards.ts'
import { answerJson, answerRefusal, invalidValue, refusals, type Refusal } from './trello-answer.ts'
import type { Board, Card, List } from './trello-state.ts'

/** A request that passed the edge, the credentials and the rate limits. `id` comes from the path. */
export interface TrelloRequest {
  readonly id: string
  readonly query: URLSearchParams
  readonly parameters: Parameters
}

export interface TrelloDependencies {
  readonly store: BoardStore
  readonly now: () => number
  readonly journal?: JournalWriter | undefined
  /** Called after each change. */
  readonly changed: () => void
  /** Where people open cards, without a trailing slash. */
  readonly site: () => string
}

type Answer = (request: TrelloRequest) => Response

/** Trello's operations on cards, lists and boards. */
export interface TrelloAnswers {
  readonly createCard: Answer
  readonly getCard: Answer
  readonly updateCard: Answer
  readonly deleteCard: Answer
  readonly getBoard: Answer
  readonly listLists: Answer
  readonly listCardsOfBoard: Answer
  readonly getList: Answer
  readonly listCardsOfList: Answer
}

const LIST_FIELDS = ['id', 'idBoard', 'name', 'pos', 'closed', 'subscribed', 'softLimit']
const BOARD_FIELDS = ['id', 'name', 'desc', 'closed', 'shortUrl', 'url']
const LIST_FILTERS = new Set(['all', 'closed', 'none', 'open'])

export function createTrelloAnswers({ store, now, journal, changed, site }: TrelloDependencies): TrelloAnswers {
  const toJson = (card: Card): ReturnType<typeof toCardJson> => toCardJson(card, site())
  const cardOf = (id: string): Card | Response =>
    findBy(id, { among: store.state.cards, names: (card) => [card.id, shortLinkOf(card.id)] })
  const boardOf = (id: string): Board | Response =>
    findBy(id, { among: store.state.boards, names: (board) => [board.id, shortLinkOf(board.id)] })
  const listOf = (id: string): List | Response =>
    findBy(id, { among: store.state.lists, names: (list) => [list.id], missing: refusals.noList })
  const note = (kind: 'card-created' | 'card-updated' | 'card-deleted', card: Card): void => {
    journal?.note({ source: 'trello', kind, card: card.id, name: card.name, ...labelOf(`${card.desc}\n${card.name}`) })
    changed()
  }
  const answerCards = (cards: readonly Card[], query: URLSearchParams): Response => {
    const selected = selectCards(cards, store.state.lists, query)
    return selected.ok ? answerFields(selected.value.map(toJson), query) : answerRefusal(selected.failure)
  }

  return {
    createCard: ({ parameters }) => {
      if (!isObjectId(parameters['idList'])) return answerRefusal(invalidValue('idList'))
      const fields = checkCardFields(parameters)
      if (!fields.ok) return answerRefusal(fields.failure)
      const list = store.state.lists.find(({ id }) => id === fields.value.idList)
      if (!list) return answerRefusal(refusals.noBoardOfCard)
      const card = store.createCard(list, fields.value, now())
      note('card-created', card)
      return answerJson(toJson(card))
    },
    getCard: ({ id, query }) => {
      const card = cardOf(id)
      return card instanceof Response ? card : answerFields([toJson(card)], query, true)
    },
    updateCard: ({ id, parameters }) => {
      const card = cardOf(id)
      if (card instanceof Response) return card
      const fields = checkCardFields(parameters)
      if (!fields.ok) return answerRefusal(fields.failure)
      const { idList } = fields.value
      if (idList !== undefined && !store.state.lists.some((list) => list.id === idList)) {
        return answerRefusal(refusals.noBoardOfCard)
      }
      const updated = store.updateCard(card, fields.value, now())
      note('card-updated', updated)
      return answerJson(toJson(updated))
    },
    deleteCard: ({ id }) => {
      const card = cardOf(id)
      if (card instanceof Response) return card
      store.deleteCard(card.id)
      note('card-deleted', card)
      return answerJson({ limits: {} })
    },
    getBoard: ({ id, query }) => {
      const board = boardOf(id)
      return board instanceof Response ? board : answerFields([toBoardJson(board)], query, true)
    },
    listLists: ({ id, query }) => {
      const board = boardOf(id)
      if (board instanceof Response) return board
      const filter = query.get('filter') ?? 'open'
      if (!LIST_FILTERS.has(filter)) return answerRefusal(invalidValue('filter'))
      const lists = store.state.lists
        .filter((list) => list.idBoard === board.id && filter !== 'none')
        .filter((list) => filter === 'all' || list.closed === (filter === 'closed'))
        .toSorted((one, other) => one.pos - other.pos)
      return answerFields(lists.map(toListJson), query)
    },
    listCardsOfBoard: ({ id, query }) => {
      const board = boardOf(id)
      if (board instanceof Response) return board
      return answerCards(
        store.state.cards.filter((card) => card.idBoard === board.id),
        query,
      )
    },
    getList: ({ id, query }) => {
      const list = listOf(id)
      return list instanceof Response ? list : answerFields([toListJson(list)], query, true)
    },
    listCardsOfList: ({ id, query }) => {
      const list = listOf(id)
      if (list instanceof Response) return list
      return answerCards(
        store.state.cards.filter((card) => card.idList === list.id),
        query,
      )
    },
  }
}

type Json = Readonly<Record<string, unknown>>

function answerFields(items: readonly Json[], query: URLSearchParams, isSingle = false): Response {
  const known = items[0] ? Object.keys(items[0]) : [...LIST_FIELDS, ...BOARD_FIELDS]
  const picked = items.length === 0 ? items : pickFields(items, query.get('fields'), known)
  if (!picked) return answerRefusal(invalidValue('fields'))
  return answerJson(isSingle ? picked[0] : picked)
}

interface Search<Item> {
  readonly among: readonly Item[]
  /** The names by which a request may ask for an item. */
  readonly names: (item: Item) => readonly string[]
  readonly missing?: Refusal
}

function findBy<Item>(id: string, { among, names, missing = refusals.notFound }: Search<Item>): Item | Response {
  const found = among.find((item) => names(item).includes(id))
  if (found) return found
  const couldBe = isObjectId(id) || /^[A-Za-z0-9]{8}$/.test(id)
  return answerRefusal(couldBe ? missing : refusals.invalidId)
}

function toListJson(list: List): Json {
  return {
    id: list.id,
    name: list.name,
    closed: list.closed,
    idBoard: list.idBoard,
    pos: list.pos,
    subscribed: false,
    softLimit: null,
  }
}

function toBoardJson(board: Board): Json {
  const shortUrl = `https://trello.com/b/${shortLinkOf(board.id)}`
  return {
    id: board.id,
    name: board.name,
    desc: '',
    closed: false,
    shortUrl,
    url: `${shortUrl}/${board.name.toLowerCase()}`,
  }
}

/** `fields=name,closed` selects those and the id; `all` or none selects all. `undefined` for an unknown field. */
function pickFields(
  items: readonly Json[],
  fields: string | null,
  known: readonly string[],
): readonly Json[] | undefined {
  if (fields === null || fields === '' || fields === 'all') return items
  const names = fields.split(',').map((name) => name.trim())
  if (!names.every((name) => known.includes(name))) return undefined
  const wanted = new Set(['id', ...names])
  return items.map((item) => Object.fromEntries(Object.entries(item).filter(([name]) => wanted.has(name))))
}
