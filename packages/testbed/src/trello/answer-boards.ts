import { answerFields, answerItem, findBy } from './answer-fields.ts'
import { MEMBERS, type Member } from './members.ts'
import { isObjectId, shortLinkOf } from './object-id.ts'
import { selectActions } from './select-actions.ts'
import { toActionJson } from './action-json.ts'
import { answerJson, answerRefusal, invalidValue, refusals } from './trello-answer.ts'
import type { Answer, TrelloDependencies } from './trello-request.ts'
import type { Board, Json, Label, List } from './trello-state.ts'

/** Trello's operations on boards, lists, labels and members. */
interface BoardAnswers {
  readonly getBoard: Answer
  readonly listLists: Answer
  readonly listMembers: Answer
  readonly listLabels: Answer
  readonly createLabel: Answer
  readonly listActionsOfBoard: Answer
  readonly getList: Answer
  readonly getMember: Answer
}

const LIST_FILTERS = new Set(['all', 'closed', 'none', 'open'])
const MAX_LABEL = 16_384

export function createBoardAnswers({ store, now, changed }: TrelloDependencies): BoardAnswers {
  const boardOf = (id: string): Board | Response => findBoard(id, store.state.boards)
  return {
    getBoard: ({ id, query }) => {
      const board = boardOf(id)
      return board instanceof Response ? board : answerItem(toBoardJson(board), query)
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
    listMembers: ({ id, query }) => {
      const board = boardOf(id)
      return board instanceof Response ? board : answerFields(MEMBERS.map(toShortMember), query)
    },
    listLabels: ({ id, query }) => {
      const board = boardOf(id)
      if (board instanceof Response) return board
      const labels = store.state.labels.filter((label) => label.idBoard === board.id)
      return answerFields(labels.map(toLabelJson), query)
    },
    createLabel: ({ parameters: { name, color, idBoard } }) => {
      if (typeof name !== 'string' || name === '' || name.length > MAX_LABEL) return answerRefusal(invalidValue('name'))
      if (!isObjectId(idBoard)) return answerRefusal(invalidValue('idBoard'))
      const board = boardOf(idBoard)
      if (board instanceof Response) return board
      const isColor = typeof color === 'string' && color !== '' && color !== 'null'
      const label = store.addLabel({ idBoard: board.id, name, color: isColor ? color : null }, now())
      changed()
      return answerJson(toLabelJson(label))
    },
    listActionsOfBoard: ({ id, query }) => {
      const board = boardOf(id)
      if (board instanceof Response) return board
      const own = store.state.actions.filter((action) => action.idBoard === board.id)
      const selected = selectActions(own, query, 'all')
      return selected.ok ? answerFields(selected.value.map(toActionJson), query) : answerRefusal(selected.failure)
    },
    getList: ({ id, query }) => {
      const list = findList(id, store.state.lists)
      return list instanceof Response ? list : answerItem(toListJson(list), query)
    },
    getMember: ({ id, query, actor }) => {
      const member = id === 'me' ? actor.member : MEMBERS.find((each) => each.id === id || each.username === id)
      return member ? answerItem(toShortMember(member), query) : answerRefusal(refusals.noModel)
    },
  }
}

export function findBoard(id: string, among: readonly Board[]): Board | Response {
  return findBy(id, { among, names: (board) => [board.id, shortLinkOf(board.id)] })
}

export function findList(id: string, among: readonly List[]): List | Response {
  return findBy(id, { among, names: (list) => [list.id], missing: refusals.noModel })
}

export function toListJson(list: List): Json {
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

function toLabelJson({ id, idBoard, name, color }: Label): Json {
  return { id, idBoard, name, color, uses: 0 }
}

/** Without an e-mail address: Trello gives none. */
export function toShortMember({ id, fullName, username }: Member): Json {
  return { id, fullName, username }
}
