import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { useInProcessTransport } from './use-in-process-transport.ts'
import { createLocalAws } from './create-local-aws.ts'
import type { Intercept } from './answer-call.ts'
import { AwsError, ConnectionLost } from './service.ts'
import { systemClock } from './system-clock.ts'
import { createManualClock } from './testing/manual-clock.ts'

/** The real time, because the SDK corrects its clock by the responses' dates. */
const START = systemClock.now()

/** The SDK warns of an empty body. */
const nothing = (): void => undefined
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing }

interface Bed {
  readonly s3: S3Client
  readonly sqs: SQSClient
  readonly secrets: SecretsManagerClient
  /** Requests of the clients, as `PUT /path`. */
  readonly requests: string[]
}

/** A new cloud with deterministic ids, which count up. */
function start(transport: 'bypassed' | 'wire', { intercept }: { readonly intercept?: Intercept } = {}): Bed {
  const clock = createManualClock(START)
  let made = 0
  const random = (size: number): Uint8Array => new Uint8Array(size).fill((made += 1))
  const newId = (): string => `00000000-0000-4000-8000-${String((made += 1)).padStart(12, '0')}`
  const { requestHandler: handler } = createLocalAws({ clock, random, newId, intercept })
  const requests: string[] = []
  const config = {
    region: 'us-east-1',
    endpoint: 'http://cloud.test:4566',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    logger: SILENT,
    requestHandler: {
      ...handler,
      handle: (...args: Parameters<typeof handler.handle>) => {
        requests.push(`${args[0].method} ${args[0].path}`)
        return handler.handle(...args)
      },
    },
  }
  const s3 = new S3Client({
    ...config,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false })
  const secrets = new SecretsManagerClient(config)
  if (transport === 'bypassed') for (const client of [s3, sqs, secrets]) useInProcessTransport(client)
  return { s3, sqs, secrets, requests }
}

const BUCKET = 'tickets-of-a-test'
const QUEUE = 'http://cloud.test:4566/000000000000/lp'
const JSON_TYPE = { ContentType: 'application/json; charset=utf-8' }
const put = (Key: string, more: object = {}): PutObjectCommand =>
  new PutObjectCommand({ Bucket: BUCKET, Key, Body: '{"title":"Drucker 🖨 brennt"}', ...JSON_TYPE, ...more })
const STRANGE = 'a\u0000b \u{1F5A8} "quoted"\n\tend'
const BINARY = new Uint8Array([0, 1, 254, 255])

type Step = readonly [name: string, run: (bed: Bed) => Promise<unknown>]

