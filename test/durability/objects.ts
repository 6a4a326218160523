import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { createChains } from './chains.ts'
import { startTally, type Subject } from './subject.ts'

const Bucket = 'durable'

/** Objects written once, and records that each worker writes again and again under `If-Match`, as the ledger does. */
export function createObjects(): Subject {
  const writes = startTally('objects written')
  const deletes = startTally('objects deleted')
  const overwrites = startTally('If-Match writes')
  /** By key; absent: deleted. */
  const contents = new Map<string, string | undefined>()
  let unchecked = new Set<string>()
  /** Neither written nor deleted for certain. */
  const open = new Map<string, string>()
  const etags = new Map<string, string | undefined>()
  const chains = createChains(overwrites)
  let number = 0

  const write = async (send: (Key: string, body: string) => Promise<unknown>): Promise<void> => {
    number += 1
    const body = bodyOf(number)
    const key = `objects/${number}`
    open.set(key, body)
    await send(key, body)
    open.delete(key)
    contents.set(key, body)
    unchecked.add(key)
    writes.acknowledged += 1
  }
  const steps: Subject['steps'] = {
    put: ({ s3 }) => write((Key, Body) => s3.send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch: '*' }))),
    upload: ({ s3 }) =>
      write(async (Key, Body) => {
        const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }))
        const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body }))
        const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
        await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }))
      }),
    async delete({ s3 }) {
      const key = [...unchecked].find((each) => contents.get(each) !== undefined)
      if (key === undefined) return
      open.set(key, contents.get(key) ?? '')
      contents.delete(key)
      await s3.send(new DeleteObjectCommand({ Bucket, Key: key }))
      open.delete(key)
      contents.set(key, undefined)
      deletes.acknowledged += 1
    },
    overwrite: ({ s3 }, worker) =>
      chains.extend(`ledger/${worker}`, async (Key, Body) => {
        const etag = etags.get(Key)
        const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag }
        const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key, Body, ...condition }))
        etags.set(Key, ETag)
      }),
  }

  return {
    steps,
    tallies: [writes, deletes, overwrites],
    async setUp({ s3 }) {
      await s3.send(new CreateBucketCommand({ Bucket }))
    },
    async check({ s3 }, range) {
      for (const [key, body] of open) {
        const found = await read(s3, key)
        if (found && found.body !== body) writes.lost.push(`${key}: half of it is there`)
        contents.set(key, found?.body)
      }
      open.clear()
      for (const key of range === 'all' ? contents.keys() : unchecked) {
        const found = (await read(s3, key))?.body
        const wanted = contents.get(key)
        if (found === wanted) continue
        if (wanted === undefined) deletes.lost.push(`${key} came back`)
        else writes.lost.push(`${key}: ${found === undefined ? 'gone' : 'another body'}`)
      }
      unchecked = new Set()
      await chains.check(async (key) => {
        const found = await read(s3, key)
        etags.set(key, found?.etag)
        return found?.body
      })
      if (range === 'all') for (const key of await strangers(s3, contents)) writes.doubled.push(`${key}: never written`)
    },
  }
}

async function read(s3: S3Client, Key: string): Promise<{ body: string; etag: string | undefined } | undefined> {
  try {
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }))
    return { body: (await got.Body?.transformToString()) ?? '', etag: got.ETag }
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined
    throw error
  }
}

async function strangers(s3: S3Client, contents: ReadonlyMap<string, string | undefined>): Promise<string[]> {
  const keys: string[] = []
  for (let StartAfter = ''; ; StartAfter = keys.at(-1) ?? '') {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'objects/', StartAfter }))
    if (Contents.length === 0) break
    keys.push(...Contents.map(({ Key = '' }) => Key))
  }
  return keys.filter((key) => contents.get(key) === undefined)
}

/** Every fifth is large enough to fill many pages of the store. */
function bodyOf(number: number): string {
  return `body ${number} ${number % 5 === 0 ? 'x'.repeat(150_000) : ''}`
}
