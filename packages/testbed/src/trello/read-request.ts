import { parseObject } from '../simulators/read-json.ts'
import type { Tokens } from './tokens.ts'
import { refusals, type Refusal } from './trello-answer.ts'

/** The credentials of a request: from the OAuth header, else from the query. */
export interface Credentials {
  readonly key?: string
  readonly token?: string
}

/** `Authorization: OAuth oauth_consumer_key="…", oauth_token="…"`, or `?key=…&token=…`. */
export function readCredentials(authorization: string | null, query: URLSearchParams): Credentials {
  const scheme = /^OAuth\s+(.*)$/i.exec(authorization ?? '')
  const key = scheme ? readParameter(scheme[1] ?? '', 'oauth_consumer_key') : query.get('key')
  const token = scheme ? readParameter(scheme[1] ?? '', 'oauth_token') : query.get('token')
  return { ...(key && { key }), ...(token && { token }) }
}

/** The accepted credentials, and the request: Trello refuses reads and writes in different words. */
export interface Gate {
  readonly key: string
  readonly tokens: Pick<Tokens, 'known' | 'mayWrite'>
  readonly method: string
  readonly isAboutCard: boolean
}

/** The refusal, or nothing when both are known. */
export function checkCredentials({ key, token }: Credentials, gate: Gate): Refusal | undefined {
  if (key === undefined && token !== undefined) return refusals.invalidKey
  if (key !== undefined && key !== gate.key) return refusals.invalidKey
  if (token !== undefined) {
    if (!gate.tokens.known.has(token)) return refusals.invalidToken
    return gate.method === 'GET' || gate.tokens.mayWrite(token) ? undefined : refusals.unauthorized
  }
  if (gate.method !== 'GET') return refusals.missingScopes
  return gate.isAboutCard ? refusals.unauthorizedCard : refusals.unauthorized
}

function readParameter(header: string, name: string): string | undefined {
  return new RegExp(`(?:^|[\\s,])${name}="([^"]*)"`).exec(header)?.[1]
}

/** Parameters of a request by name: the query's, then the body's. Values of JSON bodies keep their type. */
export type Parameters = Readonly<Record<string, unknown>>

/** `undefined` when the body is not what its content type says. */
export function readParameters(
  query: URLSearchParams,
  body: string,
  contentType: string | null,
): Parameters | undefined {
  const fromQuery = Object.fromEntries(query)
  if (body === '') return fromQuery
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') {
    const fromBody = parseObject(body)
    return fromBody && { ...fromQuery, ...fromBody }
  }
  if (type === 'application/x-www-form-urlencoded')
    return { ...fromQuery, ...Object.fromEntries(new URLSearchParams(body)) }
  // Trello reads no other kind of body. Then only the query counts.
  return fromQuery
}
