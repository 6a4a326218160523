import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
} from '@aws-sdk/client-lambda'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import { expect, onTestFinished, test } from 'vitest'
import type { Clock } from '../../clock.ts'
import { createInlineExecutor } from '../../executors/inline.ts'
import type { InlineHandler } from '../../executors/inline-environment.ts'
import { systemClock } from '../../system-clock.ts'
import { createVirtualClock } from '../../virtual-clock.ts'
import { failureOf } from '../../testing/start-account.ts'
import { ROLE, startLambda, zipOf, type TestLambda } from '../../testing/start-lambda.ts'

const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:jobs'
const QUEUE_URL = 'http://cloud.test:4566/000000000000/jobs'

interface Handed {
  readonly messageId: string
  readonly body: string
}

/** The records of an event, as far as these tests look at them. */
function recordsOf(event: unknown): readonly Handed[] {
  const { Records }: { Records: readonly Handed[] } = JSON.parse(JSON.stringify(event))
  return Records
}

function start(handler: InlineHandler, options: { path?: string; clock?: Clock } = {}): Promise<TestLambda> {
  const { clock = systemClock } = options
  const functions = { worker: () => handler }
  return startLambda({ makeExecutor: (access) => createInlineExecutor({ clock, functions, ...access }), ...options })
}

async function setUp(
  bed: TestLambda,
  {
    Attributes,
    ...mapping
  }: Partial<CreateEventSourceMappingCommandInput> & { Attributes?: Record<string, string> } = {},
) {
  await bed.sqs.send(new CreateQueueCommand({ QueueName: 'jobs', ...(Attributes && { Attributes }) }))
  await createFunction(bed)
  return map(bed, mapping)
}

function createFunction(bed: TestLambda, zip = zipOf('export const handler = async () => null')) {
  return bed.lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'worker',
      Runtime: 'nodejs24.x',
      Role: ROLE,
      Handler: 'index.handler',
      Code: { ZipFile: zip },
    }),
  )
}

function map(bed: TestLambda, mapping: Partial<CreateEventSourceMappingCommandInput> = {}) {
  return bed.lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'worker', EventSourceArn: QUEUE_ARN, ...mapping }),
  )
}

test('a message reaches the function within tens of milliseconds, in the shape recorded on AWS, and is deleted', async () => {
  const got = Promise.withResolvers<{ event: unknown; at: number }>()
  const bed = await start(async (event) => got.resolve({ event, at: performance.now() }))
  const mapping = await setUp(bed, { FunctionResponseTypes: ['ReportBatchItemFailures'] })
  expect(mapping).toMatchObject({
    State: 'Creating',
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 0,
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    StateTransitionReason: 'USER_INITIATED',
  })
  const sentAt = performance.now()
  const attributes = {
    Author: { DataType: 'String', StringValue: 'John' },
    Raw: { DataType: 'Binary', BinaryValue: new Uint8Array([255]) },
  }
  const sent = await bed.sqs.send(
    new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: 'hello world', MessageAttributes: attributes }),
  )
  const { event, at } = await got.promise
  expect(at - sentAt).toBeLessThan(250)
  expect(event).toEqual({
    Records: [
      {
        messageId: sent.MessageId,
        receiptHandle: expect.stringMatching(/./u),
        body: 'hello world',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.stringMatching(/^\d{13}$/u),
          SenderId: expect.stringMatching(/./u),
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/u),
        },
        messageAttributes: {
          Author: { stringValue: 'John', stringListValues: [], binaryListValues: [], dataType: 'String' },
          Raw: { binaryValue: '/w==', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
        },
        md5OfMessageAttributes: sent.MD5OfMessageAttributes,
        md5OfBody: '5eb63bbbe01eeed093cb22bb8f5acdc3',
        eventSource: 'aws:sqs',
        eventSourceARN: QUEUE_ARN,
        awsRegion: 'us-east-1',
      },
    ],
  })
  await bed.seen((fact) => fact.source === 'sqs' && fact.kind === 'message-deleted')
})

test('a failed message is retried after its visibility timeout, then dead-lettered; the others are done', async () => {
  const clock = createVirtualClock(1_795_514_400_000)
  const tries: { at: number; bodies: string[] }[] = []
  const handler: InlineHandler = async (event) => {
    const records = recordsOf(event)
    tries.push({ at: clock.now() - 1_795_514_400_000, bodies: records.map(({ body }) => body) })
    const failed = records.filter(({ body }) => body === 'bad')
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
  }
  const bed = await start(handler, { clock })
  await bed.sqs.send(new CreateQueueCommand({ QueueName: 'dead' }))
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead'
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 })
  const Attributes = { VisibilityTimeout: '180', RedrivePolicy }
  await setUp(bed, { Attributes, FunctionResponseTypes: ['ReportBatchItemFailures'] })
  const Entries = ['good', 'bad', 'fine'].map((MessageBody, index) => ({ Id: String(index), MessageBody }))
  await bed.sqs.send(new SendMessageBatchCommand({ QueueUrl: QUEUE_URL, Entries }))
  await clock.advance('7m')
  expect(tries.map(({ at, bodies }) => [at, bodies.toSorted()])).toEqual([
    [0, ['bad', 'fine', 'good']],
    [180_000, ['bad']],
  ])
  const AttributeNames: ['ApproximateNumberOfMessages'] = ['ApproximateNumberOfMessages']
  const QueueUrl = 'http://cloud.test:4566/000000000000/dead'
  const dead = await bed.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))
  expect(dead.Attributes).toEqual({ ApproximateNumberOfMessages: '1' })
})

