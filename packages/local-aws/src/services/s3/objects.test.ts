import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { type TestAccount, failureOf, startAccount } from '../../testing/start-account.ts'

const Bucket = 'shelf'
const HELLO_ETAG = '"5d41402abc4b2a76b9719d911017c592"'

async function startShelf(): Promise<TestAccount> {
  const account = startAccount()
  await account.s3.send(new CreateBucketCommand({ Bucket }))
  await account.s3.send(new PutObjectCommand({ Bucket, Key: 'hello', Body: 'hello', ContentType: 'text/plain' }))
  return account
}

const preconditionFailed = {
  name: 'PreconditionFailed',
  message: 'At least one of the pre-conditions you specified did not hold',
  status: 412,
}
const noSuchKey = { name: 'NoSuchKey', message: 'The specified key does not exist.', status: 404 }

describe('conditional writes', () => {
  test('write only if there is no object', async () => {
    using account = await startShelf()
    await account.s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'first', IfNoneMatch: '*' }))
    const second = account.s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'second', IfNoneMatch: '*' }))
    expect(await failureOf(second)).toEqual(preconditionFailed)
    const { Body } = await account.s3.send(new GetObjectCommand({ Bucket, Key: 'new' }))
    expect(await Body?.transformToString()).toBe('first')
  })

  test('let exactly one of many concurrent writes win', async () => {
    using account = await startShelf()
    const writes = Array.from({ length: 20 }, (_, index) =>
      account.s3.send(new PutObjectCommand({ Bucket, Key: 'raced', Body: `${index}`, IfNoneMatch: '*' })),
    )
    const outcomes = await Promise.allSettled(writes)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('overwrite only the version that was read', async () => {
    using account = await startShelf()
    await account.s3.send(new PutObjectCommand({ Bucket, Key: 'hello', Body: 'changed', IfMatch: HELLO_ETAG }))
    const stale = account.s3.send(new PutObjectCommand({ Bucket, Key: 'hello', Body: 'late', IfMatch: HELLO_ETAG }))
    expect(await failureOf(stale)).toEqual(preconditionFailed)
    const nowhere = account.s3.send(new PutObjectCommand({ Bucket, Key: 'none', Body: 'x', IfMatch: HELLO_ETAG }))
    expect(await failureOf(nowhere)).toEqual(noSuchKey)
  })

  test.each([{ IfNoneMatch: HELLO_ETAG }, { IfMatch: '*' }, { IfMatch: HELLO_ETAG, IfNoneMatch: '*' }])(
    'that S3 does not know are refused: %o',
    async (conditions) => {
      using account = await startShelf()
      const write = account.s3.send(new PutObjectCommand({ Bucket, Key: 'hello', Body: 'x', ...conditions }))
      expect(await failureOf(write)).toEqual({
        name: 'NotImplemented',
        message: 'A header you provided implies functionality that is not implemented',
        status: 501,
      })
    },
  )

  test('delete only the version that was read', async () => {
    using account = await startShelf()
    const stale = account.s3.send(new DeleteObjectCommand({ Bucket, Key: 'hello', IfMatch: '"other"' }))
    expect(await failureOf(stale)).toEqual(preconditionFailed)
    await account.s3.send(new DeleteObjectCommand({ Bucket, Key: 'hello', IfMatch: HELLO_ETAG }))
    expect(await failureOf(account.s3.send(new GetObjectCommand({ Bucket, Key: 'hello' })))).toEqual(noSuchKey)
  })
})

describe('reads', () => {
  test('return body, ETag, type, metadata and the dates as whole seconds', async () => {
    using account = await startShelf()
    await account.clock.advance(1500)
    const Metadata = { author: 'Ada', note: 'a b' }
    await account.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello', Metadata, CacheControl: 'no-store' }))
    const read = await account.s3.send(new GetObjectCommand({ Bucket, Key: 'k' }))
    expect(await read.Body?.transformToString()).toBe('hello')
    expect(read).toMatchObject({
      ETag: HELLO_ETAG,
      ContentLength: 5,
      ContentType: 'application/octet-stream',
      CacheControl: 'no-store',
      Metadata,
      LastModified: new Date('2026-11-24T10:00:01Z'),
      ServerSideEncryption: 'AES256',
    })
  })

  test.each([
    ['bytes=1-3', 'ell', 'bytes 1-3/5'],
    ['bytes=3-', 'lo', 'bytes 3-4/5'],
    ['bytes=-2', 'lo', 'bytes 3-4/5'],
    ['bytes=0-99', 'hello', 'bytes 0-4/5'],
  ])('of the range %s answer 206', async (Range, text, ContentRange) => {
    using account = await startShelf()
    const read = await account.s3.send(new GetObjectCommand({ Bucket, Key: 'hello', Range }))
    expect(await read.Body?.transformToString()).toBe(text)
    expect(read).toMatchObject({ ContentRange, ContentLength: text.length, $metadata: { httpStatusCode: 206 } })
  })

  test('of a range beyond the end are 416', async () => {
    using account = await startShelf()
    const read = account.s3.send(new GetObjectCommand({ Bucket, Key: 'hello', Range: 'bytes=1024-4096' }))
    expect(await failureOf(read)).toEqual({
      name: 'InvalidRange',
      message: 'The requested range is not satisfiable',
      status: 416,
    })
  })

  test('of an unchanged object are 304, of a changed one 412', async () => {
    using account = await startShelf()
    const read = async (conditions: object): Promise<number | undefined> =>
      (await failureOf(account.s3.send(new GetObjectCommand({ Bucket, Key: 'hello', ...conditions })))).status
    expect(await read({ IfNoneMatch: HELLO_ETAG })).toBe(304)
    expect(await read({ IfModifiedSince: new Date('2026-11-24T10:00:00Z') })).toBe(304)
    expect(await read({ IfMatch: '"other"' })).toBe(412)
    expect(await read({ IfUnmodifiedSince: new Date('2026-11-24T09:59:59Z') })).toBe(412)
  })

  test('of a missing key are 404 with a body, and without one for HEAD', async () => {
    using account = await startShelf()
    expect(await failureOf(account.s3.send(new GetObjectCommand({ Bucket, Key: 'Hello' })))).toEqual(noSuchKey)
    const head = account.s3.send(new HeadObjectCommand({ Bucket, Key: 'Hello' }))
    expect(await failureOf(head)).toMatchObject({ name: 'NotFound', status: 404 })
  })

  test('may override the stored headers', async () => {
    using account = await startShelf()
    const overrides = { ResponseContentType: 'text/csv', ResponseContentDisposition: 'attachment' }
    const read = await account.s3.send(new GetObjectCommand({ Bucket, Key: 'hello', ...overrides }))
    expect(read).toMatchObject({ ContentType: 'text/csv', ContentDisposition: 'attachment' })
  })
})

