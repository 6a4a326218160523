import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketCorsCommand,
  GetBucketLoggingCommand,
  GetBucketMetricsConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketWebsiteCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  ListBucketMetricsConfigurationsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
  type ChecksumAlgorithm,
  type ChecksumType,
} from '@aws-sdk/client-s3'
import { expect, onTestFinished, test } from 'vitest'
import { createLocalAws } from '../../create-local-aws.ts'
import { listen } from '../../listen.ts'
import { callRaw, signedFor } from '../../testing/call-raw.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { failureOf, startAccount, type TestAccount } from '../../testing/start-account.ts'

const Bucket = 'acme-bucket'
/** 2026-11-24T10:00:00.033Z */
const START = 1_795_514_400_033

async function makeBucket(): Promise<TestAccount> {
  const account = startAccount()
  onTestFinished(() => account[Symbol.dispose]())
  await account.s3.send(new CreateBucketCommand({ Bucket }))
  return account
}

/** S3 for raw requests, with one bucket. */
async function startRaw() {
  const clock = createManualClock(START)
  const aws = createLocalAws({ clock })
  onTestFinished(() => aws.close())
  await callRaw(aws.cloud, { method: 'PUT', target: `/${Bucket}`, headers: signedFor('s3') })
  return { cloud: aws.cloud, clock }
}

test.each([
  [new GetObjectLockConfigurationCommand({ Bucket }), 'ObjectLockConfigurationNotFoundError', 404],
  [new GetBucketCorsCommand({ Bucket }), 'NoSuchCORSConfiguration', 404],
  [new GetBucketWebsiteCommand({ Bucket }), 'NoSuchWebsiteConfiguration', 404],
  [new GetBucketReplicationCommand({ Bucket }), 'ReplicationConfigurationNotFoundError', 404],
  [new GetBucketMetricsConfigurationCommand({ Bucket, Id: 'x' }), 'NoSuchConfiguration', 404],
  [new GetObjectRetentionCommand({ Bucket, Key: 'k' }), 'InvalidRequest', 400],
  [new GetObjectLegalHoldCommand({ Bucket, Key: 'k' }), 'InvalidRequest', 400],
  [new GetObjectRetentionCommand({ Bucket, Key: 'none' }), 'NoSuchKey', 404],
  [new GetBucketCorsCommand({ Bucket: 'other-bucket' }), 'NoSuchBucket', 404],
  [new GetBucketLoggingCommand({ Bucket: 'other-bucket' }), 'NoSuchBucket', 404],
])('a setting that was never made is answered as on AWS (%#)', async (command, name, status) => {
  const { s3 } = await makeBucket()
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
  expect(await failureOf(s3.send(command as GetBucketCorsCommand))).toMatchObject({ name, status })
})

test('settings with a default are returned', async () => {
  const { s3 } = await makeBucket()
  expect(await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).toMatchObject({ Payer: 'BucketOwner' })
  expect((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toBeUndefined()
  expect((await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).Status).toBeUndefined()
  const notifications = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))
  expect(notifications.QueueConfigurations).toBeUndefined()
  expect((await s3.send(new ListBucketMetricsConfigurationsCommand({ Bucket }))).IsTruncated).toBe(false)
})

test('a listing with MaxKeys 0 is empty and not truncated', async () => {
  const { s3 } = await makeBucket()
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))
  const second = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))
  expect([second.IsTruncated, second.KeyCount, second.NextContinuationToken]).toEqual([false, 0, undefined])
  const first = await s3.send(new ListObjectsCommand({ Bucket, MaxKeys: 0 }))
  expect([first.IsTruncated, first.Contents]).toEqual([false, undefined])
})

test.each<[ChecksumAlgorithm, ChecksumType]>([
  ['SHA256', 'COMPOSITE'],
  ['CRC32', 'COMPOSITE'],
  ['CRC32', 'FULL_OBJECT'],
  ['CRC64NVME', 'FULL_OBJECT'],
])('a read of a part has the checksum of its bytes or none: %s, %s', async (ChecksumAlgorithm, ChecksumType) => {
  const { s3 } = await makeBucket()
  const object = { Bucket, Key: 'k' }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...object, ChecksumAlgorithm, ChecksumType }))
  const bodies = [new Uint8Array(5 * 1_048_576).fill(1), new Uint8Array(3).fill(2)]
  const Parts = []
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1
    const part = await s3.send(new UploadPartCommand({ ...object, UploadId, PartNumber, Body, ChecksumAlgorithm }))
    Parts.push({ ...part, PartNumber })
  }
  await s3.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }))
  // The client compares the checksum with the bytes, as boto3 does.
  const read = await s3.send(new GetObjectCommand({ ...object, PartNumber: 2, ChecksumMode: 'ENABLED' }))
  expect(await read.Body?.transformToByteArray()).toEqual(bodies[1])
  const found = read[`Checksum${ChecksumAlgorithm}` as 'ChecksumCRC32']
  expect(found).toBe(
    ChecksumType === 'COMPOSITE' ? Parts[1]?.[`Checksum${ChecksumAlgorithm}` as 'ChecksumCRC32'] : undefined,
  )
})

