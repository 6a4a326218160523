import type { CardFields } from './check-card-fields.ts'
import { createObjectIds } from './object-id.ts'
import { readTrelloState, type Board, type Card, type List, type TrelloState } from './trello-state.ts'

/** Boards, lists and cards, with no rules of HTTP. `now` is milliseconds since the epoch. */
export interface BoardStore {
  readonly state: TrelloState
  addBoard(name: string, now: number): Board
  addList(idBoard: string, name: string, now: number): List
  closeList(id: string): void
  createCard(list: List, fields: CardFields, now: number): Card
  updateCard(card: Card, fields: CardFields, now: number): Card
  deleteCard(id: string): void
  save(): string
  restore(json: string): void
}

/** Trello leaves this much room between two cards or lists. */
const STEP = 16_384

export function createBoardStore(seed: string): BoardStore {
  let boards: Board[] = []
  let lists: List[] = []
  let cards: Card[] = []
  let made = 0
  let idAt = createObjectIds(seed)
  const nextId = (now: number): string => {
    made += 1
    return idAt(now)
  }
  const state = (): TrelloState => ({ made, boards, lists, cards })
  const place = (idList: string, pos: CardFields['pos']): number =>
    placeAmong(
      cards.filter((card) => card.idList === idList),
      pos,
    )

  return {
    get state() {
      return state()
    },
    addBoard: (name, now) => {
      const board = { id: nextId(now), name }
      boards = [...boards, board]
      return board
    },
    addList: (idBoard, name, now) => {
      const pos = placeAmong(
        lists.filter((list) => list.idBoard === idBoard),
        'bottom',
      )
      const list = { id: nextId(now), idBoard, name, pos, closed: false }
      lists = [...lists, list]
      return list
    },
    closeList: (id) => {
      lists = lists.map((list) => (list.id === id ? { ...list, closed: true } : list))
    },
    createCard: (list, { pos, ...fields }, now) => {
      const sameBoard = cards.filter((card) => card.idBoard === list.idBoard)
      const card: Card = {
        name: '',
        desc: '',
        closed: false,
        due: null,
        idLabels: [],
        idMembers: [],
        ...fields,
        id: nextId(now),
        idBoard: list.idBoard,
        idList: list.id,
        idShort: Math.max(0, ...sameBoard.map((other) => other.idShort)) + 1,
        pos: place(list.id, pos),
        dateLastActivity: new Date(now).toISOString(),
      }
      cards.push(card)
      return card
    },
    updateCard: (card, { pos, ...fields }, now) => {
      const idList = fields.idList ?? card.idList
      const idBoard = lists.find((list) => list.id === idList)?.idBoard ?? card.idBoard
      const isMoved = pos !== undefined || idList !== card.idList
      const where = isMoved ? { pos: place(idList, pos) } : {}
      const updated = { ...card, ...fields, ...where, idBoard, dateLastActivity: new Date(now).toISOString() }
      cards = cards.map((other) => (other.id === card.id ? updated : other))
      return updated
    },
    deleteCard: (id) => {
      cards = cards.filter((card) => card.id !== id)
    },
    save: () => JSON.stringify({ v: 1, ...state() }),
    restore: (json) => {
      const saved = readTrelloState(json)
      boards = [...saved.boards]
      lists = [...saved.lists]
      cards = [...saved.cards]
      made = saved.made
      idAt = createObjectIds(seed, made)
    },
  }
}

function placeAmong(others: readonly { readonly pos: number }[], pos: CardFields['pos'] = 'bottom'): number {
  if (typeof pos === 'number') return pos
  if (others.length === 0) return STEP
  const positions = others.map((other) => other.pos)
  return pos === 'top' ? Math.min(...positions) / 2 : Math.max(...positions) + STEP
}
