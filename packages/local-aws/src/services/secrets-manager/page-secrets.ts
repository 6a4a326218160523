import { AwsError } from '../../service.ts'
import { validationError } from './secrets-errors.ts'

interface PageRequest {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

/** Cuts a list: at most `MaxResults` (1 to 100) behind the item that the token names. */
export function pageOf<Item>(
  all: readonly Item[],
  { MaxResults = 100, NextToken }: PageRequest,
  keyOf: (item: Item) => string,
): { readonly items: readonly Item[]; readonly NextToken?: string } {
  if (MaxResults < 1 || MaxResults > 100) {
    throw validationError(
      `1 validation error detected: Value '${MaxResults}' at 'maxResults' failed to satisfy constraint: Member must have value ${MaxResults < 1 ? 'greater than or equal to 1' : 'less than or equal to 100'}`,
    )
  }
  const from = NextToken === undefined ? 0 : all.findIndex((item) => tokenOf(keyOf(item)) === NextToken) + 1
  if (NextToken !== undefined && from === 0)
    throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.')
  const items = all.slice(from, from + MaxResults)
  const last = items.at(-1)
  return last !== undefined && from + items.length < all.length ? { items, NextToken: tokenOf(keyOf(last)) } : { items }
}

function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64')
}
