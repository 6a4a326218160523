import type { AppSecret, Clock, DeliveryOutcome, Receipt, SecretSource, TicketSink } from 'ticket-core'
import type { Fetch } from '../http/call-vendor.ts'
import { secretFailure, type DeliveryFailure } from '../http/classify.ts'
import { createRateLimiter } from '../http/rate-limiter.ts'
import { type CardText, buildCard } from './build-card.ts'
import { findCard } from './find-card.ts'
import { asRead, findList } from './find-list.ts'
import { type TrelloCard, readCard } from './read-answer.ts'
import { type TrelloApi, type TrelloSecret, openTrello } from './trello-api.ts'

/**
 * Trello takes 100 calls in 10 s of a token. The event source mapping runs two executions at the same time; together they make 80.
 * Milliseconds. https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits/
 */
const SPACING = 250

export interface TrelloSinkOptions {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly secrets: SecretSource<Pick<AppSecret, 'trello'>>
  /** @default Trello's own */
  readonly baseUrl?: string
}

/**
 * Medium priority: a card on the configured list. A suspect is first looked up by its marker line; a failed lookup is a
 * retry. When Trello refuses what the secret names (credentials, board, list), the secret is read again once, because it
 * may have been corrected. Refused again, the ticket is rejected.
 */
export function createTrelloSink({
  secrets,
  baseUrl = 'https://api.trello.com',
  ...edge
}: TrelloSinkOptions): TicketSink {
  const trello = { ...edge, baseUrl: baseUrl.replace(/\/+$/, ''), rateLimiter: createRateLimiter(edge.clock, SPACING) }
  /** The list's id by board and name: it changes only when people change the board. */
  const listIds = new Map<string, string>()

  async function createCard(api: TrelloApi, card: CardText): Promise<DeliveryOutcome> {
    const cacheKey = JSON.stringify([api.secret.boardId, api.secret.listName])
    const cached = listIds.get(cacheKey)
    const list = cached === undefined ? await findList(api) : ({ kind: 'found', id: cached } as const)
    if (list.kind === 'failed') return list.failure
    listIds.set(cacheKey, list.id)
    const { name, desc, isCut } = card
    const answer = await api.post('/1/cards', { idList: list.id, pos: 'top', name, desc })
    if (answer.kind === 'ok') return concludeCreated(answer.body, { baseUrl: trello.baseUrl, isCut })
    if (!isListGone(answer)) return answer
    listIds.delete(cacheKey)
    // The remembered list may have been replaced; one that was found just now is not looked up a second time.
    return cached === undefined ? answer : createCard(api, card)
  }

  async function attempt(
    secret: TrelloSecret,
    delivery: Parameters<TicketSink['deliver']>[0],
  ): Promise<DeliveryOutcome> {
    const api = openTrello(trello, secret, delivery.deadline)
    const card = buildCard(delivery.ticket, delivery.keptAt)
    if (delivery.suspect) {
      // A clock that was set back since the claim gives a card an earlier time than the claim has.
      const since = Math.min(delivery.firstClaimAt, trello.clock.now())
      const look = await findCard(api, delivery.ticket.id, since)
      if (look.kind === 'failed') return asLookup(look.failure)
      if (look.kind === 'found')
        return {
          kind: 'delivered',
          receipt: { ...buildReceipt(look.card, { baseUrl: trello.baseUrl, isCut: card.isCut }), found: true },
        }
    }
    return createCard(api, card)
  }

  return {
    async deliver(delivery) {
      const secret = await secrets.current()
      if (!secret.ok) return secretFailure(secret.failure)
      const first = await attempt(secret.value.trello, delivery)
      if (first.kind === 'delivered' || !isSecretInDoubt(first)) return first
      const fresh = await secrets.refresh()
      if (!fresh.ok || isSame(fresh.value.trello, secret.value.trello)) return first
      return attempt(fresh.value.trello, delivery)
    },
  }
}

/** A failed lookup made no card, and a card made without it could be the second: always a retry. */
function asLookup(failure: DeliveryFailure): DeliveryFailure {
  const { code, reason } = failure
  return failure.kind === 'rejected'
    ? { kind: 'retry', code, reason: `Looking for the card: ${reason}` }
    : asRead(failure)
}

/** Answers to a token, board or list that is not right: Trello's 400 is "invalid id" for a board that cannot be one. */
const SECRET_IN_DOUBT = new Set([
  'trello-400',
  'trello-401',
  'trello-403',
  'trello-404',
  'trello-list-ambiguous',
  'trello-list-closed',
  'trello-list-missing',
])

function isSecretInDoubt({ code }: DeliveryFailure): boolean {
  return SECRET_IN_DOUBT.has(code)
}

/** 404 "could not find the board that the card belongs to", 400 "invalid value for idList". */
function isListGone({ kind, code, reason }: DeliveryFailure): boolean {
  return kind === 'rejected' && (code === 'trello-404' || (code === 'trello-400' && /idList/i.test(reason)))
}

function isSame(one: TrelloSecret, other: TrelloSecret): boolean {
  return (
    one.key === other.key &&
    one.token === other.token &&
    one.boardId === other.boardId &&
    one.listName === other.listName
  )
}

function concludeCreated(body: string, about: ReceiptFacts): DeliveryOutcome {
  const card = readCard(body)
  if (card) return { kind: 'delivered', receipt: buildReceipt(card, about) }
  const reason = 'Trello answered 200 to a new card with something that is not a card.'
  return { kind: 'unknown', code: 'trello-unreadable', reason }
}

interface ReceiptFacts {
  readonly baseUrl: string
  readonly isCut: boolean
}

function buildReceipt({ id, shortLink, shortUrl }: TrelloCard, { baseUrl, isCut }: ReceiptFacts): Receipt {
  // Trello's own links are https; a simulator that is reached by http links to itself, by a name of its own.
  const links = baseUrl.startsWith('http://') ? /^https?:\/\// : /^https:\/\//
  return {
    destination: 'board',
    where: `card ${shortLink ?? id}`,
    vendorId: id,
    ...(isCut && { cut: true }),
    ...(shortUrl !== undefined && links.test(shortUrl) && { url: shortUrl }),
  }
}
