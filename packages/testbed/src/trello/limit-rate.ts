/** Trello's published limits. https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits */
export const TRELLO_LIMITS = { windowMs: 10_000, perKey: 300, perToken: 100, refusedPerKey: 200 } as const

/** `undefined` admits the request; else the `error` of the 429's body. */
export type TrelloRateLimit = (
  caller: { readonly key: string; readonly token: string },
  now: number,
) => 'API_KEY_LIMIT_EXCEEDED' | 'API_TOKEN_LIMIT_EXCEEDED' | undefined

interface Window {
  readonly end: number
  admitted: number
  refused: number
}

/**
 * Counts admitted requests in windows of 10 s that begin with the first request after the last window's end, and
 * refused ones besides: more than 200 of them, and all of the key's requests are refused until its window ends.
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
    const isBarred = ofKey.refused > TRELLO_LIMITS.refusedPerKey
    if (isBarred || ofKey.admitted >= TRELLO_LIMITS.perKey) {
      ofKey.refused += 1
      return 'API_KEY_LIMIT_EXCEEDED'
    }
    if (ofToken.admitted >= TRELLO_LIMITS.perToken) {
      ofKey.refused += 1
      return 'API_TOKEN_LIMIT_EXCEEDED'
    }
    ofKey.admitted += 1
    ofToken.admitted += 1
    return undefined
  }
}
