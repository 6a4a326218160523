import type { AppSecret } from 'ticket-core'
import type { HttpEdge } from '../http/call-vendor.ts'
import type { DeliveryFailure, VendorResult } from '../http/classify.ts'
import { createRateLimiter } from '../http/rate-limiter.ts'
import { readBoard, readWebhook, readWebhooks, type TrelloBoard, type TrelloWebhook } from './read-answer.ts'
import { type TrelloApi, openTrello } from './trello-api.ts'

/** A board and the webhook that reports what people do on it. */
export type BoardConnection =
  | {
      readonly kind: 'connected'
      /** `found`: it was there and active; `enabled`: Trello had switched it off. */
      readonly how: 'made' | 'found' | 'enabled'
      readonly board: string
      readonly webhookId: string
      /** Callbacks in a row that were not answered with 200. */
      readonly failures: number
      /** Webhooks of this token and board with other addresses: each gets every action, too. */
      readonly others: readonly TrelloWebhook[]
    }
  | {
      readonly kind: 'failed'
      /** `address`: Trello asked it, and it did not answer 200. */
      readonly code: 'address' | 'refused' | 'no-answer'
      readonly reason: string
    }

export interface ConnectOptions extends HttpEdge {
  readonly secret: AppSecret['trello']
  /** @default Trello's own */
  readonly baseUrl?: string
  readonly callbackUrl: string
}

/** Milliseconds for all calls; Trello asks the address itself while it makes a webhook. */
const TIMEOUT = 30_000
const SPACING = 250
const DESCRIPTION = 'Tickets from Microsoft Teams: reports what people do with cards'

/**
 * Makes the board's webhook. Safe to repeat: looks first, makes it only where it is missing, enables one that Trello
 * switched off. https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/
 */
export async function connectBoard(options: ConnectOptions): Promise<BoardConnection> {
  const { secret, callbackUrl, baseUrl = 'https://api.trello.com', ...edge } = options
  const rateLimiter = createRateLimiter(edge.clock, SPACING)
  const deadline = edge.clock.monotonic() + TIMEOUT
  const api = openTrello({ ...edge, baseUrl: baseUrl.replace(/\/+$/, ''), rateLimiter }, secret, deadline)
  const first = await connectOnce(api, callbackUrl)
  // "A webhook with that callback, model, and token already exists": another run made it after this one had looked.
  const isRace = first.kind === 'failed' && first.reason.includes('already exists')
  return isRace ? connectOnce(api, callbackUrl) : first
}

async function connectOnce(api: TrelloApi, callbackUrl: string): Promise<BoardConnection> {
  const board = await findBoard(api)
  if ('kind' in board) return board
  const listed = await listWebhooks(api)
  if (!Array.isArray(listed)) return listed
  const ofBoard = listed.filter(({ idModel }) => idModel === board.id)
  const own = ofBoard.find(({ callbackURL }) => callbackURL === callbackUrl)
  const others = ofBoard.filter((webhook) => webhook !== own)
  const connected = (
    how: 'made' | 'found' | 'enabled',
    { id, consecutiveFailures }: TrelloWebhook,
  ): BoardConnection => ({
    kind: 'connected',
    how,
    board: board.name,
    webhookId: id,
    failures: consecutiveFailures,
    others,
  })
  if (own?.active) return connected('found', own)
  if (own) {
    const enabled = await api.put(`/1/webhooks/${encodeURIComponent(own.id)}`, { active: true })
    return enabled.kind === 'ok' ? connected('enabled', own) : failed(enabled)
  }
  const fields = { idModel: board.id, callbackURL: callbackUrl, description: DESCRIPTION }
  const made = await api.post('/1/webhooks', fields)
  if (made.kind !== 'ok') return explainRefusal(made, callbackUrl)
  const webhook = readWebhook(made.body)
  return webhook ? connected('made', webhook) : unreadable('a webhook')
}

/** The full id: the secret may have the short one, with which the webhooks in the list could not be compared. */
async function findBoard(api: TrelloApi): Promise<TrelloBoard | BoardConnection> {
  const answer = await api.get(`/1/boards/${encodeURIComponent(api.secret.boardId)}`, { fields: 'name' })
  if (answer.kind !== 'ok') return failed(answer)
  return readBoard(answer.body) ?? unreadable('a board')
}

/** The only call of ours with a token in its address: Trello lists the webhooks of a token by no other. */
async function listWebhooks(api: TrelloApi): Promise<TrelloWebhook[] | BoardConnection> {
  const answer = await api.get(`/1/tokens/${encodeURIComponent(api.secret.token)}/webhooks`, {})
  if (answer.kind !== 'ok') return failed(answer)
  const webhooks = readWebhooks(answer.body)
  return webhooks ? [...webhooks] : unreadable('a list of webhooks')
}

/** "URL (…) did not return 200 status code, got 405" */
function explainRefusal(failure: DeliveryFailure, callbackUrl: string): BoardConnection {
  const [, got] = /did not return 200 status code, got (\w{1,40})/.exec(failure.reason) ?? []
  if (got === undefined) return failed(failure)
  return { kind: 'failed', code: 'address', reason: `Trello asked ${callbackUrl} and got ${got} in place of 200.` }
}

function failed(failure: Exclude<VendorResult, { kind: 'ok' }>): BoardConnection {
  return { kind: 'failed', code: failure.kind === 'rejected' ? 'refused' : 'no-answer', reason: failure.reason }
}

function unreadable(what: string): BoardConnection {
  return { kind: 'failed', code: 'no-answer', reason: `Trello answered 200 with something that is not ${what}.` }
}
