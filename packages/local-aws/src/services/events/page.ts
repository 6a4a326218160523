import { invalid } from './rule-record.ts'

const MOST = 100

/** One page of a list; a token is the number of the first item of the next one. */
export function pageOf<Item>(
  all: readonly Item[],
  { NextToken: token, Limit: limit = MOST }: { NextToken?: string | undefined; Limit?: number | undefined },
): { readonly items: Item[]; readonly NextToken?: string } {
  const from = token === undefined ? 0 : Number(token)
  if (!Number.isInteger(from) || from < 0) throw invalid('Parameter NextToken is not valid.')
  if (limit < 1 || limit > MOST) throw invalid('Parameter Limit is not valid.')
  const items = all.slice(from, from + limit)
  return { items, ...(from + limit < all.length && { NextToken: String(from + limit) }) }
}
