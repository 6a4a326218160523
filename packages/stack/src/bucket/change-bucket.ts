import type { BucketLocationConstraint, PublicAccessBlockConfiguration } from '@aws-sdk/client-s3'
import {
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

/** Makes the bucket in the stack's region. S3 refuses to be told the region us-east-1, which is its default. */
export async function createBucket(name: string, { clients, region, accountId }: Context): Promise<void> {
  const where = isLocation(region) ? { CreateBucketConfiguration: { LocationConstraint: region } } : {}
  try {
    await clients.s3.send(new CreateBucketCommand({ Bucket: name, ...where }))
  } catch (error) {
    throw nameOf(error) === 'BucketAlreadyExists' ? nameTaken(name, accountId, error) : error
  }
}

/** Every region but the default one is a location; the SDK's list of them only lags behind AWS. */
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

/** Encrypts every object that is written without saying how. */
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

/** Sets all tags at once, as S3 does: pass those that are to stay as well. */
export async function tagBucket(name: string, tags: Tags, { clients, accountId }: Context): Promise<void> {
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  await clients.s3.send(
    new PutBucketTaggingCommand({ Bucket: name, ExpectedBucketOwner: accountId, Tagging: { TagSet } }),
  )
}
