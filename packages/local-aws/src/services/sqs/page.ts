import { invalidParameter, invalidValue } from './sqs-errors.ts'

export interface PageInput {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

/** A page of a list: 1,000 items at most. As on AWS, only a request with `MaxResults` gets a token for the next. */
export function pageOf(
  all: readonly string[],
  { MaxResults, NextToken }: PageInput,
): { items: string[]; next: string | undefined } {
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > 1000)) {
    throw invalidValue('MaxResults', MaxResults, 'MaxResults must be an integer between 1 and 1000.')
  }
  const start = NextToken === undefined || NextToken === '' ? 0 : readToken(NextToken, all)
  const end = start + (MaxResults ?? 1000)
  const last = all[end - 1]
  const more = MaxResults !== undefined && end < all.length && last !== undefined
  return { items: all.slice(start, end), next: more ? Buffer.from(last, 'utf8').toString('base64') : undefined }
}

// A token names the last item, so that changes between two pages neither repeat nor skip an item.
function readToken(token: string, all: readonly string[]): number {
  const last = Buffer.from(token, 'base64').toString('utf8')
  if (Buffer.from(last, 'utf8').toString('base64') !== token) throw invalidParameter('Invalid or expired next token.')
  const index = all.findIndex((item) => item > last)
  return index < 0 ? all.length : index
}
