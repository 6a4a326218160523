import { type SQSClient, GetQueueUrlCommand } from '@aws-sdk/client-sqs'
import { type Clock, type Result, fail, succeed } from 'ticket-core'
import { describeAwsFailure, isRefused, readAwsFailure } from '../aws/read-failure.ts'
import { withDeadline } from '../clock/with-deadline.ts'

export interface QueueQuestion {
  readonly client: SQSClient
  readonly name: string
  readonly clock: Clock
  /** Milliseconds for the call. @default 3000 */
  readonly timeoutMs?: number
}

/** `refused` and `unavailable` keep AWS's name of the error, never an address. */
export type QueueNotFound =
  | { readonly code: 'queue-missing'; readonly name: string }
  | { readonly code: 'queue-refused' | 'queue-unavailable'; readonly name: string; readonly reason: string }

/** AWS's two names for one answer: the query protocol's and the JSON protocol's. */
const MISSING = new Set(['AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist'])

/** Asks SQS for the URL of the queue of this name. */
export async function findQueueUrl({
  client,
  name,
  clock,
  timeoutMs = 3000,
}: QueueQuestion): Promise<Result<string, QueueNotFound>> {
  const command = new GetQueueUrlCommand({ QueueName: name })
  const deadline = clock.monotonic() + timeoutMs
  const got = await withDeadline(clock, deadline, (abortSignal) => client.send(command, { abortSignal }))
  if (got.kind === 'done' && got.value.QueueUrl) return succeed(got.value.QueueUrl)
  if (got.kind === 'done') return fail({ code: 'queue-unavailable', name, reason: 'SQS answered without a URL.' })
  const failure = readAwsFailure(got)
  if (MISSING.has(failure.name)) return fail({ code: 'queue-missing', name })
  const code = isRefused(failure) ? 'queue-refused' : 'queue-unavailable'
  return fail({ code, name, reason: describeAwsFailure('SQS', failure) })
}
