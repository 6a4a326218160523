import type { AppSecret } from 'ticket-core'
import type { HttpEdge } from '../http/call-vendor.ts'
import type { DeliveryFailure, VendorResult } from '../http/classify.ts'
import { createRateLimiter } from '../http/rate-limiter.ts'
import { findList, type NamedList } from './find-list.ts'
import { readBoard, readLists, readToken, readWebhooks, type TrelloWebhook } from './read-answer.ts'
import { type TrelloApi, openTrello } from './trello-api.ts'

/** What Trello says of one value: it is right, it is wrong, or Trello did not say. No reason holds a value. */
export type TrelloFinding<Value> =
  | { readonly kind: 'right'; readonly value: Value }
  | {
      readonly kind: 'wrong'
      readonly reason: string
      /** The keys of the secret whose values may be wrong. */
      readonly keys: readonly TrelloKey[]
    }
  | { readonly kind: 'no-answer'; readonly reason: string }

type TrelloKey =
  | 'TRELLO_API_KEY'
  | 'TRELLO_API_TOKEN'
  | 'TRELLO_BOARD_ID'
  | 'TRELLO_LIST_NAME'
  | 'TRELLO_DONE_LIST_NAME'

/** Asks Trello about the values of the secret. Nothing is changed. */
export interface TrelloCheck {
  /** The key and the token; a token that may not write is wrong. */
  token(): Promise<TrelloFinding<{ readonly expires?: string }>>
  /** The board by its id, long or short. */
  board(): Promise<TrelloFinding<{ readonly id: string; readonly name: string }>>
  /** The names of the board's open lists. */
  lists(): Promise<TrelloFinding<readonly string[]>>
  /** One list by its name. */
  list(list: NamedList): Promise<TrelloFinding<undefined>>
  /** The webhooks of the token that report what people do on this board. */
  webhooks(boardId: string): Promise<TrelloFinding<readonly TrelloWebhook[]>>
}

export interface TrelloCheckOptions extends HttpEdge {
  readonly secret: AppSecret['trello']
  /** @default Trello's own */
  readonly baseUrl?: string | undefined
}

/** Milliseconds for one call. */
const TIMEOUT = 8000
const SPACING = 20

/** Makes the checks. Each of them is bounded in time. */
export function createTrelloCheck({
  secret,
  baseUrl = 'https://api.trello.com',
  ...edge
}: TrelloCheckOptions): TrelloCheck {
  const rateLimiter = createRateLimiter(edge.clock, SPACING)
  const open = (): TrelloApi =>
    openTrello({ ...edge, baseUrl: baseUrl.replace(/\/+$/, ''), rateLimiter }, secret, edge.clock.monotonic() + TIMEOUT)
  const board = `/1/boards/${encodeURIComponent(secret.boardId)}`
  const ofToken = `/1/tokens/${encodeURIComponent(secret.token)}`
  return {
    async token() {
      const answer = await open().get(ofToken, {})
      const token = read(answer, readToken, 'a token')
      if (token.kind !== 'right') return token
      const { permissions, dateExpires } = token.value
      const boards = permissions.filter(({ modelType }) => modelType === 'Board')
      if (!boards.some((permission) => permission.read && permission.write))
        return wrong('The token may not write to boards: make one with scope=read,write.', 'TRELLO_API_TOKEN')
      const isOver = dateExpires !== undefined && Date.parse(dateExpires) <= edge.clock.now()
      if (isOver)
        return wrong(`The token expired at ${dateExpires}: make one with expiration=never.`, 'TRELLO_API_TOKEN')
      return { kind: 'right', value: dateExpires === undefined ? {} : { expires: dateExpires } }
    },
    async board() {
      const found = read(await open().get(board, { fields: 'name,closed' }), readBoard, 'a board')
      const isClosed = found.kind === 'right' && found.value.closed
      return isClosed ? wrong('The board is closed: open it again, or name another one.', 'TRELLO_BOARD_ID') : found
    },
    async lists() {
      const answer = await open().get(`${board}/lists`, { filter: 'open', fields: 'name,closed' })
      const lists = read(answer, readLists, 'a list of lists')
      return lists.kind === 'right' ? { kind: 'right', value: lists.value.map(({ name }) => name) } : lists
    },
    async list(list) {
      const found = await findList(open(), list)
      if (found.kind === 'found') return { kind: 'right', value: undefined }
      const { code, reason } = found.failure
      return code.startsWith('trello-list-') ? wrong(reason, list.key) : failed(found.failure)
    },
    async webhooks(boardId) {
      const listed = read(await open().get(`${ofToken}/webhooks`, {}), readWebhooks, 'a list of webhooks')
      if (listed.kind !== 'right') return listed
      return { kind: 'right', value: listed.value.filter(({ idModel }) => idModel === boardId) }
    },
  }
}

function read<Value>(
  answer: VendorResult,
  reader: (body: string) => Value | undefined,
  what: string,
): TrelloFinding<Value> {
  if (answer.kind !== 'ok') return failed(answer)
  const value = reader(answer.body)
  if (value !== undefined) return { kind: 'right', value }
  return { kind: 'no-answer', reason: `Trello answered 200 with something that is not ${what}.` }
}

/** Only a refusal says something about a value. */
function failed({ kind, code, reason }: DeliveryFailure): TrelloFinding<never> {
  if (kind !== 'rejected') return { kind: 'no-answer', reason }
  if (code === 'trello-401' && /invalid key/i.test(reason)) return wrong(reason, 'TRELLO_API_KEY')
  if (code === 'trello-401' && /invalid token/i.test(reason)) return wrong(reason, 'TRELLO_API_TOKEN')
  return wrong(reason, ...KEYS.filter((key) => reason.includes(key)))
}

const KEYS: readonly TrelloKey[] = ['TRELLO_API_KEY', 'TRELLO_API_TOKEN', 'TRELLO_BOARD_ID']

function wrong(reason: string, ...keys: readonly TrelloKey[]): TrelloFinding<never> {
  return { kind: 'wrong', reason, keys }
}
