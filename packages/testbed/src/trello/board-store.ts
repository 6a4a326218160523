import type { CardFields } from './check-card-fields.ts'
import { createObjectIds } from './object-id.ts'
import { readTrelloState } from './read-trello-state.ts'
import type { Action, Attachment, Board, Card, Label, List, Pending, TrelloState, Webhook } from './trello-state.ts'

/** Boards, lists, cards and what was done to them, with no rules of HTTP. `now` is milliseconds since the epoch. */
export interface BoardStore {
  readonly state: TrelloState
  addBoard(name: string, now: number): Board
  addList(idBoard: string, name: string, now: number): List
  closeList(id: string): void
  addLabel(label: Omit<Label, 'id'>, now: number): Label
  createCard(list: List, fields: CardFields, now: number): Card
  updateCard(card: Card, fields: CardFields, now: number): Card
  addAttachment(card: Card, attachment: Omit<Attachment, 'id'>, now: number): Attachment
  deleteCard(id: string): void
  addAction(action: Omit<Action, 'id' | 'date'>, now: number): Action
  /** Changes the text of a comment, or removes it. */
  editComment(comment: Action, text: string | undefined): void
  addWebhook(
    webhook: Pick<Webhook, 'description' | 'idModel' | 'callbackURL' | 'active' | 'token'>,
    now: number,
  ): Webhook
  /** Replaces the webhook of that id, if it is still there. */
  keepWebhook(webhook: Webhook): void
  /** With all that waits to be sent to it. */
  removeWebhooks(which: (webhook: Webhook) => boolean): void
  addPending(pending: Omit<Pending, 'id'>): Pending
  /** Replaces it, or removes it. */
  keepPending(id: number, pending: Pending | undefined): void
  save(): string
  restore(json: string): void
}

/** Trello leaves this much room between two cards or lists. */
const STEP = 16_384
/** Labels of a new board. */
const COLORS = ['green', 'yellow', 'orange', 'red', 'purple', 'blue'] as const

export function createBoardStore(seed: string): BoardStore {
  let boards: Board[] = []
  let lists: List[] = []
  let labels: Label[] = []
  let cards: Card[] = []
  let actions: Action[] = []
  let webhooks: Webhook[] = []
  let pending: Pending[] = []
  let made = 0
  let idAt = createObjectIds(seed)
  const nextId = (now: number): string => {
    made += 1
    return idAt(now)
  }
  const state = (): TrelloState => ({
    made,
    boards,
    lists,
    labels,
    cards,
    actions,
    webhooks,
    pending,
  })
  const keepCard = (changed: Card): void => {
    cards = cards.map((other) => (other.id === changed.id ? changed : other))
  }
  const keepCardOf = ({ idCard }: Action, change: (card: Card) => Partial<Card>): void => {
    const card = cards.find(({ id }) => id === idCard)
    if (card) keepCard({ ...card, ...change(card) })
  }
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
      for (const color of COLORS) labels.push({ id: nextId(now), idBoard: board.id, name: '', color })
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
    addLabel: (fields, now) => {
      const label = { id: nextId(now), ...fields }
      labels.push(label)
      return label
    },
    createCard: (list, { pos, ...fields }, now) => {
      const sameBoard = cards.filter((card) => card.idBoard === list.idBoard)
      const card: Card = {
        name: '',
        desc: '',
        closed: false,
        due: null,
        dueComplete: false,
        idLabels: [],
        idMembers: [],
        attachments: [],
        comments: 0,
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
      keepCard(updated)
      return updated
    },
    addAttachment: (card, fields, now) => {
      const attachment = { id: nextId(now), ...fields }
      keepCard({ ...card, attachments: [...card.attachments, attachment], dateLastActivity: fields.date })
      return attachment
    },
    deleteCard: (id) => {
      cards = cards.filter((card) => card.id !== id)
    },
    addAction: (fields, now) => {
      const action = { id: nextId(now), date: new Date(now).toISOString(), ...fields }
      actions.push(action)
      const { date: dateLastActivity } = action
      if (action.type === 'commentCard')
        keepCardOf(action, ({ comments }) => ({ comments: comments + 1, dateLastActivity }))
      return action
    },
    editComment: (comment, text) => {
      const edited = text === undefined ? [] : [{ ...comment, data: { ...comment.data, text } }]
      actions = actions.flatMap((action) => (action.id === comment.id ? edited : [action]))
      if (text === undefined) keepCardOf(comment, ({ comments }) => ({ comments: comments - 1 }))
    },
    addWebhook: (fields, now) => {
      const webhook = { id: nextId(now), ...fields, consecutiveFailures: 0, firstConsecutiveFailDate: null }
      webhooks.push(webhook)
      return webhook
    },
    keepWebhook: (changed) => {
      webhooks = webhooks.map((webhook) => (webhook.id === changed.id ? changed : webhook))
    },
    removeWebhooks: (which) => {
      webhooks = webhooks.filter((webhook) => !which(webhook))
      pending = pending.filter(({ idWebhook }) => webhooks.some(({ id }) => id === idWebhook))
    },
    addPending: (fields) => {
      const added = { id: Math.max(0, ...pending.map(({ id }) => id)) + 1, ...fields }
      pending.push(added)
      return added
    },
    keepPending: (id, changed) => {
      pending = pending.flatMap((each) => (each.id === id ? (changed ?? []) : [each]))
    },
    save: () => JSON.stringify({ v: 1, ...state() }),
    restore: (json) => {
      const saved = readTrelloState(json)
      boards = [...saved.boards]
      lists = [...saved.lists]
      labels = [...saved.labels]
      cards = [...saved.cards]
      actions = [...saved.actions]
      webhooks = [...saved.webhooks]
      pending = [...saved.pending]
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
