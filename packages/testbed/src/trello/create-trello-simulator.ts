import { http } from 'msw'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { createRequestCounts } from '../simulators/count-window.ts'
import { createEdge } from '../simulators/create-edge.ts'
import { createChangeSignal } from '../simulators/signal-change.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { createBoardStore } from './board-store.ts'
import { TRELLO_SITE } from './card-json.ts'
import { createCardChanges } from './change-cards.ts'
import { createTrelloRateLimit } from './limit-rate.ts'
import { TOKEN_OWNER } from './members.ts'
import { shortLinkOf } from './object-id.ts'
import { checkCredentials, readCredentials, readParameters } from './read-request.ts'
import { createTrelloPeople, type TrelloPeople } from './people.ts'
import { createTrelloRoutes, type TrelloRoute } from './routes.ts'
import { showCards } from './show-cards.ts'
import { answerJson, answerRefusal, refusals } from './trello-answer.ts'
import type { TrelloRequest } from './trello-request.ts'
import type { Board, Card, List } from './trello-state.ts'

/** A card with its link and the name of its list. */
interface ShownCard extends Card {
  readonly url: string
  readonly list: string
}

export interface TrelloSimulator extends Simulator, TrelloPeople {
  readonly name: 'trello'
  /** The credentials that clients need. They open nothing but the simulator. */
  readonly key: string
  readonly token: string
  /** The first board. */
  readonly boardId: string
  readonly boards: readonly Board[]
  readonly lists: readonly List[]
  /** All cards, also archived ones, oldest first. */
  readonly cards: readonly ShownCard[]
  /** From now on cards link to this address: the pages of the simulator's listener. @default Trello's own site */
  openCardsAt(url: string): void
  addBoard(name: string, listNames: readonly string[]): Board
  addList(boardId: string, name: string): List
  archiveList(id: string): void
  /** From now on requests with it get 401 `invalid token`. */
  revokeToken(token?: string): void
  /** Another token of the same key. */
  addToken(): string
  /** The most requests, refused ones included, of one token within any `windowMs`. @default 10000 */
  largestWindow(windowMs?: number): number
}

export interface TrelloOptions {
  readonly clock: Clock
  readonly journal?: JournalWriter | undefined
  /** @default `https://api.trello.com` */
  readonly origin?: string | undefined
  /** Ids come from it. @default `trello` */
  readonly seed?: string | undefined
  /** @default `Tickets` */
  readonly boardName?: string | undefined
  /** @default `['To Do', 'Doing', 'Done']` */
  readonly listNames?: readonly string[] | undefined
}

/** Trello's edge refuses longer URLs (path and query, bytes). https://github.com/mheap/trello-cli/issues/241 */
const MAX_URL = 8192

/** Trello's REST API for boards, lists and cards, with Trello's own rules. Deterministic: time comes from the clock, ids from the seed. */
export function createTrelloSimulator({
  clock,
  journal,
  origin = 'https://api.trello.com',
  seed = 'trello',
  boardName = 'Tickets',
  listNames = ['To Do', 'Doing', 'Done'],
}: TrelloOptions): TrelloSimulator {
  const edge = createEdge({ vendor: 'trello', clock, journal })
  const changes = createChangeSignal()
  const store = createBoardStore(seed)
  let site = TRELLO_SITE
  const limit = createTrelloRateLimit()
  const now = (): number => clock.now()
  const changed = (): void => changes.emit()
  const cardChanges = createCardChanges({ store, now, journal, changed, acted: () => undefined })
  const answers = { store, changes: cardChanges, now, changed, site: () => site }
  const key = 'simulated-trello-key'
  const token = 'simulated-trello-token-1'
  const tokens = new Set([token])
  const requests = createRequestCounts()
  let tokensMade = 1

  const addBoard = (name: string, names: readonly string[]): Board => {
    const board = store.addBoard(name, now())
    for (const listName of names) store.addList(board.id, listName, now())
    return board
  }

  const route = ({ method, path, ...operation }: TrelloRoute) =>
    http[method](`${origin}/1${path}`, async ({ request, params }) => {
      const body = await request.text()
      const [id, part] = [params['id'], params['part']].map((value) => String(value ?? ''))
      const asked = { request, body, id: id ?? '', part: part ?? '' }
      return edge.answer({ at: operation.at, request, body }, () => admit(asked, operation))
    })

  const admit = (asked: Asked, operation: Operation): Response => {
    const { request } = asked
    const url = new URL(request.url)
    if (url.href.length - url.origin.length > MAX_URL) return answerRefusal(refusals.uriTooLong)
    const shown = readCredentials(request.headers.get('authorization'), url.searchParams)
    const isAboutCard = url.pathname.startsWith('/1/cards')
    const refused = checkCredentials(shown, { key, tokens, method: request.method, isAboutCard })
    if (refused) return answerRefusal(refused)
    const caller = { key, token: shown.token ?? '' }
    requests.note(caller.token, now())
    const { exceeded, headers } = limit(caller, now())
    const response = exceeded
      ? answerJson({ error: exceeded, message: 'Rate limit exceeded' }, 429)
      : perform(asked, url.searchParams, operation)
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    return response
  }

  const { id: boardId } = addBoard(boardName, listNames)
  return {
    ...createTrelloPeople(store, cardChanges),
    name: 'trello',
    origin,
    key,
    token,
    get boardId() {
      return store.state.boards[0]?.id ?? boardId
    },
    handlers: [
      ...createTrelloRoutes(answers).map(route),
      http.all(`${origin}/*`, ({ request }) => {
        // Trello repeats the query too, and with it any key and token that were put there.
        return answerRefusal({ status: 404, text: `Cannot ${request.method} ${request.url.slice(origin.length)}` })
      }),
    ],
    page: (path) => showCards(store.state, path),
    get boards() {
      return store.state.boards
    },
    get lists() {
      return store.state.lists
    },
    get cards() {
      return store.state.cards.map((card) => showCard(card, { lists: store.state.lists, site }))
    },
    openCardsAt: (url) => {
      site = url
    },
    addBoard,
    addList: (board, name) => store.addList(board, name, now()),
    archiveList: (id) => store.closeList(id),
    revokeToken: (revoked = token) => void tokens.delete(revoked),
    addToken: () => {
      tokensMade += 1
      const added = `simulated-trello-token-${tokensMade}`
      tokens.add(added)
      return added
    },
    largestWindow: (windowMs = 10_000) => requests.largestWindow(windowMs),
    intercept: (interceptor) => edge.intercept(interceptor),
    save: () => store.save(),
    restore: (json) => store.restore(json),
    onChange: (listener) => changes.onChange(listener),
  }
}

type Operation = Pick<TrelloRoute, 'at' | 'answer'>

interface Asked extends Pick<TrelloRequest, 'id' | 'part'> {
  readonly request: Request
  readonly body: string
}

function perform({ request, body, id, part }: Asked, query: URLSearchParams, { answer }: Operation): Response {
  const parameters = readParameters(query, body, request.headers.get('content-type'))
  if (!parameters) return answerRefusal(refusals.invalidBody)
  const client = request.headers.get('x-trello-client-identifier') ?? undefined
  return answer({ id, part, query, parameters, actor: { member: TOKEN_OWNER, app: { client } } })
}

function showCard(card: Card, { lists, site }: { lists: readonly List[]; site: string }): ShownCard {
  const list = lists.find(({ id }) => id === card.idList)?.name ?? ''
  return { ...card, list, url: `${site}/c/${shortLinkOf(card.id)}` }
}
