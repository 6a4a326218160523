import {
  BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { failureOf, startAccount } from '../../testing/start-account.ts'

test.each(['ab', 'Upper', '-lead', 'trail-', 'two..dots', '192.168.5.4', 'xn--x', 'a_b', 'a'.repeat(64), 'x-s3alias'])(
  'refuses %s for a bucket name',
  async (Bucket) => {
    using account = startAccount()
    expect(await failureOf(account.s3.send(new CreateBucketCommand({ Bucket })))).toEqual({
      name: 'InvalidBucketName',
      message: 'The specified bucket is not valid.',
      status: 400,
    })
  },
)

test('lists buckets by name, page by page, with the time of their creation', async () => {
  using account = startAccount()
  for (const Bucket of ['zeta', 'alpha', 'beta.2']) await account.s3.send(new CreateBucketCommand({ Bucket }))
  const first = await account.s3.send(new ListBucketsCommand({ MaxBuckets: 2 }))
  expect(first.Buckets?.map(({ Name }) => Name)).toEqual(['alpha', 'beta.2'])
  expect(first.Buckets?.[0]?.CreationDate).toEqual(new Date('2026-11-24T10:00:00Z'))
  const { ContinuationToken } = first
  const second = await account.s3.send(
    new ListBucketsCommand({ MaxBuckets: 2, ...(ContinuationToken && { ContinuationToken }) }),
  )
  expect(second.Buckets?.map(({ Name }) => Name)).toEqual(['zeta'])
  expect(second.ContinuationToken).toBeUndefined()
})

test('creates an existing bucket again only in us-east-1', async () => {
  using account = startAccount()
  await account.s3.send(new CreateBucketCommand({ Bucket: 'mine' }))
  expect((await account.s3.send(new CreateBucketCommand({ Bucket: 'mine' }))).Location).toBe('/mine')
  const west = account.s3As({ region: 'us-west-2' })
  await west.send(new CreateBucketCommand({ Bucket: 'western' }))
  const owned = {
    name: 'BucketAlreadyOwnedByYou',
    message: 'Your previous request to create the named bucket succeeded and you already own it.',
    status: 409,
  }
  expect(await failureOf(west.send(new CreateBucketCommand({ Bucket: 'western' })))).toEqual(owned)
  expect(await failureOf(west.send(new CreateBucketCommand({ Bucket: 'mine' })))).toEqual(owned)
})

// Recorded on AWS: test_different_location_constraint, test_create_bucket_with_invalid_location_constraint,
// test_create_bucket_with_eu_location_constraint_raises.
test.each([
  { region: 'us-east-1', constraint: 'us-east-1', name: 'InvalidLocationConstraint' },
  { region: 'us-east-1', constraint: 'aws-global', name: 'InvalidLocationConstraint' },
  { region: 'us-west-1', constraint: 'us-east-2', name: 'IllegalLocationConstraintException' },
  { region: 'us-west-1', constraint: 'us-east-1', name: 'IllegalLocationConstraintException' },
  { region: 'eu-west-1', constraint: 'EU', name: 'IllegalLocationConstraintException' },
  { region: 'eu-west-1', constraint: 'bar', name: 'IllegalLocationConstraintException' },
])('rejects location $constraint at the endpoint of $region', async ({ region, constraint, name }) => {
  using account = startAccount()
  const create = new CreateBucketCommand({ Bucket: 'somewhere' })
  Object.assign(create.input, { CreateBucketConfiguration: { LocationConstraint: constraint } })
  const failed = await failureOf(account.s3As({ region }).send(create))
  expect(failed).toMatchObject({ name, status: 400 })
  expect(failed.message).toBe(
    name === 'InvalidLocationConstraint'
      ? 'The specified location-constraint is not valid'
      : `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  )
})

test('keeps a bucket in its region, and redirects requests of other regions', async () => {
  using account = startAccount()
  const { eu_west_1: LocationConstraint } = BucketLocationConstraint
  await account.s3.send(new CreateBucketCommand({ Bucket: 'irish', CreateBucketConfiguration: { LocationConstraint } }))
  const location = await account.s3.send(new GetBucketLocationCommand({ Bucket: 'irish' }))
  expect(location.LocationConstraint).toBe('eu-west-1')
  const failed = await failureOf(account.s3.send(new PutObjectCommand({ Bucket: 'irish', Key: 'k', Body: 'x' })))
  expect(failed).toMatchObject({ name: 'PermanentRedirect', status: 301 })
  const head = await account.s3As({ region: 'eu-west-1' }).send(new HeadBucketCommand({ Bucket: 'irish' }))
  expect(head.BucketRegion).toBe('eu-west-1')
})

test('deletes a bucket only if it is empty, and answers NoSuchBucket for a missing one', async () => {
  using account = startAccount()
  await account.s3.send(new CreateBucketCommand({ Bucket: 'full' }))
  await account.s3.send(new PutObjectCommand({ Bucket: 'full', Key: 'k', Body: 'x' }))
  expect(await failureOf(account.s3.send(new DeleteBucketCommand({ Bucket: 'full' })))).toEqual({
    name: 'BucketNotEmpty',
    message: 'The bucket you tried to delete is not empty',
    status: 409,
  })
  expect(await failureOf(account.s3.send(new DeleteBucketCommand({ Bucket: 'none' })))).toEqual({
    name: 'NoSuchBucket',
    message: 'The specified bucket does not exist',
    status: 404,
  })
  expect(await failureOf(account.s3.send(new HeadBucketCommand({ Bucket: 'none' })))).toMatchObject({
    name: 'NotFound',
    status: 404,
  })
})

test.each([
  { ExpectedBucketOwner: '111111111111', failed: { name: 'AccessDenied', status: 403, message: 'Access Denied' } },
  {
    ExpectedBucketOwner: 'abcd',
    failed: {
      name: 'InvalidBucketOwnerAWSAccountID',
      status: 400,
      message: 'The value of the expected bucket owner parameter must be an AWS Account ID... [abcd]',
    },
  },
])('checks the expected owner $ExpectedBucketOwner', async ({ ExpectedBucketOwner, failed }) => {
  using account = startAccount()
  await account.s3.send(new CreateBucketCommand({ Bucket: 'mine' }))
  const request = new GetBucketLocationCommand({ Bucket: 'mine', ExpectedBucketOwner })
  expect(await failureOf(account.s3.send(request))).toEqual(failed)
})

test('answers that versioning is off, and rejects turning it on', async () => {
  using account = startAccount()
  await account.s3.send(new CreateBucketCommand({ Bucket: 'mine' }))
  expect((await account.s3.send(new GetBucketVersioningCommand({ Bucket: 'mine' }))).Status).toBeUndefined()
  const request = new PutBucketVersioningCommand({ Bucket: 'mine', VersioningConfiguration: { Status: 'Enabled' } })
  expect(await failureOf(account.s3.send(request))).toMatchObject({ name: 'NotImplemented', status: 501 })
})
