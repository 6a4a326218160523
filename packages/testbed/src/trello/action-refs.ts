import type { BoardStore } from './board-store.ts'
import { findMember } from './members.ts'
import { shortLinkOf } from './object-id.ts'
import type { Card, Json } from './trello-state.ts'

/** How an action's `data` names cards, boards, lists and members. */
export interface Refs {
  card(card: Card): Json
  board(of: { readonly idBoard: string }): Json
  list(id: string): Json
  member(id: string): Json
}

/** Names them as they are at that moment. */
export function refOf(store: BoardStore): Refs {
  return {
    card: ({ id, name, idShort }) => ({ id, name, idShort, shortLink: shortLinkOf(id) }),
    board: ({ idBoard }) => {
      const name = store.state.boards.find(({ id }) => id === idBoard)?.name ?? ''
      return { id: idBoard, name, shortLink: shortLinkOf(idBoard) }
    },
    list: (id) => ({ id, name: store.state.lists.find((list) => list.id === id)?.name ?? '' }),
    member: (id) => ({ id, name: findMember(id)?.fullName ?? '' }),
  }
}
