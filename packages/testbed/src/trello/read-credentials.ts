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

/** The refusal, or nothing when both are known. */
export function checkCredentials(
  shown: Credentials,
  known: { key: string; tokens: ReadonlySet<string> },
): Refusal | undefined {
  if (shown.key !== known.key) return refusals.invalidKey
  if (shown.token === undefined) return refusals.unauthorized
  return known.tokens.has(shown.token) ? undefined : refusals.invalidToken
}

function readParameter(header: string, name: string): string | undefined {
  return new RegExp(`(?:^|[\\s,])${name}="([^"]*)"`).exec(header)?.[1]
}
