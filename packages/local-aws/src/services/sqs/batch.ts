import { AwsError } from '../../service.ts'
import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs'

/** The common part of all batch entries. */
export interface BatchEntry {
  readonly Id: string | undefined
}

/** A batch's answer: entries fail on their own. As on AWS, an empty list is omitted. */
export interface BatchOutcome<Success> {
  readonly Successful?: Success[]
  readonly Failed?: BatchResultErrorEntry[]
}

/** Checks a batch as a whole: 1 to 10 entries, distinct well-formed ids. `kind` is AWS's name for an entry. */
export function checkBatch(entries: readonly BatchEntry[], kind: string): void {
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', `There should be at least one ${kind} in the request.`)
  }
  if (entries.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    )
  }
  const seen = new Set<string>()
  for (const { Id = '' } of entries) {
    if (!/^[\w-]{1,80}$/.test(Id)) {
      throw new AwsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      )
    }
    if (seen.has(Id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`)
    seen.add(Id)
  }
}

/** Runs each entry; an entry that AWS would reject fails alone. */
export function runBatch<Entry extends BatchEntry, Success>(
  entries: readonly Entry[],
  run: (entry: Entry, id: string) => Success,
): BatchOutcome<Success> {
  const Successful: Success[] = []
  const Failed: BatchResultErrorEntry[] = []
  for (const entry of entries) {
    const id = entry.Id ?? ''
    try {
      Successful.push(run(entry, id))
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      Failed.push({ Id: id, SenderFault: true, Code: error.code, Message: error.message })
    }
  }
  return { ...(Successful.length > 0 && { Successful }), ...(Failed.length > 0 && { Failed }) }
}