/** Calls with the same result without the wire, in this order; each as one of our adapters makes it. */
const STEPS: readonly Step[] = [
  ['a write', ({ s3 }) => s3.send(put('ledger/a.json'))],
  ['a first write', ({ s3 }) => s3.send(put('ledger/b.json', { IfNoneMatch: '*' }))],
  ['a first write that comes second', ({ s3 }) => s3.send(put('ledger/b.json', { IfNoneMatch: '*' }))],
  ['a write of a version that is gone', ({ s3 }) => s3.send(put('ledger/b.json', { IfMatch: '"0"' }))],
  ['a write of what is not there', ({ s3 }) => s3.send(put('ledger/none.json', { IfMatch: '"0"' }))],
  ['bytes', ({ s3 }) => s3.send(put('bytes', { Body: BINARY, Metadata: undefined }))],
  ['a read', ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'ledger/a.json' }))],
  ['a read of bytes', ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'bytes', Range: 'bytes=1-2' }))],
  ['a read of what is not there', ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'none' }))],
  ['a look at what is not there', ({ s3 }) => s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'none' }))],
  ['a read in no bucket', ({ s3 }) => s3.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'a' }))],
  ['a list', ({ s3 }) => s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'ledger/', MaxKeys: 1 }))],
  ['an empty list', ({ s3 }) => s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'nothing/' }))],
  ['a deletion', ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'bytes' }))],
  ['an address', ({ sqs }) => sqs.send(new GetQueueUrlCommand({ QueueName: 'lp' }))],
  ['no address', ({ sqs }) => sqs.send(new GetQueueUrlCommand({ QueueName: 'none' }))],
  [
    'messages',
    ({ sqs }) =>
      sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: QUEUE,
          Entries: [
            { Id: '0', MessageBody: 'Ünicode 🖨' },
            { Id: '1', MessageBody: STRANGE },
            {
              Id: '2',
              MessageBody: 'with attributes',
              MessageAttributes: {
                ticket: { DataType: 'String', StringValue: 'T-1' },
                raw: { DataType: 'Binary', BinaryValue: BINARY },
              },
            },
          ],
        }),
      ),
  ],
  [
    'messages, one twice',
    ({ sqs }) => {
      const Entries = ['0', '0'].map((Id) => ({ Id, MessageBody: 'x' }))
      return sqs.send(new SendMessageBatchCommand({ QueueUrl: QUEUE, Entries }))
    },
  ],
  ['no messages', ({ sqs }) => sqs.send(new SendMessageBatchCommand({ QueueUrl: QUEUE, Entries: [] }))],
  ['a message for nobody', ({ sqs }) => sqs.send(new SendMessageCommand({ QueueUrl: `${QUEUE}x`, MessageBody: 'x' }))],
  ['a receive', ({ sqs }) => sqs.send(receive())],
  ['an empty receive', ({ sqs }) => sqs.send(receive())],
  [
    'hiding, of which one is no handle',
    ({ sqs }) => {
      const Entries = [{ Id: '0', ReceiptHandle: 'none', VisibilityTimeout: 60 }]
      return sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: QUEUE, Entries }))
    },
  ],
  [
    'deleting, of which one is no handle',
    ({ sqs }) => {
      const Entries = [{ Id: '0', ReceiptHandle: 'none' }]
      return sqs.send(new DeleteMessageBatchCommand({ QueueUrl: QUEUE, Entries }))
    },
  ],
  ['a secret', ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId: 'teams-ticketing' }))],
  ['no secret', ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId: 'none' }))],
]

/** Calls that serialising could change, or that the SDK adds to. */
const BY_WIRE: readonly Step[] = [
  ['a body without a type', ({ s3 }) => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'b', Body: 'x' }))],
  ['an empty body', ({ s3 }) => s3.send(put('empty', { Body: '' }))],
  ['a key beyond ASCII', ({ s3 }) => s3.send(put('ledger/ü.json'))],
  ['metadata', ({ s3 }) => s3.send(put('m', { Metadata: { a: ' b ' } }))],
  ['a date', ({ s3 }) => s3.send(put('d', { Expires: new Date(START) }))],
  [
    'a value that the SDK gives an idempotency token',
    ({ secrets }) => secrets.send(new PutSecretValueCommand({ SecretId: 'teams-ticketing', SecretString: '{}' })),
  ],
  [
    'a number for a text',
    // A caller without types.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    ({ sqs }) => sqs.send(new SendMessageCommand({ QueueUrl: QUEUE, MessageBody: 7 as unknown as string })),
  ],
  ['a parameter that is missing', ({ sqs }) => sqs.send(new GetQueueUrlCommand({ QueueName: undefined }))],
]

function receive(): ReceiveMessageCommand {
  return new ReceiveMessageCommand({
    QueueUrl: QUEUE,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
  })
}

async function prepare({ s3, sqs, secrets, requests }: Bed): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  await sqs.send(new CreateQueueCommand({ QueueName: 'lp' }))
  const SecretString = JSON.stringify({ TEAMS_HMAC: 'dGVzdA==' })
  await secrets.send(new CreateSecretCommand({ Name: 'teams-ticketing', SecretString, ClientRequestToken: TOKEN }))
  requests.length = 0
}

const TOKEN = '00000000-0000-4000-8000-000000000000'

