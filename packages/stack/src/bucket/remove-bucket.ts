import {
  type ObjectIdentifier,
  type S3Client,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3'
import { nameOf, unlessAbsent } from '../aws-errors.ts'
import { isManaged } from '../desired/tags.ts'
import type { Removal } from '../removal.ts'
import { StackError } from '../resource.ts'
import { observeBucket } from './observe-bucket.ts'

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
  if (!isManaged(found.tags, prefix)) return { kind: 'left', why: 'not-managed' }
  if (deleteData) await emptyBucket(s3, bucket)
  try {
    // S3 refuses to delete a bucket that is not empty: more reliable than any check before.
    await unlessAbsent(() => s3.send(new DeleteBucketCommand(bucket)))
    return { kind: 'removed' }
  } catch (error) {
    if (nameOf(error) === 'BucketNotEmpty') return { kind: 'left', why: 'holds-data', holds: 'objects' }
    throw error
  }
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
