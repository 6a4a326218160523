import { fc } from '@fast-check/vitest'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { failureOf, startAccount, type TestAccount } from '../../testing/start-account.ts'

const Bucket = 'shelf'

async function startWith(keys: readonly string[]): Promise<TestAccount> {
  const account = startAccount()
  await account.s3.send(new CreateBucketCommand({ Bucket }))
  for (const Key of keys) await account.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
  return account
}

test.each([
  'a b+c&d=e?f#g%h',
  'é ü 😀',
  "(x)!*~'",
  'a//b',
  '../up',
  './x',
  'tab\there',
  '/lead',
  'trail/',
  'x'.repeat(1024),
])('keeps the key %j as it is', async (Key) => {
  using account = await startWith([Key])
  const { Body } = await account.s3.send(new GetObjectCommand({ Bucket, Key }))
  expect(await Body?.transformToString()).toBe(Key)
  const { Contents } = await account.s3.send(new ListObjectsV2Command({ Bucket }))
  expect(Contents?.map((object) => object.Key)).toEqual([Key])
})

test('rejects a key of more than 1,024 bytes, counted in UTF-8', async () => {
  using account = await startWith([])
  const put = account.s3.send(new PutObjectCommand({ Bucket, Key: 'ü'.repeat(513), Body: '' }))
  expect(await failureOf(put)).toEqual({ name: 'KeyTooLongError', message: 'Your key is too long', status: 400 })
})

test('lists in the order of UTF-8 bytes, which is not that of JavaScript', async () => {
  using account = await startWith(['\u{1F600}', '\uFF5E', 'b', 'B', 'a/2', 'a/10'])
  const { Contents, KeyCount, IsTruncated } = await account.s3.send(new ListObjectsV2Command({ Bucket }))
  expect(Contents?.map(({ Key }) => Key)).toEqual(['B', 'a/10', 'a/2', 'b', '\uFF5E', '\u{1F600}'])
  expect({ KeyCount, IsTruncated }).toEqual({ KeyCount: 6, IsTruncated: false })
})

test('groups keys at the delimiter, below the prefix and after the start', async () => {
  using account = await startWith(['docs/a.txt', 'docs/img/1.png', 'docs/img/2.png', 'docs/z.txt', 'readme'])
  const top = await account.s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }))
  expect(top.CommonPrefixes).toEqual([{ Prefix: 'docs/' }])
  expect(top.Contents?.map(({ Key }) => Key)).toEqual(['readme'])
  const docs = await account.s3.send(
    new ListObjectsV2Command({ Bucket, Delimiter: '/', Prefix: 'docs/', StartAfter: 'docs/b' }),
  )
  expect(docs.CommonPrefixes).toEqual([{ Prefix: 'docs/img/' }])
  expect(docs.Contents?.map(({ Key }) => Key)).toEqual(['docs/z.txt'])
})

test('lists with the first version of the API, with its markers', async () => {
  using account = await startWith(['a/1', 'b/1', 'c'])
  const first = await account.s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 1 }))
  expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'a/', CommonPrefixes: [{ Prefix: 'a/' }] })
  const rest = await account.s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: 'a/' }))
  expect(rest.CommonPrefixes).toEqual([{ Prefix: 'b/' }])
  expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['c'])
})

test('encodes keys for URLs on request, blanks as plus signs', async () => {
  using account = await startWith(['a b+ü/x'])
  const { Contents } = await account.s3.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }))
  expect(Contents?.map(({ Key }) => Key)).toEqual(['a+b%2B%C3%BC/x'])
})

test('rejects an unknown continuation token', async () => {
  using account = await startWith([])
  const list = account.s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: '%%' }))
  expect(await failureOf(list)).toEqual({
    name: 'InvalidArgument',
    message: 'The continuation token provided is incorrect',
    status: 400,
  })
})

const keysToList = fc.uniqueArray(
  fc.string({ unit: fc.constantFrom('a', 'b', '/', 'ü', '😀'), minLength: 1, maxLength: 6 }),
  { maxLength: 12 },
)

test('all pages together are the whole listing, each name once', async () => {
  const law = fc.asyncProperty(
    keysToList,
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom(undefined, '/', 'b'),
    async (...[keys, pageSize, Delimiter]) => {
      using account = await startWith(keys)
      const input = { Bucket, ...(Delimiter && { Delimiter }) }
      const names: string[] = []
      for await (const page of paginateListObjectsV2({ client: account.s3, pageSize }, input)) {
        for (const { Key } of page.Contents ?? []) names.push(Key ?? '')
        for (const { Prefix } of page.CommonPrefixes ?? []) names.push(Prefix ?? '')
      }
      const rolledUp = keys.map((key) => {
        const at = Delimiter ? key.indexOf(Delimiter) : -1
        return at === -1 ? key : key.slice(0, at + 1)
      })
      expect(names.toSorted()).toEqual([...new Set(rolledUp)].toSorted())
    },
  )
  await fc.assert(law, { numRuns: 30 })
})