/** Everything that a caller can see of a call's result. */
async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    const output = asRecord(await call)
    const body = output['Body']
    const Body = isReadable(body) ? await body.transformToByteArray() : body
    return { ...output, Body, $metadata: withoutTries(output['$metadata']) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const { name, message, constructor } = error
    return { ...asRecord(error), name, message, constructor, $metadata: withoutTries(Reflect.get(error, '$metadata')) }
  }
}

/** Fields that only the SDK's retries set: number and duration of attempts. */
function withoutTries(metadata: unknown): object {
  const { attempts: _attempts, totalRetryDelay: _delay, ...rest } = asRecord(metadata)
  return rest
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function isReadable(body: unknown): body is { transformToByteArray(): Promise<Uint8Array> } {
  return typeof body === 'object' && body !== null && 'transformToByteArray' in body
}

async function play(bed: Bed, steps: readonly Step[]): Promise<readonly (readonly [string, unknown])[]> {
  await prepare(bed)
  const outcomes: [string, unknown][] = []
  for (const [name, run] of steps) outcomes.push([name, await outcomeOf(run(bed))])
  return outcomes
}

test('a call without the wire has the same request and response as with it', async () => {
  const bypassed = start('bypassed')
  const outcomes = await play(bypassed, STEPS)
  expect(outcomes).toEqual(await play(start('wire'), STEPS))
  expect(bypassed.requests).toEqual([])
})

test('a call that the wire could change goes over the wire', async () => {
  const [bypassed, wire] = [start('bypassed'), start('wire')]
  const outcomes = await play(bypassed, BY_WIRE)
  await play(wire, BY_WIRE)
  expect(bypassed.requests).toEqual(wire.requests)
  expect(outcomes.map(([name]) => name)).toHaveLength(BY_WIRE.length)
})

const intercept: Intercept = async ({ operation }, _input, run) => {
  const output = await run()
  if (operation === 'GetQueueUrl') throw new ConnectionLost()
  if (operation === 'GetObject') throw new AwsError('SlowDown', 'Reduce your request rate.', { status: 503 })
  return output
}

test('interceptors apply to these calls: lost responses, and errors in their place', async () => {
  const steps = STEPS.filter(([name]) => ['a write', 'a read', 'an address'].includes(name))
  const outcomes = await play(start('bypassed', { intercept }), steps)
  expect(outcomes).toEqual(await play(start('wire', { intercept }), steps))
  expect(outcomes).toMatchObject([
    ['a write', { $metadata: { httpStatusCode: 200 } }],
    ['a read', { name: 'SlowDown', $metadata: { httpStatusCode: 503 } }],
    ['an address', { code: 'ECONNRESET' }],
  ])
})

test('an aborted call rejects at once, and aborts its signal in the cloud', async () => {
  const signals: AbortSignal[] = []
  const hang: Intercept = (call, _input, run) => {
    if (call.operation === 'CreateQueue' || call.service !== 'sqs') return run()
    signals.push(call.signal)
    return new Promise(() => {})
  }
  const bed = start('bypassed', { intercept: hang })
  await prepare(bed)
  const stop = new AbortController()
  const received = bed.sqs.send(receive(), { abortSignal: stop.signal })
  await new Promise((resolve) => void setImmediate(resolve))
  stop.abort()
  await expect(received).rejects.toMatchObject({ name: 'AbortError' })
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
})

test('a client with another handler is not changed', async () => {
  const requests: string[] = []
  const client = new SQSClient({
    region: 'us-east-1',
    endpoint: 'http://cloud.test',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    requestHandler: {
      handle: async ({ path }: { readonly path: string }) => {
        requests.push(path)
        throw new TypeError('nobody is here')
      },
    },
  })
  useInProcessTransport(client)
  await expect(client.send(new GetQueueUrlCommand({ QueueName: 'lp' }))).rejects.toThrow('nobody is here')
  expect(requests).toEqual(['/'])
})
