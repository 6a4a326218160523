import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { expect, onTestFinished, test } from 'vitest'
import { createLocalAws } from './create-local-aws.ts'
import { createInlineExecutor } from './executors/inline.ts'
import { openStore } from './store.ts'
import { createManualClock } from './testing/manual-clock.ts'
import { failureOf } from './testing/start-account.ts'
import { zipOf } from './testing/start-lambda.ts'

/** 2026-11-24T10:00:00Z */
const START = 1_795_514_400_000
const SETTINGS = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 }
const DOWN = { name: 'ServiceUnavailable', status: 503 }
const DAMAGED = { name: 'InternalError', status: 500 }

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A cloud with its database. */
function start(path = ':memory:') {
  const store = openStore(path)
  const clock = createManualClock(START)
  const { requestHandler } = createLocalAws({ store, clock })
  const settings = { ...SETTINGS, endpoint: 'http://cloud.test:4566', requestHandler }
  const sqs = new SQSClient(settings)
  const s3 = new S3Client({ ...settings, forcePathStyle: true })
  const read = async (Key: string, Range?: string): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'shelf', Key, Range }))
    return (await Body?.transformToString()) ?? ''
  }
  return { store, clock, sqs, s3, read, [Symbol.dispose]: () => store.close() }
}

type Cloud = ReturnType<typeof start>

async function makeQueue({ sqs }: Cloud, QueueName: string, Attributes?: Record<string, string>): Promise<string> {
  return (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? ''
}

/** Limits the growth of the database to this number of pages, by SQLite itself. */
function leaveRoom({ store }: Cloud, pages: number): void {
  const used = Number(store.prepare('PRAGMA page_count').get()?.['page_count'])
  store.exec(`PRAGMA max_page_count=${used + pages}`)
}

test('on a full disk, a failed write is not acknowledged, nothing else is lost, and writes succeed when there is space', async () => {
  using cloud = start()
  const QueueUrl = await makeQueue(cloud, 'q')
  await cloud.s3.send(new CreateBucketCommand({ Bucket: 'shelf' }))
  await cloud.s3.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'k', Body: 'first' }))
  leaveRoom(cloud, 40)
  const big = 'x'.repeat(30_000)
  let acknowledged = 0
  const send = async (): Promise<void> => {
    await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: big }))
    acknowledged += 1
  }
  const fill = async (): Promise<void> => {
    for (;;) await send()
  }
  expect(await failureOf(fill())).toMatchObject({ ...DOWN, message: expect.stringContaining('disk is full') })
  const Entries = ['1', '2'].map((Id) => ({ Id, MessageBody: big }))
  expect(await failureOf(cloud.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })))).toMatchObject(DOWN)
  const put = new PutObjectCommand({ Bucket: 'shelf', Key: 'k', Body: big.repeat(2) })
  expect(await failureOf(cloud.s3.send(put))).toMatchObject(DOWN)
  expect(await cloud.read('k')).toBe('first')

  cloud.store.exec('PRAGMA max_page_count=1000000')
  await send()
  await cloud.s3.send(put)
  expect(await cloud.read('k')).toBe(big.repeat(2))
  let received = 0
  for (;;) {
    const { Messages = [] } = await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
    if (Messages.length === 0) break
    received += Messages.filter(({ Body }) => Body === big).length
  }
  expect(received).toBe(acknowledged)
})

test('a queue that could not be stored does not exist, also not in the cache', async () => {
  using cloud = start()
  leaveRoom(cloud, 0)
  const created: string[] = []
  const fill = async (): Promise<void> => {
    for (let n = 0; ; n += 1) {
      created.push(`q${n}`)
      await makeQueue(cloud, `q${n}`)
    }
  }
  expect(await failureOf(fill())).toMatchObject(DOWN)
  const QueueName = created.pop() ?? ''
  const missing = cloud.sqs.send(new GetQueueUrlCommand({ QueueName }))
  expect(await failureOf(missing)).toMatchObject({ name: 'QueueDoesNotExist' })
  for (const made of created) await cloud.sqs.send(new GetQueueUrlCommand({ QueueName: made }))
  cloud.store.exec('PRAGMA max_page_count=1000000')
  expect(await makeQueue(cloud, QueueName)).toContain(QueueName)
})

test('on a read-only disk, messages stay receivable later, and a move of dead letters continues by itself', async () => {
  using cloud = start()
  const dead = await makeQueue(cloud, 'dead')
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead'
  const work = await makeQueue(cloud, 'work', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
    VisibilityTimeout: '0',
  })
  for (const MessageBody of ['one', 'two', 'three'])
    await cloud.sqs.send(new SendMessageCommand({ QueueUrl: work, MessageBody }))
  for (let times = 0; times < 2; times += 1)
    await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl: work, MaxNumberOfMessages: 10 }))
  const task = { SourceArn: deadLetterTargetArn, MaxNumberOfMessagesPerSecond: 1 }
  await cloud.sqs.send(new StartMessageMoveTaskCommand(task))

  cloud.store.exec('PRAGMA query_only=1')
  await cloud.clock.advance(5000)
  expect(await failureOf(cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl: dead })))).toMatchObject(DOWN)
  cloud.store.exec('PRAGMA query_only=0')
  await cloud.clock.advance(5000)
  const { Results = [] } = await cloud.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: deadLetterTargetArn }))
  expect(Results[0]).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 3 })
  const { Messages = [] } = await cloud.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: work, MaxNumberOfMessages: 10, VisibilityTimeout: 30 }),
  )
  expect(new Set(Messages.map(({ Body }) => Body))).toEqual(new Set(['one', 'two', 'three']))
  const [message] = Messages
  await cloud.sqs.send(new DeleteMessageCommand({ QueueUrl: work, ReceiptHandle: message?.ReceiptHandle }))
})

