import { readStatus } from 'ticket-adapters/aws'

/** The name of an SDK's error; empty for anything else. */
export function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : ''
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}

const ABSENT = new Set([
  'NoSuchBucket',
  'NoSuchBucketPolicy',
  'NoSuchEntity',
  'NoSuchEntityException',
  'NoSuchPublicAccessBlockConfiguration',
  'NoSuchTagSet',
  'NotFound',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'ResourceNotFoundException',
  'ServerSideEncryptionConfigurationNotFoundError',
])

/** True for every error by which the services say that something does not exist. */
function isAbsent(error: unknown): boolean {
  return ABSENT.has(nameOf(error)) || readStatus(error) === 404
}

/** What `look` finds; undefined where nothing exists. */
export async function unlessAbsent<Found>(look: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await look()
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}
