import { type AppSecret, TRELLO_CLIENT } from 'ticket-core'
import { type HttpEdge, type VendorCall, callVendor } from '../http/call-vendor.ts'
import { type VendorResult, classify } from '../http/classify.ts'
import { oneLine } from '../http/text.ts'
import type { RateLimiter } from '../http/rate-limiter.ts'

export type TrelloSecret = AppSecret['trello']

/** One account's view of Trello's REST API, paced. */
export interface TrelloApi {
  readonly secret: TrelloSecret
  get(path: string, query: Readonly<Record<string, string>>): Promise<VendorResult>
  post(path: string, body: TrelloFields): Promise<VendorResult>
  put(path: string, body: TrelloFields): Promise<VendorResult>
  delete(path: string): Promise<VendorResult>
}

/** What a call sets. */
type TrelloFields = Readonly<Record<string, string | boolean>>

export interface TrelloEdge extends HttpEdge {
  readonly baseUrl: string
  readonly rateLimiter: RateLimiter
}

/** Room for a look's 1,000 cards with the longest descriptions, escaped; bytes. */
const LARGEST_ANSWER = 64 * 1_048_576

/**
 * Opens the API for one delivery. Credentials travel in the `Authorization` header, never in an address; texts in a
 * JSON body, since an address of more than 8 KB is refused.
 */
export function openTrello(edge: TrelloEdge, secret: TrelloSecret, deadline: number): TrelloApi {
  const headers = {
    accept: 'application/json',
    // On the callbacks that a call causes Trello repeats it.
    'x-trello-client-identifier': TRELLO_CLIENT,
    authorization: `OAuth oauth_consumer_key="${encodeURIComponent(secret.key)}", oauth_token="${encodeURIComponent(secret.token)}"`,
  }
  const explain = (text: string): string => oneLine(text, 200, [secret.key, secret.token])
  async function call(method: VendorCall['method'], path: string, body?: string): Promise<VendorResult> {
    if (!(await edge.rateLimiter.acquire(deadline)))
      return { kind: 'retry', code: 'trello-no-time', reason: 'No time was left for a call of Trello.' }
    const answer = await callVendor(edge, {
      method,
      url: `${edge.baseUrl}${path}`,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json; charset=utf-8' },
      ...(body !== undefined && { body }),
      deadline,
      maxBodyBytes: LARGEST_ANSWER,
    })
    return classify(answer, { vendor: 'trello', now: edge.clock.now(), explain, keysOf: keysOf(method, path) })
  }
  return {
    secret,
    get: (path, query) => call('GET', `${path}?${encodeQuery(query)}`),
    post: (path, body) => call('POST', path, JSON.stringify(body)),
    put: (path, body) => call('PUT', path, JSON.stringify(body)),
    delete: (path) => call('DELETE', path),
  }
}

/** A call names the board when it reads, and when it makes a card; a new card is refused for its text, too. */
function keysOf(method: VendorCall['method'], path: string): (status: number, body: string) => string | undefined {
  const namesBoard = path.startsWith('/1/boards/') ? [400, 404] : method === 'POST' && path === '/1/cards' ? [404] : []
  return (status, body) => (namesBoard.includes(status) ? 'TRELLO_BOARD_ID' : credentialKeys(status, body))
}

/** Trello refuses a token that may not use the board by "unauthorized permission requested", or by 403. */
function credentialKeys(status: number, body: string): string | undefined {
  if (status === 403 || (status === 401 && /permission/i.test(body))) return 'TRELLO_API_TOKEN and TRELLO_BOARD_ID'
  return status === 401 ? 'TRELLO_API_KEY and TRELLO_API_TOKEN' : undefined
}

function encodeQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}
