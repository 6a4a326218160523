import type { BoardStore } from './board-store.ts'
import type { Actor, CardChanges } from './change-cards.ts'
import type { Parameters } from './read-request.ts'

/** A request that passed the edge, the credentials and the rate limits. */
export interface TrelloRequest {
  /** The id in the path. */
  readonly id: string
  /** The second id in the path: of a card's member or label, of a token's webhook. Empty when there is none. */
  readonly part: string
  readonly query: URLSearchParams
  readonly parameters: Parameters
  readonly actor: Actor
  /** The number of the caller's token. */
  readonly token: number
}

export type Answer = (request: TrelloRequest) => Response | Promise<Response>

export interface TrelloDependencies {
  readonly store: BoardStore
  readonly changes: CardChanges
  readonly now: () => number
  /** Called after each change. */
  readonly changed: () => void
  /** Where people open cards, without a trailing slash. */
  readonly site: () => string
}
