import type { TokenBinding, TokenTeams } from 'ticket-core'
import { createConditionalStore } from './conditional-store.ts'
import type { StoreSettings } from './create-ledger.ts'
import { type Bucket, deleteObject, listPage } from './object-calls.ts'
import { readBinding } from './records.ts'

/** Begins the key of every binding. */
const TOKEN_TEAMS = 'token-teams/'

/** Which token speaks for which team: `token-teams/<SHA-256 of the token>.json`. */
export function createTokenTeams({ timeoutMs = 3000, ...bucket }: StoreSettings): TokenTeams {
  return createConditionalStore({
    ...bucket,
    prefix: TOKEN_TEAMS,
    timeoutMs,
    readItem: readBinding,
    isOf: ({ token }, key) => token === key,
  })
}

/** A binding as an operator sees it; `reason`: it cannot be read. */
export type ListedBinding =
  | { readonly digest: string; readonly binding: TokenBinding }
  | { readonly digest: string; readonly reason: string }

/** All bindings, or why they cannot be listed. There are as many as there are tokens: a few. */
export async function listTokenTeams(bucket: Bucket): Promise<readonly ListedBinding[] | { readonly reason: string }> {
  const store = createTokenTeams(bucket)
  const digests: string[] = []
  let token: string | undefined
  do {
    const page = await listPage(bucket, TOKEN_TEAMS, token)
    if (page.kind === 'broken-off') return { reason: page.reason }
    digests.push(...page.keys)
    token = page.next
  } while (token !== undefined)
  return Promise.all(
    digests.map(async (digest): Promise<ListedBinding> => {
      const stored = await store.read(digest)
      if (stored.kind === 'found') return { digest, binding: stored.item }
      return { digest, reason: stored.kind === 'absent' ? 'It is gone meanwhile.' : stored.reason }
    }),
  )
}

/** Frees a token: the next team that it signs for gets it. Undefined when that is done, else why it is not. */
export function releaseToken(bucket: Bucket, digest: string): Promise<string | undefined> {
  return deleteObject(bucket, `${TOKEN_TEAMS}${digest}.json`)
}
