/** What a person allowed when the token was made. */
export type TokenScope = 'read' | 'read,write'

/** The tokens of one API key. */
export interface Tokens {
  readonly first: string
  readonly known: ReadonlySet<string>
  /** @param scope @default 'read,write' */
  add(scope?: TokenScope): string
  /** Whether requests with it may change anything. */
  mayWrite(token: string): boolean
  revoke(token: string): void
}

const NAME = 'simulated-trello-token-'

export function createTokens(): Tokens {
  const first = `${NAME}1`
  const known = new Set([first])
  const readers = new Set<string>()
  let made = 1
  return {
    first,
    known,
    add: (scope = 'read,write') => {
      made += 1
      const token = `${NAME}${made}`
      known.add(token)
      if (scope === 'read') readers.add(token)
      return token
    },
    mayWrite: (token) => !readers.has(token),
    revoke: (token) => void known.delete(token),
  }
}

/** The number of a token: saved states hold it instead of the token. NaN for a text that is none. */
export function numberOfToken(token: string): number {
  return token.startsWith(NAME) ? Number(token.slice(NAME.length)) : Number.NaN
}
