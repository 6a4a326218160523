import type { BoardStore } from './board-store.ts'
import type { Actor, CardChanges } from './change-cards.ts'
import type { CardFields } from './check-card-fields.ts'
import { MEMBERS, type Member } from './members.ts'
import type { Action, Card, List } from './trello-state.ts'

/** Who does it: full name or user name of a member of the board. @default Ada Example */
interface By {
  readonly by?: string
}

/**
 * What people do in Trello. A `card` is a card's id, or a ticket id that one card names. All throw for a card, list,
 * label, comment or member that does not exist.
 */
export interface TrelloPeople {
  /** A card that is not a ticket, on a list of the first board. Returns its id. */
  addCard(name: string, list: string, by?: By): string
  /** To a list of its board by name, or to any list by id. Two actions, as when a card is dragged. */
  moveCard(card: string, list: string, by?: By): void
  archiveCard(card: string, by?: By): void
  unarchiveCard(card: string, by?: By): void
  completeCard(card: string, by?: By): void
  uncompleteCard(card: string, by?: By): void
  renameCard(card: string, name: string, by?: By): void
  describeCard(card: string, desc: string, by?: By): void
  /** `due` is ISO 8601, or null for none. */
  setDue(card: string, due: string | null, by?: By): void
  /** Returns the comment's id. */
  comment(card: string, text: string, by?: By): string
  editComment(comment: string, text: string, by?: By): void
  deleteComment(comment: string, by?: By): void
  joinCard(card: string, by?: By): void
  leaveCard(card: string, by?: By): void
  /** Another person puts this member on the card. */
  assignCard(card: string, member: string, by?: By): void
  unassignCard(card: string, member: string, by?: By): void
  /** By the label's name or colour. */
  addLabel(card: string, label: string, by?: By): void
  removeLabel(card: string, label: string, by?: By): void
  attachLink(card: string, url: string, by?: By): void
  /** Ticks an item of a check list: an event that says nothing about a ticket. */
  tickItem(card: string, item: string, by?: By): void
  deleteCard(card: string, by?: By): void
}

/** Milliseconds between the two actions of one drag: public code that logged both, TravisSiebenhaar/discordtrellobot. */
const DRAG_ECHO_MS = 19
const DRAGGED_BY = 16_384

export function createTrelloPeople(store: Pick<BoardStore, 'state'>, changes: CardChanges): TrelloPeople {
  const change = (card: string, fields: CardFields, by?: By): Card =>
    changes.update(findCard(card, store.state.cards), fields, personOf(by))
  const withMember = (card: string, who: string, by?: By): void => {
    const { id } = findMember(who)
    const { idMembers } = findCard(card, store.state.cards)
    if (!idMembers.includes(id)) change(card, { idMembers: [...idMembers, id] }, by)
  }
  const withoutMember = (card: string, who: string, by?: By): void => {
    const { id } = findMember(who)
    const { idMembers } = findCard(card, store.state.cards)
    change(card, { idMembers: idMembers.filter((each) => each !== id) }, by)
  }
  const labelOf = (card: Card, name: string): string => {
    const label = store.state.labels.find(
      (each) => each.idBoard === card.idBoard && [each.name, each.color].includes(name),
    )
    if (!label)
      throw new Error(`No label "${name}" on the board: use the name or colour of one, or add it to the board.`)
    return label.id
  }
  const commentOf = (id: string): Action => {
    const comment = store.state.actions.find((action) => action.id === id && action.type === 'commentCard')
    if (!comment) throw new Error(`No comment ${id}: it was never written, or was deleted.`)
    return comment
  }
  const findList = (list: string, idBoard: string | undefined): List => {
    const found = store.state.lists.find(
      ({ id, name, ...each }) => id === list || (name === list && each.idBoard === idBoard),
    )
    if (!found) throw new Error(`No list "${list}" on this board.`)
    return found
  }
  return {
    addCard: (name, list, by) => {
      const target = findList(list, store.state.boards[0]?.id)
      return changes.create(target, { name, idList: target.id }, personOf(by)).id
    },
    moveCard: (card, list, by) => {
      const target = findList(list, findCard(card, store.state.cards).idBoard)
      const moved = change(card, { idList: target.id }, by)
      changes.update(moved, { pos: moved.pos + DRAGGED_BY }, { ...personOf(by), later: DRAG_ECHO_MS })
    },
    archiveCard: (card, by) => void change(card, { closed: true }, by),
    unarchiveCard: (card, by) => void change(card, { closed: false }, by),
    completeCard: (card, by) => void change(card, { dueComplete: true }, by),
    uncompleteCard: (card, by) => void change(card, { dueComplete: false }, by),
    renameCard: (card, name, by) => void change(card, { name }, by),
    describeCard: (card, desc, by) => void change(card, { desc }, by),
    setDue: (card, due, by) => void change(card, { due }, by),
    comment: (card, text, by) => changes.comment(findCard(card, store.state.cards), text, personOf(by)).id,
    editComment: (comment, text, by) => changes.editComment(commentOf(comment), text, personOf(by)),
    deleteComment: (comment, by) => changes.removeComment(commentOf(comment), personOf(by)),
    joinCard: (card, by) => withMember(card, personOf(by).member.fullName, by),
    leaveCard: (card, by) => withoutMember(card, personOf(by).member.fullName, by),
    assignCard: withMember,
    unassignCard: withoutMember,
    addLabel: (card, label, by) => {
      const found = findCard(card, store.state.cards)
      change(card, { idLabels: [...new Set([...found.idLabels, labelOf(found, label)])] }, by)
    },
    removeLabel: (card, label, by) => {
      const found = findCard(card, store.state.cards)
      const id = labelOf(found, label)
      change(card, { idLabels: found.idLabels.filter((each) => each !== id) }, by)
    },
    attachLink: (card, url, by) =>
      void changes.attach(findCard(card, store.state.cards), { name: url, url }, personOf(by)),
    tickItem: (card, item, by) => changes.tick(findCard(card, store.state.cards), item, personOf(by)),
    deleteCard: (card, by) => changes.remove(findCard(card, store.state.cards), personOf(by)),
  }
}

const DEFAULT_PERSON = 'Ada Example'

function personOf({ by = DEFAULT_PERSON }: By = {}): Actor {
  return { member: findMember(by) }
}

function findMember(who: string): Member {
  const member = MEMBERS.find(({ fullName, username }) => [fullName, username].includes(who))
  if (member) return member
  throw new Error(`No member "${who}". The members are ${MEMBERS.map(({ fullName }) => `"${fullName}"`).join(', ')}.`)
}

function findCard(card: string, among: readonly Card[]): Card {
  const byId = among.find(({ id }) => id === card)
  const named = byId ? [byId] : among.filter(({ name, desc }) => `${name}\n${desc}`.includes(card))
  const [found, ...more] = named
  if (!found) throw new Error(`No card ${card}: it was never created, or was deleted.`)
  if (more.length > 0) throw new Error(`${named.length} cards name ${card}: use the id of one of them.`)
  return found
}
