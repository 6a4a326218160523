import {
  type S3Client,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import type { Clock } from 'ticket-core'
import { describeAwsFailure, readAwsFailure, type AwsFailure } from '../aws/read-failure.ts'
import { withDeadline } from '../clock/with-deadline.ts'

/** A bucket and how to call it. */
export interface Bucket {
  readonly client: S3Client
  readonly bucket: string
  readonly clock: Clock
}

export type Got =
  | { readonly kind: 'found'; readonly text: string; readonly version: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly failure: AwsFailure }

/** Gets one object whole. */
export async function getObject({ client, bucket, clock }: Bucket, key: string, deadline: number): Promise<Got> {
  const got = await withDeadline(clock, deadline, async (abortSignal) => {
    const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal })
    return { text: (await Body?.transformToString('utf-8')) ?? '', version: ETag ?? '' }
  })
  if (got.kind === 'done') return { kind: 'found', ...got.value }
  const failure = readAwsFailure(got)
  const missing = failure.kind === 'refused' && failure.status === 404 && failure.name !== 'NoSuchBucket'
  return missing ? { kind: 'absent' } : { kind: 'failed', failure }
}

export type Put =
  | { readonly kind: 'put'; readonly version: string }
  | { readonly kind: 'failed'; readonly failure: AwsFailure }

/** One conditional put of a JSON text. */
export interface ConditionalPut {
  readonly key: string
  readonly text: string
  readonly expected: { readonly version: string } | 'absent'
  readonly deadline: number
}

/** Puts an object only if nothing, or the expected version, is there. */
export async function putObject({ client, bucket, clock }: Bucket, put: ConditionalPut): Promise<Put> {
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: put.key,
    Body: put.text,
    ContentType: 'application/json; charset=utf-8',
    ...(put.expected === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: put.expected.version }),
  })
  const done = await withDeadline(clock, put.deadline, (abortSignal) => client.send(command, { abortSignal }))
  if (done.kind === 'done') return { kind: 'put', version: done.value.ETag ?? '' }
  return { kind: 'failed', failure: readAwsFailure(done) }
}

/** Keys of JSON objects, without their prefix and `.json`; or the reason why the listing failed. */
export type Page =
  | { readonly kind: 'page'; readonly keys: readonly string[]; readonly next: string | undefined }
  | { readonly kind: 'broken-off'; readonly reason: string }

const LIST_TIMEOUT = 10_000
const FIND_TIMEOUT = 3000

/** Lists one page of the objects whose keys have this prefix. */
export async function listPage(
  { client, bucket, clock }: Bucket,
  prefix: string,
  token: string | undefined,
): Promise<Page> {
  const command = new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: prefix,
    ...(token !== undefined && { ContinuationToken: token }),
  })
  const deadline = clock.monotonic() + LIST_TIMEOUT
  const listed = await withDeadline(clock, deadline, (abortSignal) => client.send(command, { abortSignal }))
  if (listed.kind !== 'done') return { kind: 'broken-off', reason: describeS3Failure(readAwsFailure(listed)) }
  const names = (listed.value.Contents ?? []).map(({ Key }) => Key ?? '')
  return {
    kind: 'page',
    keys: names.filter((name) => name.endsWith('.json')).map((name) => name.slice(prefix.length, -'.json'.length)),
    next: listed.value.IsTruncated === true ? listed.value.NextContinuationToken : undefined,
  }
}

/** Deletes one object; undefined when it is gone, else why it is not. */
export async function deleteObject({ client, bucket, clock }: Bucket, key: string): Promise<string | undefined> {
  const command = new DeleteObjectCommand({ Bucket: bucket, Key: key })
  const deadline = clock.monotonic() + LIST_TIMEOUT
  const done = await withDeadline(clock, deadline, (abortSignal) => client.send(command, { abortSignal }))
  return done.kind === 'done' ? undefined : describeS3Failure(readAwsFailure(done))
}

/** Whether the bucket exists and may be read; `unknown` when S3 does not answer. Gets an object that does not exist. */
export async function findBucket(
  { client, bucket, clock }: Bucket,
  key: string,
): Promise<{ readonly kind: 'found' } | { readonly kind: 'missing' | 'unknown'; readonly reason: string }> {
  const got = await getObject({ client, bucket, clock }, key, clock.monotonic() + FIND_TIMEOUT)
  if (got.kind !== 'failed') return { kind: 'found' }
  const { failure } = got
  const isSure = failure.kind === 'refused' && failure.status >= 300 && failure.status < 500 && !failure.throttled
  return { kind: isSure ? 'missing' : 'unknown', reason: describeS3Failure(failure) }
}

/** Says what went wrong and what to do about it, where that is known. */
export function describeS3Failure(failure: AwsFailure): string {
  const said = describeAwsFailure('S3', failure)
  if (failure.kind !== 'refused') return said
  if (failure.status === 403)
    return `${said} The role needs access to the object; S3 also answers 403 for a missing one when s3:ListBucket on the prefix is not allowed.`
  if (failure.name === 'NoSuchBucket') return `${said} The bucket does not exist: apply the stack.`
  if (failure.status === 301 || failure.name === 'PermanentRedirect')
    return `${said} The bucket is in another region than the client.`
  return said
}
