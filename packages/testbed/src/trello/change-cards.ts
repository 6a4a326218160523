import type { JournalWriter } from '../journal/create-journal.ts'
import { labelOf } from '../simulators/find-ticket-id.ts'
import type { BoardStore } from './board-store.ts'
import type { CardFields } from './check-card-fields.ts'
import { refOf } from './action-refs.ts'
import type { TrelloEvent } from '../journal/journal-entry.ts'
import type { Member } from './members.ts'
import type { Action, ActionType, Attachment, Card, Json, List } from './trello-state.ts'

/** Who changes something: a person in Trello, or an application's request. */
export interface Actor {
  readonly member: Member
  /** Its `X-Trello-Client-Identifier`, if it sent one. Absent: a person in Trello. */
  readonly app?: { readonly client?: string | undefined }
}

/** Changes of cards. Each leaves the actions that Trello makes of it. */
export interface CardChanges {
  create(list: List, fields: CardFields, actor: Actor): Card
  /** One action for each field that changed. `later` dates them so many milliseconds later. */
  update(card: Card, fields: CardFields, actor: Actor & { readonly later?: number }): Card
  remove(card: Card, actor: Actor): void
  comment(card: Card, text: string, actor: Actor): Action
  editComment(comment: Action, text: string, actor: Actor): void
  removeComment(comment: Action, actor: Actor): void
  attach(card: Card, link: Pick<Attachment, 'name' | 'url'>, actor: Actor): Attachment
  /** A check item was ticked. The simulator keeps no check lists: only the action exists. */
  tick(card: Card, item: string, actor: Actor): void
}

export interface ChangeDependencies {
  readonly store: BoardStore
  readonly now: () => number
  readonly journal?: JournalWriter | undefined
  /** Called after each change. */
  readonly changed: () => void
  /** Gets every action, with the identifier of the client that caused it. */
  readonly acted: (action: Action, client?: string) => void
}

/** Milliseconds between the two actions of one label: `fixtures/trello/callback-label-added-two-bodies-2023.json`. */
const LABEL_ECHO_MS = 31

/** Fields whose changes are actions of their own, in the order of the actions of one request (inferred). */
const FIELDS = ['name', 'desc', 'idList', 'closed', 'due', 'dueComplete', 'pos'] as const

type Done = Omit<Parameters<BoardStore['addAction']>[0], 'idMemberCreator' | 'byApp' | 'idBoard' | 'idCard'>

