import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { createLocalAws, type VirtualClock } from '@ticketing/local-aws'
import { createS3Client } from '../src/aws/index.ts'
import { startClock } from './clock.ts'
import { type AwsAnswer, type AwsCall, fakeAws, HANG, networkError, s3Error } from './fake-aws.ts'

/** The fault of one call: none, an answer instead of the effect, or a loss of the answer after the effect. */
export type Fate = 'works' | 'hangs' | 'effect then reset' | 'effect then 500' | 'effect then hangs' | AwsAnswer | Error

export const BUCKET = 'dev-bucket'

export interface TestBucket {
  readonly clock: VirtualClock
  /** Its calls can fail. */
  readonly client: ReturnType<typeof createS3Client>
  /** The methods of its calls so far. */
  readonly calls: readonly string[]
  put(key: string, text: string): Promise<void>
  text(key: string): Promise<string | undefined>
  version(key: string): Promise<string | undefined>
  keys(): Promise<readonly string[]>
}

/** A bucket of the embedded cloud, on a virtual clock. A page of a listing has two keys. */
export async function startBucket(fate: (call: AwsCall, count: number) => Fate = () => 'works'): Promise<TestBucket> {
  const clock = startClock()
  const { cloud, requestHandler } = createLocalAws({
    clock,
    intercept: async ({ operation }, input, run) =>
      run(operation === 'ListObjectsV2' ? { ...input, MaxKeys: 2 } : input),
  })
  const pass = async ({ method, host, path, query, headers, body }: AwsCall): Promise<AwsAnswer> => {
    const parameters = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value ?? '')]),
    )
    const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const answer = await cloud({
      method,
      target: `${path}?${parameters.toString()}`,
      headers: { host, ...lowerCase },
      body: Buffer.from(body),
    })
    return { status: answer.status, headers: answer.headers, body: new TextDecoder().decode(answer.body) }
  }
  const calls: string[] = []
  const failing = fakeAws(async (call) => {
    calls.push(call.method)
    const befallen = fate(call, calls.length)
    if (befallen instanceof Error) throw befallen
    if (typeof befallen === 'object') return befallen
    if (befallen === 'hangs') return HANG
    const answer = await pass(call)
    if (befallen === 'effect then reset') throw networkError('ECONNRESET')
    if (befallen === 'effect then 500') return s3Error('InternalError', 500)
    return befallen === 'effect then hangs' ? HANG : answer
  })
  const s3 = createS3Client({ ...failing, requestHandler })
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  return {
    clock,
    client: createS3Client(failing),
    calls,
    async put(Key, Body) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }))
    },
    async text(Key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
      return Body?.transformToString()
    },
    version: async (Key) => (await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).ETag,
    async keys() {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))
      return Contents.flatMap(({ Key }) => Key ?? [])
    },
  }
}
