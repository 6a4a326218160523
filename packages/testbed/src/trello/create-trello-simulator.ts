import { http } from 'msw'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { reachNothing } from '../simulators/send-callback.ts'
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
import { createTrelloCallbacks } from './send-callbacks.ts'
import { createTokens, numberOfToken, type TokenScope } from './tokens.ts'
import { answerJson, answerRefusal, refusals } from './trello-answer.ts'
import type { TrelloRequest } from './trello-request.ts'
import type { Action, Board, Card, List, Webhook } from './trello-state.ts'

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
  /** Callbacks are signed with it. */
  readonly apiSecret: string
  /** The first board. */
  readonly boardId: string
  readonly boards: readonly Board[]
  readonly lists: readonly List[]
  /** All cards, also archived ones, oldest first. */
  readonly cards: readonly ShownCard[]
  /** What was done on the boards, by people and by requests, oldest first. */
  readonly actions: readonly Action[]
  /** From now on cards link to this address: the pages of the simulator's listener. @default Trello's own site */
  openCardsAt(url: string): void
  addBoard(name: string, listNames: readonly string[]): Board
  addList(boardId: string, name: string): List
  archiveList(id: string): void
  readonly webhooks: readonly Webhook[]
  /** Plants a webhook of the first token, without Trello's check of the address. Returns the one that is there already. @default the first board */
  addWebhook(callbackURL: string, idModel?: string): Webhook
  /** Its webhooks are gone, and from now on requests with it get 401 `invalid token`. */
  revokeToken(token?: string): void
  /** Another token of the same key. */
  addToken(scope?: TokenScope): string
  /** The most requests, refused ones included, of one token within any `windowMs`. @default 10000 */
  largestWindow(windowMs?: number): number
  /** Sends no callbacks any more. */
  close(): void
}

export interface TrelloOptions {
  readonly clock: Clock
  readonly journal?: JournalWriter | undefined
  /** @default `https://api.trello.com` */
  readonly origin?: string | undefined
  /** Ids come from it. @default `trello` */
  readonly seed?: string | undefined
  /** How callbacks reach us. @default the simulator cannot reach anything */
  readonly fetch?: typeof fetch | undefined
  /** @default `Tickets` */
  readonly boardName?: string | undefined
  /** @default `['To Do', 'Doing', 'Done']` */
  readonly listNames?: readonly string[] | undefined
}

const API_SECRET = 'simulated-trello-api-secret'

/** Trello's edge refuses longer URLs (path and query, bytes). https://github.com/mheap/trello-cli/issues/241 */
const MAX_URL = 8192

/** Trello's REST API for boards, lists and cards, with Trello's own rules. Deterministic: time comes from the clock, ids from the seed. */
export function createTrelloSimulator({
  clock,
  journal,
  origin = 'https://api.trello.com',
  fetch = reachNothing,
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
  const about = { store, changed, site: () => site }
  const callbacks = createTrelloCallbacks({ ...about, edge, clock, journal, fetch, apiSecret: API_SECRET })
  const cardChanges = createCardChanges({ store, now, journal, changed, acted: (...what) => callbacks.acted(...what) })
  const key = 'simulated-trello-key'
  const tokens = createTokens()
  const answers = {
    ...about,
    changes: cardChanges,
    now,
    callbacks,
    mayWrite: (token: string) => tokens.mayWrite(token),
  }
  const requests = createRequestCounts()

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

  const admit = async (asked: Asked, operation: Operation): Promise<Response> => {
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
      : await perform({ ...asked, token: caller.token }, url.searchParams, operation)
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    return response
  }

  const { id: boardId } = addBoard(boardName, listNames)
  return {
    ...createTrelloPeople(store, cardChanges),
    name: 'trello',
    origin,
    key,
    token: tokens.first,
    apiSecret: API_SECRET,
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
    get actions() {
      return store.state.actions
    },
    openCardsAt: (url) => {
      site = url
    },
    addBoard,
    addList: (board, name) => store.addList(board, name, now()),
    archiveList: (id) => store.closeList(id),
    get webhooks() {
      return store.state.webhooks
    },
    addWebhook: (callbackURL, idModel = store.state.boards[0]?.id ?? boardId) => {
      const token = numberOfToken(tokens.first)
      const twin = store.state.webhooks.find((each) => each.callbackURL === callbackURL && each.idModel === idModel)
      if (twin) return twin
      const webhook = store.addWebhook({ callbackURL, idModel, description: '', active: true, token }, now())
      changed()
      return webhook
    },
    revokeToken: (revoked = tokens.first) => {
      tokens.revoke(revoked)
      store.removeWebhooks(({ token }) => token === numberOfToken(revoked))
      changed()
    },
    addToken: (scope) => tokens.add(scope),
    largestWindow: (windowMs = 10_000) => requests.largestWindow(windowMs),
    intercept: (interceptor) => edge.intercept(interceptor),
    save: () => store.save(),
    restore: (json) => {
      store.restore(json)
      callbacks.resume()
    },
    close: () => callbacks.close(),
    onChange: (listener) => changes.onChange(listener),
  }
}

type Operation = Pick<TrelloRoute, 'at' | 'answer'>

interface Asked extends Pick<TrelloRequest, 'id' | 'part'> {
  readonly token?: string
  readonly request: Request
  readonly body: string
}

function perform(
  { request, body, id, part, token = '' }: Asked,
  query: URLSearchParams,
  { answer }: Operation,
): Response | Promise<Response> {
  const parameters = readParameters(query, body, request.headers.get('content-type'))
  if (!parameters) return answerRefusal(refusals.invalidBody)
  const client = request.headers.get('x-trello-client-identifier') ?? undefined
  return answer({
    id,
    part,
    query,
    parameters,
    actor: { member: TOKEN_OWNER, app: { client } },
    token: numberOfToken(token),
  })
}

function showCard(card: Card, { lists, site }: { lists: readonly List[]; site: string }): ShownCard {
  const list = lists.find(({ id }) => id === card.idList)?.name ?? ''
  return { ...card, list, url: `${site}/c/${shortLinkOf(card.id)}` }
}