test('deletes existing and missing keys, one by one and many at once', async () => {
  using account = await startShelf()
  await account.s3.send(new DeleteObjectCommand({ Bucket, Key: 'never there' }))
  const many = await account.s3.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: [{ Key: 'hello' }, { Key: 'none' }, { Key: 'x', VersionId: 'v1' }] },
    }),
  )
  expect(many.Deleted).toEqual([{ Key: 'hello' }, { Key: 'none' }])
  expect(many.Errors).toEqual([
    { Key: 'x', VersionId: 'v1', Code: 'InvalidArgument', Message: 'Invalid version id specified' },
  ])
})

describe('copies', () => {
  test('keep headers, metadata and tags, or take new ones', async () => {
    using account = await startShelf()
    const source = { Bucket, Key: 'a source/ü', Body: 'hello', Metadata: { a: '1' }, Tagging: 'team=blue' }
    await account.s3.send(new PutObjectCommand(source))
    const CopySource = `${Bucket}/${encodeURIComponent('a source/ü')}`
    const copy = await account.s3.send(new CopyObjectCommand({ Bucket, Key: 'kept', CopySource }))
    expect(copy.CopyObjectResult?.ETag).toBe(HELLO_ETAG)
    const kept = await account.s3.send(new HeadObjectCommand({ Bucket, Key: 'kept' }))
    expect(kept.Metadata).toEqual({ a: '1' })
    const tags = await account.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'kept' }))
    expect(tags.TagSet).toEqual([{ Key: 'team', Value: 'blue' }])
    const other = { MetadataDirective: 'REPLACE', Metadata: { b: '2' } } as const
    await account.s3.send(new CopyObjectCommand({ Bucket, Key: 'kept', CopySource, ...other }))
    expect((await account.s3.send(new HeadObjectCommand({ Bucket, Key: 'kept' }))).Metadata).toEqual({ b: '2' })
  })

  test('of an object onto itself must change something', async () => {
    using account = await startShelf()
    const copy = account.s3.send(new CopyObjectCommand({ Bucket, Key: 'hello', CopySource: `${Bucket}/hello` }))
    expect(await failureOf(copy)).toEqual({
      name: 'InvalidRequest',
      message:
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      status: 400,
    })
  })

  test.each([
    [{ CopySource: `${Bucket}/none` }, noSuchKey],
    [{ CopySource: `${Bucket}/hello`, CopySourceIfMatch: '"other"' }, preconditionFailed],
    [
      { CopySource: 'wrongformat' },
      { name: 'InvalidArgument', message: 'Invalid copy source object key', status: 400 },
    ],
  ])('from %o fail', async (source, expected) => {
    using account = await startShelf()
    expect(await failureOf(account.s3.send(new CopyObjectCommand({ Bucket, Key: 'to', ...source })))).toEqual(expected)
  })
})

test('emits events of puts and deletes', async () => {
  using account = await startShelf()
  await account.s3.send(new DeleteObjectCommand({ Bucket, Key: 'hello' }))
  await account.s3.send(new DeleteObjectCommand({ Bucket, Key: 'hello' }))
  expect(account.events.filter(({ source }) => source === 's3')).toEqual([
    { at: 1_795_514_400_000, source: 's3', kind: 'object-put', bucket: Bucket, key: 'hello' },
    { at: 1_795_514_400_000, source: 's3', kind: 'object-deleted', bucket: Bucket, key: 'hello' },
  ])
})

// Recorded on AWS: test_put_object_storage_class_outposts, test_s3_object_retention_exc.
test.each([
  [{ StorageClass: 'OUTPOSTS' } as const, 'InvalidStorageClass', 400],
  [{ ObjectLockMode: 'GOVERNANCE' } as const, 'InvalidRequest', 400],
  [{ ACL: 'public-read' } as const, 'AccessControlListNotSupported', 400],
  [{ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'mine' } as const, 'KMS.NotFoundException', 400],
  [{ SSECustomerAlgorithm: 'AES256', SSECustomerKey: 'k'.repeat(32) }, 'NotImplemented', 501],
  [{ Metadata: { big: 'x'.repeat(2048) } }, 'MetadataTooLarge', 400],
  [{ Tagging: Array.from({ length: 11 }, (_, index) => `k${index}=v`).join('&') }, 'BadRequest', 400],
])('rejects what is not implemented, and stores nothing: %o', async (options, name, status) => {
  using account = await startShelf()
  const put = account.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ...options }))
  expect(await failureOf(put)).toMatchObject({ name, status })
  expect(await failureOf(account.s3.send(new GetObjectCommand({ Bucket, Key: 'k' })))).toEqual(noSuchKey)
})
