import { isThrottled } from 'ticket-adapters/aws'
import { messageOf, nameOf } from './aws-errors.ts'

/** Why a call failed that may succeed a moment later. */
export type TransientError = 'conflict' | 'busy' | 'not propagated yet' | 'recently deleted'

/** Another caller made, changed or removed it meanwhile: read it again and go on from what is there. */
const CONFLICTS = new Set([
  'BucketAlreadyOwnedByYou',
  'ConcurrentModification',
  'ConcurrentModificationException',
  'EntityAlreadyExists',
  'EntityAlreadyExistsException',
  'NoSuchBucket',
  'NoSuchEntity',
  'NoSuchEntityException',
  'OperationAborted',
  'QueueAlreadyExists',
  'QueueDoesNotExist',
  'QueueNameExists',
  'ResourceConflictException',
  'ResourceExistsException',
  'ResourceNotFoundException',
])

/** Beside the throttling errors of every service: IAM, Lambda or S3 is changing the resource, or has an internal error. */
const BUSY = new Set([
  'EntityTemporarilyUnmodifiable',
  'EntityTemporarilyUnmodifiableException',
  'InternalError',
  'ResourceInUseException',
  'ServiceException',
  'ServiceUnavailable',
])

/** What Lambda, SQS and KMS answer while a role or a queue that was just made is not known everywhere yet. */
const NOT_PROPAGATED =
  /cannot be assumed by Lambda|execution role does not have permissions|KMS key is invalid|Dead letter target does not exist|Function not found/i

/** Classifies an error of an AWS call; undefined: waiting does not help. */
export function transientErrorOf(error: unknown): TransientError | undefined {
  const name = nameOf(error)
  if (name.endsWith('QueueDeletedRecently')) return 'recently deleted'
  if (NOT_PROPAGATED.test(messageOf(error))) return 'not propagated yet'
  if (CONFLICTS.has(name)) return 'conflict'
  if (BUSY.has(name) || (error instanceof Error && isThrottled(error))) return 'busy'
  return undefined
}

/** Milliseconds to wait after attempt number `attempt` (from 1). A queue's name is free 60 s after its deletion. */
export function backoff(transientError: TransientError, attempt: number): number {
  switch (transientError) {
    case 'conflict':
      return Math.min(25 * 2 ** attempt, 2_000)
    case 'busy':
      return Math.min(100 * 2 ** attempt, 5_000)
    case 'not propagated yet':
      return Math.min(250 * 2 ** attempt, 5_000)
    case 'recently deleted':
      return 10_000
  }
}
