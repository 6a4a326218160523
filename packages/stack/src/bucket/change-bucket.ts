import {
  type BucketLocationConstraint,
  type PublicAccessBlockConfiguration,
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { nameOf } from '../aws-errors.ts'
import type { Tags } from '../desired/tags.ts'
import type { Context } from '../kind.ts'
import type { PolicyDocument } from '../policy/policy-document.ts'
import { nameTaken } from './observe-bucket.ts'

/** Makes the bucket in the stack's region. S3 refuses us-east-1 as a location, since it is the default. */
export async function createBucket(name: string, { clients, region, accountId }: Context): Promise<void> {
  const where = isLocation(region) ? { CreateBucketConfiguration: { LocationConstraint: region } } : {}
  try {
    await clients.s3.send(new CreateBucketCommand({ Bucket: name, ...where }))
  } catch (error) {
    throw nameOf(error) === 'BucketAlreadyExists' ? nameTaken(name, accountId, error) : error
  }
}

/** Every region but the default one is a location; the SDK's own list is older than AWS's. */
function isLocation(region: string): region is BucketLocationConstraint {
  return region !== 'us-east-1'
}

/** Sets the four switches against public access. */
export async function keepPrivate(
  name: string,
  switches: PublicAccessBlockConfiguration,
  { clients, accountId }: Context,
): Promise<void> {
  await clients.s3.send(
    new PutPublicAccessBlockCommand({
      Bucket: name,
      ExpectedBucketOwner: accountId,
      PublicAccessBlockConfiguration: switches,
    }),
  )
}

/** Encrypts every object by default. */
export async function encryptBucket(name: string, algorithm: 'AES256', { clients, accountId }: Context): Promise<void> {
  await clients.s3.send(
    new PutBucketEncryptionCommand({
      Bucket: name,
      ExpectedBucketOwner: accountId,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm } }],
      },
    }),
  )
}

export async function setBucketPolicy(
  name: string,
  policy: PolicyDocument,
  { clients, accountId }: Context,
): Promise<void> {
  await clients.s3.send(
    new PutBucketPolicyCommand({ Bucket: name, ExpectedBucketOwner: accountId, Policy: JSON.stringify(policy) }),
  )
}

/** Replaces all tags, as S3 does: pass those that must stay as well. */
export async function tagBucket(name: string, tags: Tags, { clients, accountId }: Context): Promise<void> {
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  await clients.s3.send(
    new PutBucketTaggingCommand({ Bucket: name, ExpectedBucketOwner: accountId, Tagging: { TagSet } }),
  )
}
