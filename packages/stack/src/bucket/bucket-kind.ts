import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3'
import { differentDocument, different, touches, updateOf } from '../compare.ts'
import type { DesiredBucket } from '../desired/desired-stack.ts'
import type { Context, Kind, Work } from '../kind.ts'
import type { Change, Resource } from '../resource.ts'
import { type ObservedBucket, observeBucket } from './observe-bucket.ts'
import { createBucket, encryptBucket, keepPrivate, setBucketPolicy, tagBucket } from './change-bucket.ts'

/** Blocks every kind of public access. */
const ALL_BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} satisfies PublicAccessBlockConfiguration

/** The bucket: created, then made private, encrypted and tagged, one setting after the other (S3 refuses concurrent ones). */
export const bucketKind: Kind<DesiredBucket, ObservedBucket> = {
  resource: resourceOf,
  observe: ({ name }, context) => observeBucket(name, context),
  compare,
  execute,
}

function resourceOf({ name }: DesiredBucket): Resource {
  return { kind: 'bucket', name }
}

function compare(desired: DesiredBucket, observed: ObservedBucket | undefined): Change | undefined {
  const resource = resourceOf(desired)
  if (!observed) return { resource, action: 'create', differences: [] }
  const differences = [
    ...differentDocument('public access block', observed.publicAccessBlock, JSON.stringify(ALL_BLOCKED)),
    ...different('encryption', observed.encryption, desired.encryption),
    ...differentDocument('policy', observed.policy, JSON.stringify(desired.policy)),
  ]
  return updateOf({ resource, differences, wanted: desired.tags, found: observed.tags })
}

async function execute(work: Work<DesiredBucket, ObservedBucket>, context: Context): Promise<void> {
  const { desired, observed, change } = work
  const { name } = desired
  const isNew = observed === undefined
  if (isNew) await createBucket(name, context)
  if (isNew || touches(change, 'public access block')) await keepPrivate(name, ALL_BLOCKED, context)
  if (isNew || touches(change, 'encryption')) await encryptBucket(name, desired.encryption, context)
  if (isNew || touches(change, 'policy')) await setBucketPolicy(name, desired.policy, context)
  if (isNew || touches(change, 'tag ')) await tagBucket(name, { ...observed?.tags, ...desired.tags }, context)
}
