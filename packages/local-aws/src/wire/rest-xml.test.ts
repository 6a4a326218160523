import {
  CreateBucketCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { createCloud } from '../cloud.ts'
import { createInProcessHandler } from '../in-process.ts'
import { AwsError, type Call, type Service } from '../service.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { callRaw } from '../testing/call-raw.ts'
import { START } from '../testing/start-account.ts'
import type { Cloud } from '../http.ts'

/** A fake S3 service that records inputs and returns a test's output: only the wire is under test. */
function startWire(output: Readonly<Record<string, unknown>> | AwsError = {}): {
  cloud: Cloud
  s3: S3Client
  asked: unknown[]
} {
  const asked: unknown[] = []
  const answer = (input: unknown, { operation }: Call): unknown => {
    asked.push([operation, input])
    if (output instanceof AwsError) throw output
    return output
  }
  const names = [
    'CopyObject',
    'CreateBucket',
    'DeleteObjects',
    'GetBucketLocation',
    'GetObject',
    'HeadObject',
    'ListObjectsV2',
    'ListParts',
    'PutBucketTagging',
    'PutObject',
    'UploadPart',
  ]
  const service: Service = { name: 's3', operations: Object.fromEntries(names.map((name) => [name, answer])) }
  const cloud = createCloud({ clock: createManualClock(START), services: [service] })
  const s3 = new S3Client({
    region: 'us-east-1',
    endpoint: 'http://cloud.test',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: createInProcessHandler(cloud),
    maxAttempts: 1,
  })
  return { cloud, s3, asked }
}

test.each(['a b', 'é/ü 😀', '100%', "it's", 'a//b', '../up', 'a/./b', '&=?#', '+', 'ends/'])(
  'the key %j arrives as it was',
  async (Key) => {
    const { s3, asked } = startWire()
    await s3.send(new PutObjectCommand({ Bucket: 'b', Key, Body: 'x' }))
    expect(asked).toMatchObject([['PutObject', { Bucket: 'b', Key }]])
  },
)

test('a document in a request is read, with all kinds of escapes', async () => {
  const { s3, asked } = startWire()
  const Tagging = {
    TagSet: [
      { Key: 'a<b>&"c"', Value: "'é\r\n'" },
      { Key: 'empty', Value: '' },
    ],
  }
  await s3.send(new PutBucketTaggingCommand({ Bucket: 'b', Tagging }))
  expect(asked).toMatchObject([['PutBucketTagging', { Bucket: 'b', Tagging }]])
})

test.each([
  ['half a document', '<Tagging><TagSet>'],
  ['crossed tags', '<Tagging><TagSet></Tagging></TagSet>'],
  ['another root', '<Something/>'],
  ['two roots', '<Tagging/><Tagging/>'],
  ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><Tagging/>'],
  ['no XML', 'hello'],
])('%s is malformed', async (_name, body) => {
  const { cloud } = startWire()
  const answer = await callRaw(cloud, { method: 'PUT', target: '/b?tagging', body })
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('<Code>MalformedXML</Code>')
})

test('a bucket in the host name is the same bucket as one in the path', async () => {
  const { cloud, asked } = startWire()
  for (const host of [
    'my.bucket.s3.amazonaws.com',
    'my.bucket.s3.eu-west-1.amazonaws.com',
    'my.bucket.s3.localhost.localstack.cloud:4566',
    'my.bucket.localhost:4566',
  ]) {
    await callRaw(cloud, { method: 'GET', target: '/k?list-type=2', headers: { host } })
  }
  await callRaw(cloud, {
    method: 'GET',
    target: '/my.bucket/k',
    headers: { host: 's3.localhost.localstack.cloud:4566' },
  })
  await callRaw(cloud, { method: 'GET', target: '/my.bucket/k', headers: { host: 'localhost:4566' } })
  expect(asked).toEqual(Array.from({ length: 6 }, () => ['GetObject', { Bucket: 'my.bucket', Key: 'k' }]))
})

test('the most specific route wins: query keys and headers distinguish operations of one path', async () => {
  const { cloud, asked } = startWire()
  await callRaw(cloud, { method: 'PUT', target: '/b/k' })
  await callRaw(cloud, { method: 'PUT', target: '/b/k', headers: { 'x-amz-copy-source': '/b/other' } })
  await callRaw(cloud, { method: 'PUT', target: '/b/k?partNumber=1&uploadId=u' })
  await callRaw(cloud, { method: 'GET', target: '/b/k?uploadId=u' })
  await callRaw(cloud, { method: 'GET', target: '/b/?list-type=2&prefix=p' })
  await callRaw(cloud, { method: 'GET', target: '/b?location' })
  expect(asked).toMatchObject([
    ['PutObject', {}],
    ['CopyObject', {}],
    ['UploadPart', { PartNumber: 1 }],
    ['ListParts', {}],
    ['ListObjectsV2', { Prefix: 'p' }],
    ['GetBucketLocation', {}],
  ])
})

test('chunks are unwrapped and their trailers are headers', async () => {
  const { cloud, asked } = startWire()
  const headers = {
    'content-encoding': 'aws-chunked',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '9',
  }
  const answer = await callRaw(cloud, {
    method: 'PUT',
    target: '/b/k',
    headers,
    body: '5;chunk-signature=0\r\nhello\r\n4\r\n you\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
  })
  expect(answer.status).toBe(200)
  expect(asked).toEqual([
    [
      'PutObject',
      { Bucket: 'b', Key: 'k', ContentLength: 9, ChecksumCRC32: 'AAAAAA==', Body: Buffer.from('hello you') },
    ],
  ])
})

test.each(['5\r\nhel', 'zz\r\nhello\r\n0\r\n\r\n', '3\r\nhel\r\n0\r\n\r\n', ''])(
  'cut or false chunks %j are incomplete',
  async (body) => {
    const { cloud, asked } = startWire()
    const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '5' }
    const answer = await callRaw(cloud, { method: 'PUT', target: '/b/k', headers, body })
    expect([answer.status, answer.text.includes('<Code>IncompleteBody</Code>')]).toEqual([400, true])
    expect(asked).toEqual([])
  },
)