test('an event whose function ran while the disk was read-only runs once more afterwards', async () => {
  const store = openStore(':memory:')
  const clock = createManualClock(START)
  let runs = 0
  const handler = async (): Promise<void> => {
    runs += 1
    if (runs === 1) store.exec('PRAGMA query_only=1')
  }
  await using aws = createLocalAws({
    store,
    clock,
    makeExecutor: (access) => createInlineExecutor({ clock, functions: { worker: () => handler }, ...access }),
  })
  const settings = { ...SETTINGS, endpoint: 'http://cloud.test:4566', requestHandler: aws.requestHandler }
  const lambda = new LambdaClient(settings)
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] })
  const { Role } = await new IAMClient(settings).send(
    new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument }),
  )
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'worker',
      Role: Role?.Arn,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf('') },
    }),
  )
  await lambda.send(new InvokeCommand({ FunctionName: 'worker', InvocationType: 'Event' }))
  await clock.advance(1000)
  expect(runs).toBe(1)
  store.exec('PRAGMA query_only=0')
  await clock.advance(3_600_000)
  expect(runs).toBe(2)
})

test('a body that is shorter than recorded is an error for every read, never a short body', async () => {
  using cloud = start()
  await cloud.s3.send(new CreateBucketCommand({ Bucket: 'shelf' }))
  await cloud.s3.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'short', Body: 'ten bytes!' }))
  await cloud.s3.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'whole', Body: 'as it was' }))
  cloud.store.exec(`UPDATE s3_chunks SET data = substr(data, 1, 4)
    WHERE object = (SELECT id FROM s3_objects WHERE key = 'short')`)
  expect(await failureOf(cloud.read('short'))).toMatchObject(DAMAGED)
  expect(await failureOf(cloud.read('short', 'bytes=2-7'))).toMatchObject(DAMAGED)
  const copy = new CopyObjectCommand({ Bucket: 'shelf', Key: 'copy', CopySource: 'shelf/short' })
  expect(await failureOf(cloud.s3.send(copy))).toMatchObject(DAMAGED)
  expect(await cloud.read('whole')).toBe('as it was')
})

test('a damaged page of the store is an error for its objects, never other bytes; the rest is readable', async () => {
  const path = join(makeFolder(), 'cloud.sqlite')
  const body = 'of the object. '.repeat(2000)
  const message = 'of the message. '.repeat(2000)
  {
    using cloud = start(path)
    const QueueUrl = await makeQueue(cloud, 'q')
    await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: message }))
    await makeQueue(cloud, 'other')
    await cloud.s3.send(new CreateBucketCommand({ Bucket: 'shelf' }))
    await cloud.s3.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'hit', Body: body }))
    await cloud.s3.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'whole', Body: 'as it was' }))
  }
  const file = readFileSync(path)
  for (const text of [body, message]) {
    const at = file.indexOf(text.slice(0, 200), file.indexOf(text.slice(0, 200)) + 8192)
    file.fill('damage! ', at, at + 100)
  }
  writeFileSync(path, file)
  using cloud = start(path)
  expect(await failureOf(cloud.read('hit'))).toMatchObject(DAMAGED)
  const { QueueUrl } = await cloud.sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }))
  expect(await failureOf(cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl })))).toMatchObject(DAMAGED)
  expect(await cloud.read('whole')).toBe('as it was')
})

test('without file descriptors it stays up, loses nothing, and serves again when some are free', async () => {
  const command = 'ulimit -n 40 && exec "$0" --conditions=source "$1" "$2"'
  const script = fileURLToPath(new URL('testing/serve-folder.ts', import.meta.url))
  const server = spawn('bash', ['-c', command, process.execPath, script, makeFolder()], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void server.kill())
  const [line]: unknown[] = await once(server.stdout, 'data')
  const endpoint = String(line).trim()
  const sqs = new SQSClient({ ...SETTINGS, endpoint })
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'before' }))

  const sockets = Array.from({ length: 60 }, () => connect(Number(new URL(endpoint).port), '127.0.0.1'))
  const refused = await Promise.race(sockets.map(whenClosed))
  expect(refused).toBe('closed')
  // Over a connection that is open.
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'meanwhile' }))
  for (const socket of sockets) socket.destroy()

  const { Messages = [] } = await new SQSClient({ ...SETTINGS, endpoint, maxAttempts: 5 }).send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
  )
  expect(new Set(Messages.map(({ Body }) => Body))).toEqual(new Set(['before', 'meanwhile']))
  expect(server.exitCode).toBeNull()
  sqs.destroy()
})

function whenClosed(socket: Socket): Promise<'closed'> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined)
    socket.once('close', () => resolve('closed'))
  })
}