export function createCardChanges({ store, now, journal, changed, acted }: ChangeDependencies): CardChanges {
  const ref = refOf(store)
  const act = (card: Pick<Card, 'id' | 'idBoard'>, { type, data }: Done, actor: ActorLater): Action => {
    const { member, app, later = 0 } = actor
    const by = { idMemberCreator: member.id, byApp: app !== undefined }
    const action = store.addAction({ type, data, ...by, idBoard: card.idBoard, idCard: card.id }, now() + later)
    acted(action, app?.client)
    return action
  }
  const note = (kind: TrelloEvent['kind'], card: Card, text = card.name): void => {
    journal?.note({
      source: 'trello',
      kind,
      card: card.id,
      name: text,
      ...labelOf(`${card.desc}\n${card.name}\n${text}`),
    })
    changed()
  }
  const whole = (card: Card): Json => ({ card: ref.card(card), board: ref.board(card), list: ref.list(card.idList) })

  const updateField = (before: Card, after: Card, field: (typeof FIELDS)[number]): Done => {
    const data = {
      card: { [field]: after[field], ...ref.card(after) },
      old: { [field]: before[field] },
      board: ref.board(after),
    }
    return {
      type: 'updateCard',
      data:
        field === 'idList'
          ? { ...data, listBefore: ref.list(before.idList), listAfter: ref.list(after.idList) }
          : { ...data, list: ref.list(after.idList) },
    }
  }
  const moveToBoard = (before: Card, after: Card, actor: ActorLater): void => {
    const member = ref.member(actor.member.id)
    const from = { boardTarget: ref.board(after), member, ...whole({ ...before, name: after.name }) }
    act(before, { type: 'moveCardFromBoard', data: from }, actor)
    act(after, { type: 'moveCardToBoard', data: { boardSource: ref.board(before), ...whole(after) } }, actor)
  }
  const changeLabels = (before: Card, after: Card, actor: ActorLater): void => {
    for (const { type, id } of differences(before.idLabels, after.idLabels, LABEL_ACTIONS)) {
      const label = store.state.labels.find((each) => each.id === id)
      const { name = '', color = null } = label ?? {}
      const words = { ...(color !== null && { value: color }), text: name }
      const data = {
        ...words,
        card: ref.card(after),
        board: ref.board(after),
        label: { id, name, ...(color && { color }) },
      }
      act(after, { type, data }, actor)
    }
    const data = {
      card: { idLabels: after.idLabels, ...ref.card(after) },
      old: { idLabels: before.idLabels },
      board: ref.board(after),
      list: ref.list(after.idList),
    }
    act(after, { type: 'updateCard', data }, { ...actor, later: (actor.later ?? 0) + LABEL_ECHO_MS })
  }
  const changeMembers = (before: Card, after: Card, actor: ActorLater): void => {
    for (const { type, id } of differences(before.idMembers, after.idMembers, MEMBER_ACTIONS)) {
      const removed = type === 'removeMemberFromCard' ? { deactivated: false } : {}
      const data = { idMember: id, ...removed, card: ref.card(after), board: ref.board(after), member: ref.member(id) }
      act(after, { type, data }, actor)
    }
  }

  return {
    create: (list, fields, actor) => {
      const card = store.createCard(list, fields, now())
      act(card, { type: 'createCard', data: whole(card) }, actor)
      note('card-created', card)
      return card
    },
    update: (before, fields, actor) => {
      const after = store.updateCard(before, fields, now())
      const isOnOtherBoard = after.idBoard !== before.idBoard
      if (isOnOtherBoard) moveToBoard(before, after, actor)
      const moved = after.idList === before.idList ? [] : ['pos', ...(isOnOtherBoard ? ['idList'] : [])]
      for (const field of FIELDS)
        if (before[field] !== after[field] && !moved.includes(field))
          act(after, updateField(before, after, field), actor)
      if (!isSame(before.idLabels, after.idLabels)) changeLabels(before, after, actor)
      changeMembers(before, after, actor)
      note('card-updated', after)
      return after
    },
    remove: (card, actor) => {
      const { idShort, id } = card
      const data = { board: ref.board(card), list: ref.list(card.idList), card: { idShort, id } }
      act(card, { type: 'deleteCard', data }, actor)
      store.deleteCard(id)
      note('card-deleted', card)
    },
    comment: (card, text, actor) => {
      const data = { text, textData: { emoji: {} }, ...whole(card) }
      const comment = act(card, { type: 'commentCard', data }, actor)
      note('comment-added', card, text)
      return comment
    },
    editComment: (comment, text, actor) => {
      const { card, board, text: old } = comment.data
      store.editComment(comment, text)
      const data = { action: { id: comment.id, text }, card, board, old: { text: old } }
      act(onCard(comment), { type: 'updateComment', data }, actor)
      changed()
    },
    removeComment: (comment, actor) => {
      const { card, board } = comment.data
      store.editComment(comment, undefined)
      act(onCard(comment), { type: 'deleteComment', data: { action: { id: comment.id }, card, board } }, actor)
      changed()
    },
    attach: (card, { name, url }, actor) => {
      const date = new Date(now()).toISOString()
      const attachment = store.addAttachment(card, { idMember: actor.member.id, name, url, date }, now())
      const data = { attachment: { id: attachment.id, name, url }, ...whole(card) }
      act(card, { type: 'addAttachmentToCard', data }, actor)
      note('card-updated', card)
      return attachment
    },
    tick: (card, name, actor) => {
      const { board, card: shown } = whole(card)
      const checklist = { id: card.id.replace(/^.{8}/, '0c0ffee0'), name: 'Checklist' }
      const checkItem = { id: card.id.replace(/^.{8}/, '0c0ffee1'), name, state: 'complete', textData: { emoji: {} } }
      const data = { board, card: shown, checklist, checkItem }
      act(card, { type: 'updateCheckItemStateOnCard', data }, actor)
    },
  }
}

type ActorLater = Actor & { readonly later?: number }

interface Pair {
  readonly added: ActionType
  readonly removed: ActionType
}

const LABEL_ACTIONS: Pair = { added: 'addLabelToCard', removed: 'removeLabelFromCard' }
const MEMBER_ACTIONS: Pair = { added: 'addMemberToCard', removed: 'removeMemberFromCard' }

function differences(
  before: readonly string[],
  after: readonly string[],
  { added, removed }: Pair,
): readonly { readonly type: ActionType; readonly id: string }[] {
  return [
    ...after.filter((id) => !before.includes(id)).map((id) => ({ type: added, id })),
    ...before.filter((id) => !after.includes(id)).map((id) => ({ type: removed, id })),
  ]
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id))
}

function onCard({ idCard, idBoard }: Action): Pick<Card, 'id' | 'idBoard'> {
  return { id: idCard, idBoard }
}