test('a presigned URL has headers in its query, and expires', async () => {
  const { cloud, asked } = startWire()
  const target =
    '/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20261124%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261124T100000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0&x-amz-meta-a=b'
  await callRaw(cloud, { method: 'PUT', target, body: 'x' })
  expect(asked).toMatchObject([['PutObject', { Bucket: 'b', Key: 'k', Metadata: { a: 'b' } }]])
  const late = await callRaw(cloud, { method: 'PUT', target: target.replace('T100000Z', 'T095859Z'), body: 'x' })
  expect(late.status).toBe(403)
  expect(late.text).toContain('<Code>AccessDenied</Code><Message>Request has expired</Message>')
})

test('outputs go into headers, bodies and status as the model says', async () => {
  const { s3 } = startWire({
    Body: Buffer.from('part'),
    ContentRange: 'bytes 0-3/10',
    ETag: '"e"',
    LastModified: new Date(0),
    Metadata: { a: 'b' },
    $metadata: { httpStatusCode: 206 },
  })
  const { Body, $metadata, ...others } = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))
  expect(await Body?.transformToString()).toBe('part')
  expect($metadata.httpStatusCode).toBe(206)
  expect(others).toEqual({
    ContentRange: 'bytes 0-3/10',
    ContentType: 'binary/octet-stream',
    ETag: '"e"',
    LastModified: new Date(0),
    Metadata: { a: 'b' },
  })
})

test('the location of a bucket is the text of its root element', async () => {
  const { s3, cloud } = startWire({ LocationConstraint: 'eu-west-1' })
  expect((await s3.send(new GetBucketLocationCommand({ Bucket: 'b' }))).LocationConstraint).toBe('eu-west-1')
  expect((await callRaw(cloud, { method: 'GET', target: '/b?location' })).text).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>',
  )
})

test('an error of HEAD has no body, an error of GET is a document with its details', async () => {
  const { s3, cloud } = startWire(
    new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404, details: { Key: 'a&b' } }),
  )
  await expect(s3.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 404 },
  })
  const head = await callRaw(cloud, { method: 'HEAD', target: '/b/k' })
  expect([head.status, head.text]).toEqual([404, ''])
  const got = await callRaw(cloud, { method: 'GET', target: '/b/k' })
  expect(got.text).toContain(
    '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a&#x26;b</Key><RequestId>',
  )
})

test('an operation that only S3 has is NotImplemented; one that S3 does not have is MethodNotAllowed', async () => {
  const { s3, cloud } = startWire()
  await s3.send(new CreateBucketCommand({ Bucket: 'b' }))
  const known = await callRaw(cloud, { method: 'GET', target: '/b?replication' })
  expect([known.status, known.text.includes('<Code>NotImplemented</Code>')]).toEqual([501, true])
  const unknown = await callRaw(cloud, { method: 'PATCH', target: '/b/k' })
  expect([unknown.status, unknown.text.includes('<Code>MethodNotAllowed</Code>')]).toEqual([405, true])
})
