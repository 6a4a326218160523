/** Trello's published limits. https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits */
const TRELLO_LIMITS = { windowMs: 10_000, perKey: 300, perToken: 100, refusedPerKey: 200 } as const

/** Whether a request is admitted. Every answer gets the headers. */
interface RateResult {
  /** The `error` of the 429's body; absent when the request is admitted. */
  readonly exceeded?: 'API_KEY_LIMIT_EXCEEDED' | 'API_TOKEN_LIMIT_EXCEEDED'
  readonly headers: Readonly<Record<string, string>>
}

export type TrelloRateLimit = (caller: { readonly key: string; readonly token: string }, now: number) => RateResult

interface Window {
  readonly end: number
  admitted: number
  refused: number
}

/**
 * Counts admitted requests in windows of 10 s. A window begins with the first request after the end of the last one.
 * Counts refused requests too: after 200 of them, all requests of the key are refused until its window ends.
 */
export function createTrelloRateLimit(): TrelloRateLimit {
  const windows = new Map<string, Window>()
  const windowOf = (name: string, now: number): Window => {
    const known = windows.get(name)
    if (known && now < known.end) return known
    const fresh = { end: now + TRELLO_LIMITS.windowMs, admitted: 0, refused: 0 }
    windows.set(name, fresh)
    return fresh
  }
  return ({ key, token }, now) => {
    const ofKey = windowOf(`key ${key}`, now)
    const ofToken = windowOf(`token ${token}`, now)
    const exceeded = exceededBy(ofKey, ofToken)
    if (exceeded) ofKey.refused += 1
    else {
      ofKey.admitted += 1
      ofToken.admitted += 1
    }
    const headers = {
      ...headersOf('key', TRELLO_LIMITS.perKey, ofKey),
      ...headersOf('token', TRELLO_LIMITS.perToken, ofToken),
    }
    return exceeded ? { exceeded, headers } : { headers }
  }
}

function exceededBy(ofKey: Window, ofToken: Window): RateResult['exceeded'] {
  if (ofKey.refused > TRELLO_LIMITS.refusedPerKey || ofKey.admitted >= TRELLO_LIMITS.perKey)
    return 'API_KEY_LIMIT_EXCEEDED'
  return ofToken.admitted >= TRELLO_LIMITS.perToken ? 'API_TOKEN_LIMIT_EXCEEDED' : undefined
}

/** Trello names them in `access-control-expose-headers`. Trello sends no `Retry-After`. */
function headersOf(whose: 'key' | 'token', max: number, { admitted }: Window): Record<string, string> {
  return {
    [`x-rate-limit-api-${whose}-interval-ms`]: String(TRELLO_LIMITS.windowMs),
    [`x-rate-limit-api-${whose}-max`]: String(max),
    [`x-rate-limit-api-${whose}-remaining`]: String(max - admitted),
  }
}