test('a restart resumes the mappings, with messages that were sent in between', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mappings-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'cloud.sqlite')
  {
    const before = await start(async () => null, { path })
    await setUp(before)
    await before.stopFunctions()
    await before.sqs.send(new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: 'kept' }))
    await before.stop()
  }
  const got = Promise.withResolvers<unknown>()
  const after = await start(async (event) => got.resolve(event), { path })
  expect(recordsOf(await got.promise).map(({ body }) => body)).toEqual(['kept'])
  await after.seen((fact) => fact.source === 'sqs' && fact.kind === 'message-deleted')
})

test('a mapping can be disabled, enabled and deleted', async () => {
  const bodies: string[] = []
  const bed = await start(async (event) => void bodies.push(...recordsOf(event).map(({ body }) => body)))
  const { UUID } = await setUp(bed, { Enabled: false })
  const state = async () => (await bed.lambda.send(new GetEventSourceMappingCommand({ UUID }))).State
  expect(await state()).toBe('Disabled')
  await bed.sqs.send(new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: 'a' }))
  expect(bodies).toEqual([])
  await bed.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }))
  await bed.seen((fact) => fact.source === 'sqs' && fact.kind === 'message-deleted')
  expect(bodies).toEqual(['a'])
  expect(await state()).toBe('Enabled')
  expect((await bed.lambda.send(new DeleteEventSourceMappingCommand({ UUID }))).State).toBe('Deleting')
  expect(await failureOf(state())).toMatchObject({ name: 'ResourceNotFoundException', status: 404 })
  expect(
    (await bed.lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'worker' }))).EventSourceMappings,
  ).toEqual([])
})

test('a mapping that is deleted while its change still waits for a running batch stays deleted', async () => {
  const clock = createVirtualClock(1_795_514_400_000)
  const release = Promise.withResolvers<void>()
  const bodies: string[] = []
  const handler: InlineHandler = async (event) => {
    bodies.push(...recordsOf(event).map(({ body }) => body))
    await release.promise
  }
  const bed = await start(handler, { clock })
  const { UUID } = await setUp(bed)
  await bed.sqs.send(new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: 'a' }))
  await clock.settle()
  await bed.lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 5 }))
  await bed.lambda.send(new DeleteEventSourceMappingCommand({ UUID }))
  release.resolve()
  await clock.settle()
  await bed.sqs.send(new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: 'b' }))
  await clock.advance('1m')
  expect(bodies).toEqual(['a'])
})

test('mappings are listed by function and by queue, and there is one for each pair', async () => {
  const bed = await start(async () => null)
  const { UUID } = await setUp(bed)
  const list = async (filter: { FunctionName?: string; EventSourceArn?: string }) =>
    (await bed.lambda.send(new ListEventSourceMappingsCommand(filter))).EventSourceMappings?.map(
      (mapping) => mapping.UUID,
    )
  expect(await list({ FunctionName: 'worker' })).toEqual([UUID])
  expect(await list({ EventSourceArn: QUEUE_ARN })).toEqual([UUID])
  expect(await list({ EventSourceArn: `${QUEUE_ARN}-other` })).toEqual([])
  const twin = await failureOf(map(bed))
  expect(twin).toMatchObject({ name: 'ResourceConflictException', status: 409 })
  expect(twin.message).toContain(`Please update or delete the existing mapping with UUID ${UUID}`)
})

test.each<[string, Partial<CreateEventSourceMappingCommandInput> & { Attributes?: Record<string, string> }, RegExp]>([
  [
    'a visibility timeout below the function\u2019s time-out',
    { Attributes: { VisibilityTimeout: '2' } },
    /^Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds$/u,
  ],
  ['no such function', { FunctionName: 'nobody' }, /^Function does not exist$/u],
  [
    'no such queue',
    { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:none' },
    /SQS Error Code: AWS\.SimpleQueueService\.NonExistentQueue/u,
  ],
  ['something that is not a queue', { EventSourceArn: 'arn:aws:s3:::bucket' }, /^Unrecognized event source\.$/u],
  ['a large batch without a window', { BatchSize: 11 }, /^Maximum batch window in seconds must be greater than 0/u],
  [
    'a concurrency of one',
    { ScalingConfig: { MaximumConcurrency: 1 } },
    /'scalingConfig\.maximumConcurrency' .* greater than or equal to 2$/u,
  ],
  [
    'filters, which are not offered',
    { FilterCriteria: { Filters: [{ Pattern: '{}' }] } },
    /^FilterCriteria is not offered/u,
  ],
])('a mapping is rejected for %s', async (_what, mapping, message) => {
  const bed = await start(async () => null)
  const failure = await failureOf(setUp(bed, mapping))
  expect(failure.status).toBe(400)
  expect(failure.message).toMatch(message)
  expect((await bed.lambda.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings).toEqual([])
})

test('a function in a process gets messages the same way', async () => {
  const bed = await startLambda()
  await bed.sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }))
  await createFunction(bed, zipOf('export const handler = async ({ Records }) => { console.log(Records[0].body) }'))
  await map(bed)
  await bed.sqs.send(new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: 'to the process' }))
  await bed.seen((fact) => fact.source === 'sqs' && fact.kind === 'message-deleted')
  const logged = bed.events.flatMap((event) => (event.kind === 'function-log' ? event.line : []))
  expect(logged).toContainEqual(expect.stringMatching(/INFO\tto the process$/u))
})
