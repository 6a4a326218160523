import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { failureOf, startAccount, type TestAccount } from '../../testing/start-account.ts'

const Bucket = 'shelf'

async function startShelf(): Promise<TestAccount> {
  const account = startAccount()
  await account.s3.send(new CreateBucketCommand({ Bucket }))
  return account
}

function policyOf(statement: object): string {
  const base = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}/*` }
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ ...base, ...statement }] }, null, 2)
}

test('a new bucket has the defaults of S3: encrypted, closed to the public, owned by its owner', async () => {
  using account = await startShelf()
  const encryption = await account.s3.send(new GetBucketEncryptionCommand({ Bucket }))
  expect(encryption.ServerSideEncryptionConfiguration?.Rules).toEqual([
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
  ])
  const block = await account.s3.send(new GetPublicAccessBlockCommand({ Bucket }))
  expect(block.PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  })
  const ownership = await account.s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))
  expect(ownership.OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }])
})

test('returns a policy byte for byte, until it is deleted', async () => {
  using account = await startShelf()
  const Policy = policyOf({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } })
  await account.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  expect((await account.s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy)
  await account.s3.send(new DeleteBucketPolicyCommand({ Bucket }))
  expect(await failureOf(account.s3.send(new GetBucketPolicyCommand({ Bucket })))).toEqual({
    name: 'NoSuchBucketPolicy',
    message: 'The bucket policy does not exist',
    status: 404,
  })
})

test.each([
  ['{', "Policies must be valid JSON and the first byte must be '{'"],
  [policyOf({ Resource: 'arn:aws:s3:::other/*' }), 'Policy has invalid resource'],
  [policyOf({ Action: 'sqs:SendMessage' }), 'Policy has invalid action'],
  [policyOf({ Principal: undefined }), 'Missing required field Principal'],
])('rejects a malformed policy (%#)', async (Policy, message) => {
  using account = await startShelf()
  const put = account.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  expect(await failureOf(put)).toEqual({ name: 'MalformedPolicy', message, status: 400 })
})

test('rejects a public policy while public policies are blocked, and accepts it afterwards', async () => {
  using account = await startShelf()
  const Policy = policyOf({ Effect: 'Allow', Action: 's3:GetObject' })
  const refused = await failureOf(account.s3.send(new PutBucketPolicyCommand({ Bucket, Policy })))
  expect(refused).toMatchObject({ name: 'AccessDenied', status: 403 })
  expect(refused.message).toContain('BlockPublicPolicy')
  await account.s3.send(
    new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: false } }),
  )
  await account.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  await account.s3.send(new DeletePublicAccessBlockCommand({ Bucket }))
  expect(await failureOf(account.s3.send(new GetPublicAccessBlockCommand({ Bucket })))).toEqual({
    name: 'NoSuchPublicAccessBlockConfiguration',
    message: 'The public access block configuration was not found',
    status: 404,
  })
})

test('stores tags of buckets and objects, and does not change the object', async () => {
  using account = await startShelf()
  expect(await failureOf(account.s3.send(new GetBucketTaggingCommand({ Bucket })))).toEqual({
    name: 'NoSuchTagSet',
    message: 'The TagSet does not exist',
    status: 404,
  })
  const TagSet = [{ Key: 'app', Value: 'tickets + co' }]
  await account.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
  expect((await account.s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet)
  await account.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', Tagging: 'a=1&b=%C3%BC' }))
  const tags = await account.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' }))
  expect(tags.TagSet).toEqual([
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: 'ü' },
  ])
  await account.s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet } }))
  expect((await account.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' }))).TagSet).toEqual(TagSet)
  const twice = [...TagSet, ...TagSet]
  const put = account.s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet: twice } }))
  expect(await failureOf(put)).toMatchObject({ name: 'InvalidTag', status: 400 })
})

test('has no lifecycle rules, and rejects new ones', async () => {
  using account = await startShelf()
  expect(await failureOf(account.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toEqual({
    name: 'NoSuchLifecycleConfiguration',
    message: 'The lifecycle configuration does not exist',
    status: 404,
  })
  const Rules = [{ ID: 'x', Status: 'Enabled', Filter: {}, Expiration: { Days: 1 } } as const]
  const put = new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [...Rules] } })
  expect(await failureOf(account.s3.send(put))).toMatchObject({ name: 'NotImplemented', status: 501 })
})
