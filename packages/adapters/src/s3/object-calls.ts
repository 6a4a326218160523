import type { S3Client } from '@aws-sdk/client-s3'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { Clock } from 'ticket-core'
import type { AwsFailure } from '../aws/read-failure.ts'
import { readAwsFailure } from '../aws/read-failure.ts'
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
