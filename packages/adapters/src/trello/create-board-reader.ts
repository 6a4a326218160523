import { type AppSecret, type BoardReader, type ListedActions, type SecretSource, changingTypes } from 'ticket-core'
import type { HttpEdge } from '../http/call-vendor.ts'
import { createRateLimiter } from '../http/rate-limiter.ts'
import { ticketOfMarker } from './build-card.ts'
import { type ListedAction, readActions, readCard, readMemberId } from './read-answer.ts'
import { type TrelloApi, openTrello } from './trello-api.ts'

export interface BoardReaderOptions extends HttpEdge {
  readonly secrets: SecretSource<Pick<AppSecret, 'trello'>>
  /** @default Trello's own */
  readonly baseUrl?: string | undefined
}

/** The functions that deliver make 80 calls in 10 s, of the 100 that Trello takes of a token. Milliseconds. */
const SPACING = 1000
/** Trello's most actions of one answer. */
const PAGE = 1000
const MOST_PAGES = 10

/** Reads the board's actions and the marker lines of its cards, with the token of the secret. */
export function createBoardReader({
  secrets,
  baseUrl = 'https://api.trello.com',
  ...edge
}: BoardReaderOptions): BoardReader {
  const trello = { ...edge, baseUrl: baseUrl.replace(/\/+$/, ''), rateLimiter: createRateLimiter(edge.clock, SPACING) }
  /** The members of tokens that were asked for. */
  const members = new Map<string, string>()

  async function open(deadline: number): Promise<TrelloApi | Unavailable> {
    const secret = await secrets.current()
    return secret.ok ? openTrello(trello, secret.value.trello, deadline) : unavailable('The secret cannot be read.')
  }

  async function ownMember(api: TrelloApi): Promise<string | Unavailable> {
    const { token } = api.secret
    const known = members.get(token)
    if (known !== undefined) return known
    const answer = await api.get('/1/members/me', { fields: 'id' })
    if (answer.kind !== 'ok') return unavailable(answer.reason)
    const id = readMemberId(answer.body)
    if (id === undefined) return unreadable('a member')
    members.clear()
    members.set(token, id)
    return id
  }

  return {
    async listActions({ since, before }, deadline) {
      const api = await open(deadline)
      if ('kind' in api) return api
      const own = await ownMember(api)
      if (typeof own !== 'string') {
        // The token may have been replaced: the next sweep reads the secret again.
        await secrets.refresh()
        return own
      }
      return listPages(api, { since, before, ownMember: own })
    },
    async readMarker(card, deadline) {
      const api = await open(deadline)
      if ('kind' in api) return api
      const answer = await api.get(`/1/cards/${encodeURIComponent(card)}`, { fields: 'desc' })
      // It was deleted.
      if (answer.kind !== 'ok') return answer.code === 'trello-404' ? { kind: 'read' } : unavailable(answer.reason)
      const found = readCard(answer.body)
      return found ? { kind: 'read', ticket: ticketOfMarker(found.desc ?? '') } : unreadable('a card')
    },
  }
}

/** Newest first, page by page; the first ones come last. */
async function listPages(
  api: TrelloApi,
  window: { readonly since: number; readonly before?: number | undefined; readonly ownMember: string },
): Promise<ListedActions> {
  const { since, ownMember } = window
  const actions: ListedAction[] = []
  let before = window.before === undefined ? undefined : new Date(window.before).toISOString()
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await api.get(`/1/boards/${encodeURIComponent(api.secret.boardId)}/actions`, {
      filter: changingTypes().join(','),
      limit: String(PAGE),
      since: new Date(since).toISOString(),
      ...(before !== undefined && { before }),
    })
    if (answer.kind !== 'ok') return unavailable(answer.reason)
    const listed = readActions(answer.body)
    if (!listed) return unreadable('a list of actions')
    actions.push(...listed)
    const oldest = listed.at(-1)?.id
    if (listed.length < PAGE || oldest === undefined) return { kind: 'actions', actions, isWhole: true, ownMember }
    before = oldest
  }
  return { kind: 'actions', actions, isWhole: false, ownMember }
}

type Unavailable = Extract<ListedActions, { kind: 'unavailable' }>

function unavailable(reason: string): Unavailable {
  return { kind: 'unavailable', reason }
}

function unreadable(what: string): Unavailable {
  return unavailable(`Trello answered 200 with something that is not ${what}.`)
}
