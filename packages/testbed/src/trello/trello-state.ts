/** Members of a JSON object. */
export type Json = Readonly<Record<string, unknown>>

export interface Board {
  readonly id: string
  readonly name: string
}

export interface List {
  readonly id: string
  readonly idBoard: string
  readonly name: string
  readonly pos: number
  readonly closed: boolean
}

/** Boards are made with Trello's six: colours without names. */
export interface Label {
  readonly id: string
  readonly idBoard: string
  readonly name: string
  readonly color: string | null
}

/** A link on a card. The simulator takes no files. */
export interface Attachment {
  readonly id: string
  readonly idMember: string
  readonly name: string
  readonly url: string
  /** ISO 8601, UTC. */
  readonly date: string
}

/** A card as the simulator keeps it; {@link toCardJson} makes Trello's shape of it. */
export interface Card {
  readonly id: string
  readonly idBoard: string
  readonly idList: string
  readonly idShort: number
  readonly name: string
  readonly desc: string
  readonly pos: number
  readonly closed: boolean
  readonly due: string | null
  readonly dueComplete: boolean
  readonly idLabels: readonly string[]
  readonly idMembers: readonly string[]
  readonly attachments: readonly Attachment[]
  /** How many comments it has. */
  readonly comments: number
  /** ISO 8601, UTC. */
  readonly dateLastActivity: string
}

/** Kinds of actions that the simulator makes. https://developer.atlassian.com/cloud/trello/guides/rest-api/action-types/ */
export type ActionType =
  | 'createCard'
  | 'updateCard'
  | 'deleteCard'
  | 'commentCard'
  | 'updateComment'
  | 'deleteComment'
  | 'addMemberToCard'
  | 'removeMemberFromCard'
  | 'addLabelToCard'
  | 'removeLabelFromCard'
  | 'addAttachmentToCard'
  | 'updateCheckItemStateOnCard'
  | 'moveCardFromBoard'
  | 'moveCardToBoard'

/** One thing that was done, as the simulator keeps it; {@link toActionJson} makes Trello's shape of it. */
export interface Action {
  readonly id: string
  readonly type: ActionType
  /** ISO 8601, UTC. */
  readonly date: string
  readonly idMemberCreator: string
  /** Done by an application's request, not by a person in Trello. */
  readonly byApp: boolean
  readonly idBoard: string
  readonly idCard: string
  readonly data: Json
}

/** Where Trello sends what happens to a board, a list or a card. */
export interface Webhook {
  readonly id: string
  readonly description: string
  readonly idModel: string
  readonly callbackURL: string
  readonly active: boolean
  readonly consecutiveFailures: number
  /** ISO 8601, UTC. */
  readonly firstConsecutiveFailDate: string | null
  /** The number of the token that made it: no state holds a token. */
  readonly token: number
}

/** An action that waits to be sent to a webhook, for the first time or once more. */
export interface Pending {
  readonly id: number
  readonly idWebhook: string
  readonly action: Action
  /** The `X-Trello-Client-Identifier` of the request that caused it. */
  readonly client: string | null
  /** The card's text at that time: faults and the journal look for a ticket in it. */
  readonly about: string
  /** How often it was sent. */
  readonly attempts: number
  /** Milliseconds since the epoch. */
  readonly due: number
}

/** Everything that a restart must keep. `made` counts the ids that were given out. */
export interface TrelloState {
  readonly made: number
  readonly boards: readonly Board[]
  readonly lists: readonly List[]
  readonly labels: readonly Label[]
  readonly cards: readonly Card[]
  /** Oldest first. */
  readonly actions: readonly Action[]
  readonly webhooks: readonly Webhook[]
  readonly pending: readonly Pending[]
}