test('a range of the whole object has its checksum', async () => {
  const { s3 } = await makeBucket()
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello', ChecksumAlgorithm: 'SHA256' }))
  const read = async (Range: string) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key: 'k', Range, ChecksumMode: 'ENABLED' }))).ChecksumSHA256
  expect(await read('bytes=0-')).toBe('LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=')
  expect(await read('bytes=0-2')).toBeUndefined()
})

test('timestamps in XML are whole seconds with three zeros', async () => {
  const { cloud } = await startRaw()
  await callRaw(cloud, { method: 'PUT', target: `/${Bucket}/k`, body: 'x', headers: signedFor('s3') })
  await callRaw(cloud, { method: 'POST', target: `/${Bucket}/u?uploads`, headers: signedFor('s3') })
  for (const target of ['/', `/${Bucket}`, `/${Bucket}?list-type=2`, `/${Bucket}?uploads`]) {
    const { text } = await callRaw(cloud, { method: 'GET', target, headers: signedFor('s3') })
    const found = text.match(/<(CreationDate|LastModified|Initiated)>[^<]*/g)
    expect(found?.map((element) => element.replace(/<.*>/, ''))).toEqual(['2026-11-24T10:00:00.000Z'])
  }
})

const SIGNED = 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2F20261124%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261124T100000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0' // prettier-ignore

test('a presigned PUT of the JavaScript SDK, which signs the checksum of an empty body, is accepted', async () => {
  const { cloud } = await startRaw()
  const query = `${SIGNED}&x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32&x-id=PutObject`
  const put = (more = '') => callRaw(cloud, { method: 'PUT', target: `/${Bucket}/k?${query}${more}`, body: 'hello' })
  expect((await put()).status).toBe(200)
  expect((await callRaw(cloud, { method: 'GET', target: `/${Bucket}/k?${SIGNED}` })).text).toBe('hello')
  expect((await put('&If-None-Match=%2A')).status).toBe(412)
})

test('a presigned URL of version 2 expires', async () => {
  const { cloud, clock } = await startRaw()
  await callRaw(cloud, { method: 'PUT', target: `/${Bucket}/k`, body: 'x', headers: signedFor('s3') })
  const read = (query: string) => callRaw(cloud, { method: 'GET', target: `/${Bucket}/k?${query}` })
  const link = `AWSAccessKeyId=a&Signature=b%3D&Expires=${Math.floor(START / 1000) + 60}`
  expect((await read(link)).text).toBe('x')
  await clock.advance(61_000)
  const ended = await read(link)
  expect([ended.status, ended.text]).toEqual([403, expect.stringContaining('<Message>Request has expired</Message>')])
  expect((await read('AWSAccessKeyId=a&Signature=b%3D')).status).toBe(403)
})

test('stored text that is invalid in a header is encoded, and breaks no response', async () => {
  const { cloud } = await startRaw()
  const listening = await listen({ cloud })
  if (!listening.ok) throw new Error(listening.failure.code)
  const { listener } = listening
  const { url } = listener
  onTestFinished(() => listener.close())
  const title = encodeURIComponent('Größe 漢字')
  const put = `${url}/${Bucket}/k?${SIGNED}&x-amz-meta-title=${title}`
  expect((await fetch(put, { method: 'PUT', body: 'x' })).status).toBe(200)
  const asked = encodeURIComponent('attachment; filename="漢.txt"\r\nx: y')
  const read = await fetch(`${url}/${Bucket}/k?${SIGNED}&response-content-disposition=${asked}`)
  expect(await read.text()).toBe('x')
  expect(read.headers.get('x-amz-meta-title')).toBe('=?UTF-8?B?R3LDtsOfZSDmvKLlrZc=?=')
  const disposition = Buffer.from(read.headers.get('content-disposition') ?? '', 'latin1').toString()
  expect(disposition).toBe('attachment; filename="漢.txt"  x: y')
})
