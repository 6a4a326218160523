import { isThrottled } from 'ticket-adapters/aws'
import { messageOf, nameOf } from './aws-errors.ts'

/** Why a call failed that may well succeed in a moment. */
export type Hindrance = 'raced' | 'busy' | 'not known yet' | 'deleted a moment ago'

/** Somebody else made, changed or removed it meanwhile: look again, then go on from what is there. */
const RACED = new Set([
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

/** Beside what any service says for "later": IAM, Lambda and S3 at work on the very thing, or out of order. */
const BUSY = new Set([
  'EntityTemporarilyUnmodifiable',
  'EntityTemporarilyUnmodifiableException',
  'InternalError',
  'ResourceInUseException',
  'ServiceException',
  'ServiceUnavailable',
])

/** What Lambda, SQS and KMS say of a role or a queue that was made seconds ago and has not got round yet. */
const NOT_KNOWN_YET =
  /cannot be assumed by Lambda|execution role does not have permissions|KMS key is invalid|Dead letter target does not exist|Function not found/i

/** Classifies an error of an AWS call; undefined: waiting will not cure it. */
export function hindranceOf(error: unknown): Hindrance | undefined {
  const name = nameOf(error)
  if (name.endsWith('QueueDeletedRecently')) return 'deleted a moment ago'
  if (NOT_KNOWN_YET.test(messageOf(error))) return 'not known yet'
  if (RACED.has(name)) return 'raced'
  if (BUSY.has(name) || (error instanceof Error && isThrottled(error))) return 'busy'
  return undefined
}

/** Milliseconds to wait before try number `attempt` (from 1). A name is free again 60 s after its queue was deleted. */
export function pauseAfter(hindrance: Hindrance, attempt: number): number {
  switch (hindrance) {
    case 'raced':
      return Math.min(25 * 2 ** attempt, 2_000)
    case 'busy':
      return Math.min(100 * 2 ** attempt, 5_000)
    case 'not known yet':
      return Math.min(250 * 2 ** attempt, 5_000)
    case 'deleted a moment ago':
      return 10_000
  }
}
