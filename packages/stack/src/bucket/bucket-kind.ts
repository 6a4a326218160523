import {
  type ObjectIdentifier,
  type PublicAccessBlockConfiguration,
  type S3Client,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3'
import { different, differentDocument, touches, updateOf } from '../compare.ts'
import type { DesiredBucket } from '../desired/desired-stack.ts'
import type { Context, Kind, Work } from '../kind.ts'
import { type Change, type Resource, StackError } from '../resource.ts'
import { type ObservedBucket, observeBucket } from './observe-bucket.ts'
import { createBucket, encryptBucket, keepPrivate, setBucketPolicy, tagBucket } from './change-bucket.ts'
import { nameOf, unlessAbsent } from '../aws-errors.ts'
import { isManaged } from '../desired/tags.ts'
import { type Removal, notManaged } from '../removal.ts'

/** Blocks every kind of public access. */
export const ALL_BLOCKED: Readonly<
  Record<'BlockPublicAcls' | 'IgnorePublicAcls' | 'BlockPublicPolicy' | 'RestrictPublicBuckets', true>
> = {
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

interface BucketOfAccount {
  readonly Bucket: string
  readonly ExpectedBucketOwner: string
}

/** Deletes the bucket if it has our tags and is empty (old versions included), or if data may be deleted. */
export const removeBucket: Removal = async (name, { clients, accountId, region, prefix, deleteData }) => {
  const { s3 } = clients
  const bucket = { Bucket: name, ExpectedBucketOwner: accountId }
  const found = await observeBucket(name, { clients, accountId, region })
  if (!found) return { kind: 'absent' }
  if (!isManaged(found.tags, prefix)) return notManaged(found.tags)
  if (deleteData) await emptyBucket(s3, bucket)
  try {
    // S3 refuses to delete a bucket that is not empty: more reliable than any check before.
    await unlessAbsent(() => s3.send(new DeleteBucketCommand(bucket)))
    return { kind: 'removed' }
  } catch (error) {
    if (nameOf(error) !== 'BucketNotEmpty') throw error
    const holds = (await describeObjects(s3, bucket)) ?? 'old versions of objects'
    return { kind: 'left', why: 'holds-data', holds }
  }
}

/** What the bucket holds, in words; undefined when it holds no object. */
export async function describeObjects(s3: S3Client, bucket: BucketOfAccount): Promise<string | undefined> {
  const { Contents = [], IsTruncated } = await s3.send(new ListObjectsV2Command(bucket))
  if (Contents.length === 0) return undefined
  return `objects (${IsTruncated ? 'more than ' : ''}${Contents.length})`
}

/** Deletes all objects, and old versions if the bucket has versioning, which not every emulator can list. */
async function emptyBucket(s3: S3Client, bucket: BucketOfAccount): Promise<void> {
  for (;;) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command(bucket))
    if (Contents.length === 0) break
    await deleteObjects(
      s3,
      bucket,
      Contents.map(({ Key }) => ({ Key })),
    )
  }
  const { Status } = await s3.send(new GetBucketVersioningCommand(bucket))
  if (Status === undefined) return
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand(bucket))
    const objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }))
    if (objects.length === 0) return
    await deleteObjects(s3, bucket, objects)
  }
}

async function deleteObjects(s3: S3Client, bucket: BucketOfAccount, Objects: ObjectIdentifier[]): Promise<void> {
  const deletion = new DeleteObjectsCommand({ ...bucket, Delete: { Objects, Quiet: true } })
  const { Errors: [refused] = [] } = await s3.send(deletion)
  if (!refused) return
  throw new StackError({
    code: 'refused',
    resource: { kind: 'bucket', name: bucket.Bucket },
    problem: `S3 did not delete the object ${refused.Key}: ${refused.Code} ${refused.Message}`,
    todo: 'Check whether a retention rule or a policy protects it.',
  })
}
