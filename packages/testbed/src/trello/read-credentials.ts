import { refusals } from './trello-answer.ts'
import type { Refusal } from './trello-answer.ts'

/** What a request shows: from the OAuth header, else from the query. */
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

/** What the credentials are checked against, and for which request: who may not read is told another thing than who may not write. */
export interface Gate {
  readonly key: string
  readonly tokens: ReadonlySet<string>
  readonly method: string
  readonly isAboutCard: boolean
}

/** The refusal, or nothing when both are known. */
export function checkCredentials({ key, token }: Credentials, gate: Gate): Refusal | undefined {
  if (key === undefined && token !== undefined) return refusals.invalidKey
  if (key !== undefined && key !== gate.key) return refusals.invalidKey
  if (token !== undefined) return gate.tokens.has(token) ? undefined : refusals.invalidToken
  if (gate.method !== 'GET') return refusals.missingScopes
  return gate.isAboutCard ? refusals.unauthorizedCard : refusals.unauthorized
}

function readParameter(header: string, name: string): string | undefined {
  return new RegExp(`(?:^|[\\s,])${name}="([^"]*)"`).exec(header)?.[1]
}
