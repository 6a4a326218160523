import type {
  AppSecret,
  Clock,
  Delivery,
  DeliveryOutcome,
  EffectDelivery,
  EffectSink,
  Receipt,
  SecretSource,
  TicketSink,
} from 'ticket-core'
import type { Fetch } from '../http/call-vendor.ts'
import { secretFailure, type DeliveryFailure } from '../http/classify.ts'
import { createRateLimiter } from '../http/rate-limiter.ts'
import { type CardText, buildCard } from './build-card.ts'
import { asLookup } from './card-ref.ts'
import { findCard } from './find-card.ts'
import { type ListFound, type NamedList, findList } from './find-list.ts'
import { writeNote } from './note.ts'
import { type TrelloCard, readCard } from './read-answer.ts'
import { type ListId, syncCard } from './sync-card.ts'
import { type TrelloApi, type TrelloSecret, openTrello } from './trello-api.ts'

/**
 * Trello takes 100 calls in 10 s of a token. The event source mapping runs two executions at the same time; together
 * they make 80. Milliseconds. https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits/
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
 * Medium priority: a card on the configured list, notes as its comments, and its state. A suspect is first looked up by
 * its marker; a failed lookup is a retry. When Trello refuses what the secret names (credentials, board, list), the secret
 * is read again once, because it may have been corrected. Refused again, it is rejected.
 */
export function createTrelloSink({
  secrets,
  baseUrl = 'https://api.trello.com',
  ...edge
}: TrelloSinkOptions): TicketSink & EffectSink {
  const trello = { ...edge, baseUrl: baseUrl.replace(/\/+$/, ''), rateLimiter: createRateLimiter(edge.clock, SPACING) }
  /** The lists' ids by board and name: they change only when people change the board. */
  const listIds = new Map<string, string>()

  async function listOf(api: TrelloApi, list: NamedList): Promise<ListFound & { readonly isFresh?: boolean }> {
    const cacheKey = JSON.stringify([api.secret.boardId, list.name])
    const cached = listIds.get(cacheKey)
    if (cached !== undefined) return { kind: 'found', id: cached }
    const found = await findList(api, list)
    if (found.kind === 'found') listIds.set(cacheKey, found.id)
    return { ...found, isFresh: true }
  }

  async function createCard(api: TrelloApi, card: CardText): Promise<DeliveryOutcome> {
    const list = await listOf(api, openList(api.secret))
    if (list.kind === 'failed') return list.failure
    const { name, desc, isCut } = card
    const answer = await api.post('/1/cards', { idList: list.id, pos: 'top', name, desc })
    if (answer.kind === 'ok') return concludeCreated(answer.body, { baseUrl: trello.baseUrl, isCut })
    if (!isListGone(answer)) return answer
    listIds.clear()
    // The remembered list may have been replaced; one that was found just now is not looked up a second time.
    return list.isFresh ? answer : createCard(api, card)
  }

  async function deliver(api: TrelloApi, delivery: Delivery): Promise<DeliveryOutcome> {
    const card = buildCard(delivery.ticket, delivery.keptAt, delivery.state?.assignee)
    if (delivery.suspect) {
      // A clock that was set back since the claim gives a card an earlier time than the claim has.
      const since = Math.min(delivery.firstClaimAt, trello.clock.now())
      const look = await findCard(api, delivery.ticket.id, since)
      if (look.kind === 'failed') return asLookup(look.failure, 'Looking for the card')
      if (look.kind === 'found')
        return {
          kind: 'delivered',
          receipt: { ...buildReceipt(look.card, { baseUrl: trello.baseUrl, isCut: card.isCut }), found: true },
        }
    }
    return createCard(api, card)
  }

  async function sync(api: TrelloApi, delivery: EffectDelivery): Promise<DeliveryOutcome> {
    const find = async (list: NamedList): Promise<ListId> => {
      const found = await listOf(api, list)
      return found.kind === 'found' ? found : found.failure
    }
    const { doneListName: name } = api.secret
    const outcome = await syncCard(api, delivery, {
      open: () => find(openList(api.secret)),
      done: async () => (name === undefined ? undefined : find({ key: 'TRELLO_DONE_LIST_NAME', name })),
    })
    // A list that was remembered may be gone: the next attempt looks for it.
    if (outcome.kind === 'rejected') listIds.clear()
    return outcome
  }

  async function attempt(
    deadline: number,
    run: (api: TrelloApi) => Promise<DeliveryOutcome>,
  ): Promise<DeliveryOutcome> {
    const secret = await secrets.current()
    if (!secret.ok) return secretFailure(secret.failure)
    const first = await run(openTrello(trello, secret.value.trello, deadline))
    if (first.kind === 'delivered' || !isSecretInDoubt(first)) return first
    const fresh = await secrets.refresh()
    if (!fresh.ok || isSame(fresh.value.trello, secret.value.trello)) return first
    return run(openTrello(trello, fresh.value.trello, deadline))
  }

  return {
    deliver: (delivery) => attempt(delivery.deadline, (api) => deliver(api, delivery)),
    note: (delivery) => attempt(delivery.deadline, (api) => writeNote(api, delivery, trello.clock.now())),
    sync: (delivery) => attempt(delivery.deadline, (api) => sync(api, delivery)),
  }
}

function openList({ listName: name }: TrelloSecret): NamedList {
  return { key: 'TRELLO_LIST_NAME', name }
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
    one.listName === other.listName &&
    one.doneListName === other.doneListName
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
