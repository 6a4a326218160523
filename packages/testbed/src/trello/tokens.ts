/** The tokens of one API key. */
export interface Tokens {
  readonly first: string
  readonly known: ReadonlySet<string>
  add(): string
  revoke(token: string): void
}

const NAME = 'simulated-trello-token-'

export function createTokens(): Tokens {
  const first = `${NAME}1`
  const known = new Set([first])
  let made = 1
  return {
    first,
    known,
    add: () => {
      made += 1
      const token = `${NAME}${made}`
      known.add(token)
      return token
    },
    revoke: (token) => void known.delete(token),
  }
}

/** The number of a token: saved states hold it instead of the token. NaN for a text that is none. */
export function numberOfToken(token: string): number {
  return token.startsWith(NAME) ? Number(token.slice(NAME.length)) : Number.NaN
}
