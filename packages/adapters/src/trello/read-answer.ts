import * as v from 'valibot'

/** The fields of a card that we use. */
export interface TrelloCard {
  readonly id: string
  readonly shortLink?: string | undefined
  readonly shortUrl?: string | undefined
  readonly desc?: string | undefined
}

/** What a sync compares. */
export interface CardState {
  readonly name: string
  readonly desc: string
  readonly closed: boolean
  readonly dueComplete: boolean
  readonly idList: string
  readonly labels: readonly CardLabel[]
}

export interface CardLabel {
  readonly id: string
  readonly name: string
}

export interface TrelloComment {
  readonly id: string
  readonly data: { readonly text?: string | undefined }
}

/** An action of any kind, whole. */
export interface ListedAction {
  readonly id: string
}

export interface TrelloList {
  readonly id: string
  readonly name: string
  readonly closed: boolean
}

export interface TrelloBoard {
  readonly id: string
  readonly name: string
  readonly closed: boolean
}

/** What a token may do. */
export interface TrelloToken {
  /** Absent: never. */
  readonly dateExpires?: string | undefined
  readonly permissions: readonly { readonly modelType: string; readonly read: boolean; readonly write: boolean }[]
}

/** A webhook of our token. */
export interface TrelloWebhook {
  readonly id: string
  readonly idModel: string
  readonly callbackURL: string
  readonly active: boolean
  /** Callbacks in a row that were not answered with 200. */
  readonly consecutiveFailures: number
}

/** An optional field: anything but a text counts as absent. */
const text = v.fallback(v.optional(v.string()), undefined)
const Card = v.object({
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{24}$/)),
  shortLink: text,
  shortUrl: text,
  desc: text,
})
const List = v.object({ id: v.string(), name: v.string(), closed: v.fallback(v.boolean(), false) })
const Board = v.object({
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{24}$/)),
  name: v.fallback(v.string(), ''),
  closed: v.fallback(v.boolean(), false),
})
const Token = v.object({
  dateExpires: text,
  permissions: v.array(v.object({ modelType: v.string(), read: v.boolean(), write: v.boolean() })),
})
const Webhook = v.object({
  id: v.string(),
  idModel: v.string(),
  callbackURL: v.string(),
  active: v.fallback(v.boolean(), true),
  consecutiveFailures: v.fallback(v.number(), 0),
})

const Label = v.object({ id: v.string(), name: v.fallback(v.string(), '') })
const State = v.object({
  name: v.string(),
  desc: v.string(),
  closed: v.boolean(),
  // Older cards have none.
  dueComplete: v.fallback(v.boolean(), false),
  idList: v.string(),
  labels: v.fallback(v.array(Label), []),
})
const Action = v.object({ id: v.pipe(v.string(), v.regex(/^[0-9a-f]{24}$/)), data: v.object({ text }) })

/** Reads the part of a card that a sync compares; undefined when this is none. */
export function readCardState(body: string): CardState | undefined {
  return read(State, body)
}

/** Reads the labels of a board. */
export function readLabels(body: string): readonly CardLabel[] | undefined {
  return read(v.array(Label), body)
}

/** Reads a list of actions of any kind: the core knows what they say. */
export function readActions(body: string): readonly ListedAction[] | undefined {
  return read(v.array(v.looseObject({ id: v.pipe(v.string(), v.regex(/^[0-9a-f]{24}$/)) })), body)
}

/** Reads the id of a member; undefined when this is none. */
export function readMemberId(body: string): string | undefined {
  return read(v.object({ id: v.pipe(v.string(), v.regex(/^[0-9a-f]{24}$/)) }), body)?.id
}

/** Reads one action; undefined when this is none. */
export function readAction(body: string): TrelloComment | undefined {
  return read(Action, body)
}

/** Reads a list of comments; undefined when any of them cannot be read, since the one we look for may be it. */
export function readComments(body: string): readonly TrelloComment[] | undefined {
  return read(v.array(Action), body)
}

/** Reads a card; undefined when this is none. */
export function readCard(body: string): TrelloCard | undefined {
  return read(Card, body)
}

/** Reads a list of cards; undefined when any of them cannot be read, since the one we look for may be it. */
export function readCards(body: string): readonly TrelloCard[] | undefined {
  return read(v.array(Card), body)
}

export function readLists(body: string): readonly TrelloList[] | undefined {
  return read(v.array(List), body)
}

export function readBoard(body: string): TrelloBoard | undefined {
  return read(Board, body)
}

export function readToken(body: string): TrelloToken | undefined {
  return read(Token, body)
}

export function readWebhooks(body: string): readonly TrelloWebhook[] | undefined {
  return read(v.array(Webhook), body)
}

export function readWebhook(body: string): TrelloWebhook | undefined {
  return read(Webhook, body)
}

function read<Output>(schema: v.GenericSchema<unknown, Output>, body: string): Output | undefined {
  const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), body)
  return answer.success ? answer.output : undefined
}
