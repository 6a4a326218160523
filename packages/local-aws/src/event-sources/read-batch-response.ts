/** What a function's response says about its batch. */
export type BatchVerdict =
  | { readonly kind: 'all-succeeded' }
  | { readonly kind: 'some-failed'; readonly failed: ReadonlySet<string> }
  | { readonly kind: 'all-failed'; readonly reason: string }

/**
 * Reads a partial batch response: an empty or absent list is success, and an invalid response fails the whole batch.
 * @see
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function readBatchResponse(payload: string, messageIds: readonly string[]): BatchVerdict {
  let answer: unknown
  try {
    answer = payload === '' ? null : JSON.parse(payload)
  } catch {
    return allFailed('the response is not JSON')
  }
  if (answer === null || answer === '') return { kind: 'all-succeeded' }
  if (typeof answer !== 'object') return allFailed(`the response is a ${typeof answer}, not an object`)
  const items = 'batchItemFailures' in answer ? answer.batchItemFailures : undefined
  if (items === null || items === undefined) return { kind: 'all-succeeded' }
  if (!Array.isArray(items)) return allFailed('batchItemFailures is not a list')
  const known = new Set(messageIds)
  const failed = new Set<string>()
  for (const item of items as readonly unknown[]) {
    const id = identifierOf(item)
    if (id === undefined || id === '') return allFailed('an itemIdentifier is missing or empty')
    if (!known.has(id)) return allFailed(`itemIdentifier ${JSON.stringify(id)} is not a message of this batch`)
    failed.add(id)
  }
  return failed.size === 0 ? { kind: 'all-succeeded' } : { kind: 'some-failed', failed }
}

function identifierOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || !('itemIdentifier' in item)) return undefined
  return typeof item.itemIdentifier === 'string' ? item.itemIdentifier : undefined
}

function allFailed(reason: string): BatchVerdict {
  return { kind: 'all-failed', reason }
}
