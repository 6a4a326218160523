import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { failureOf, startAccount, type TestAccount } from '../../testing/start-account.ts'

const Bucket = 'shelf'
const Key = 'large'
const BIG = Buffer.alloc(5 * 1024 * 1024, 'a')

interface Begun {
  readonly account: TestAccount
  readonly UploadId: string
  readonly send: (PartNumber: number, Body: Uint8Array | string) => Promise<{ PartNumber: number; ETag?: string }>
  [Symbol.dispose](): void
}

async function begin(options: object = { ChecksumAlgorithm: 'CRC32' }): Promise<Begun> {
  const account = startAccount()
  await account.s3.send(new CreateBucketCommand({ Bucket }))
  const { UploadId = '' } = await account.s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/plain', Metadata: { a: '1' }, ...options }),
  )
  return {
    account,
    UploadId,
    send: async (PartNumber, Body) => {
      const { ETag, ChecksumCRC32 } = await account.s3.send(
        new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }),
      )
      return { PartNumber, ...(ETag && { ETag }), ...(ChecksumCRC32 && { ChecksumCRC32 }) }
    },
    [Symbol.dispose]: () => account[Symbol.dispose](),
  }
}

test('creates one object from parts sent in any order, readable by range and by part', async () => {
  using begun = await begin()
  const { s3 } = begun.account
  const second = await begun.send(7, 'tail')
  const first = await begun.send(2, BIG)
  const Parts = [first, second]
  const done = await s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId: begun.UploadId, MultipartUpload: { Parts } }),
  )
  expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/)
  const seam = await s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=5242878-5242881' }))
  expect(await seam.Body?.transformToString()).toBe('aata')
  expect(seam).toMatchObject({
    ContentRange: 'bytes 5242878-5242881/5242884',
    ContentType: 'text/plain',
    Metadata: { a: '1' },
  })
  const part = await s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 }))
  expect(await part.Body?.transformToString()).toBe('tail')
  expect(part.PartsCount).toBe(2)
  expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined()
})

test('accepts parts of an upload without a checksum, and stores a CRC-64 of the whole', async () => {
  using begun = await begin({})
  const { s3 } = begun.account
  const { ETag } = await begun.send(1, '123456789')
  const upload = { Bucket, Key, UploadId: begun.UploadId }
  const Parts = [{ PartNumber: 1, ...(ETag && { ETag }) }]
  const done = await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }))
  expect(done).toMatchObject({ ChecksumCRC64NVME: 'rosUhgp5mIg=', ChecksumType: 'FULL_OBJECT' })
})

test('copies a range of an object as a part', async () => {
  using begun = await begin()
  const { s3 } = begun.account
  const target = { Bucket, Key, UploadId: begun.UploadId }
  await s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: 'hello world' }))
  const copied = await s3.send(
    new UploadPartCopyCommand({
      ...target,
      PartNumber: 1,
      CopySource: `${Bucket}/source`,
      CopySourceRange: 'bytes=6-10',
    }),
  )
  const { ETag, ChecksumCRC32 } = copied.CopyPartResult ?? {}
  const part = { PartNumber: 1, ...(ETag && { ETag }), ...(ChecksumCRC32 && { ChecksumCRC32 }) }
  await s3.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts: [part] } }))
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
  expect(await Body?.transformToString()).toBe('world')
})

test('lists the parts, and deletes them all when the upload is aborted', async () => {
  using begun = await begin()
  const { s3 } = begun.account
  const upload = { Bucket, Key, UploadId: begun.UploadId }
  await begun.send(1, 'one')
  await begun.send(1, 'hello')
  const { Parts } = await s3.send(new ListPartsCommand(upload))
  expect(Parts).toMatchObject([{ PartNumber: 1, Size: 5, ETag: '"5d41402abc4b2a76b9719d911017c592"' }])
  await s3.send(new AbortMultipartUploadCommand(upload))
  expect(await failureOf(s3.send(new ListPartsCommand(upload)))).toEqual({
    name: 'NoSuchUpload',
    message:
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    status: 404,
  })
})

test('checks the same conditions for a completed upload as for a put', async () => {
  using begun = await begin()
  const { s3 } = begun.account
  const part = await begun.send(1, 'one')
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'there already' }))
  const complete = new CompleteMultipartUploadCommand({
    Bucket,
    Key,
    UploadId: begun.UploadId,
    MultipartUpload: { Parts: [part] },
    IfNoneMatch: '*',
  })
  expect(await failureOf(s3.send(complete))).toMatchObject({ name: 'PreconditionFailed', status: 412 })
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
  expect(await Body?.transformToString()).toBe('there already')
})

// Recorded on AWS: test_multipart_complete_multipart_too_small, _wrong_part, test_complete_multipart_parts_order.
test.each([
  { wrong: 'no parts', choose: () => [], name: 'InvalidRequest' },
  { wrong: 'a small part before the last', choose: ([one, two]: Sent) => [one, two], name: 'EntityTooSmall' },
  { wrong: 'parts out of order', choose: ([one, two]: Sent) => [two, one], name: 'InvalidPartOrder' },
  { wrong: 'a part never sent', choose: ([one]: Sent) => [{ ...one, PartNumber: 9 }], name: 'InvalidPart' },
  {
    wrong: 'another ETag',
    choose: ([one]: Sent) => [{ ...one, ETag: 'd41d8cd98f00b204e9800998ecf8427e' }],
    name: 'InvalidPart',
  },
  {
    wrong: 'a part without its checksum',
    choose: ([{ ETag }]: Sent) => [{ PartNumber: 1, ETag }],
    name: 'InvalidRequest',
  },
])('rejects a completion with $wrong', async ({ choose, name }) => {
  using begun = await begin()
  const Parts = choose([await begun.send(1, 'one'), await begun.send(2, 'two')])
  const complete = new CompleteMultipartUploadCommand({
    Bucket,
    Key,
    UploadId: begun.UploadId,
    MultipartUpload: { Parts },
  })
  expect(await failureOf(begun.account.s3.send(complete))).toMatchObject({ name, status: 400 })
})

type Sent = readonly [SentPart, SentPart]
interface SentPart {
  readonly PartNumber: number
  readonly ETag?: string | undefined
}

test.each([
  [
    { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' },
    'The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.',
  ],
  [
    { ChecksumAlgorithm: 'SHA1', ChecksumType: 'FULL_OBJECT' },
    'The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm.',
  ],
] as const)('refuses %o', async (options, message) => {
  using account = startAccount()
  await account.s3.send(new CreateBucketCommand({ Bucket }))
  const create = account.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...options }))
  expect(await failureOf(create)).toEqual({ name: 'InvalidRequest', message, status: 400 })
})
