import { once } from 'node:events'
import { connect } from 'node:net'
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { listen, type Listener } from './listen.ts'
import { startLocalAws } from './start-local-aws.ts'
import { signedFor } from './testing/call-raw.ts'
import { startAccount } from './testing/start-account.ts'
import type { Cloud } from './http.ts'

afterEach(() => void vi.unstubAllEnvs())

async function open(cloud: Cloud): Promise<Listener> {
  const listening = await listen({ cloud })
  if (!listening.ok) throw new Error(`no port: ${listening.failure.code}`)
  const { listener } = listening
  onTestFinished(() => listener.close())
  return listener
}

test('a cloud that listens at every address is reached at its URL', async () => {
  await using aws = await startLocalAws({ host: '0.0.0.0' })
  expect((await fetch(`${aws.endpoint}/_localstack/health`)).status).toBe(200)
})

test('the JavaScript SDK works with AWS_ENDPOINT_URL alone', async () => {
  using bed = startAccount()
  const listener = await open(bed.cloud)
  vi.stubEnv('AWS_ENDPOINT_URL', listener.url)
  vi.stubEnv('AWS_REGION', 'us-east-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'any')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any')
  const sqs = new SQSClient({ maxAttempts: 1 })
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  expect(QueueUrl).toBe(`${listener.url}/000000000000/q`)
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }))
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.Body).toBe('hello')
  await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
  })
  sqs.destroy()
})

test('a port in use is a value that names it', async () => {
  using bed = startAccount()
  const first = await open(bed.cloud)
  expect(await listen({ cloud: bed.cloud, port: first.port })).toEqual({
    ok: false,
    failure: { code: 'port-in-use', host: '127.0.0.1', port: first.port },
  })
})

test('closing ends long polls', async () => {
  using bed = startAccount()
  const listener = await open(bed.cloud)
  const { QueueUrl } = await bed.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  const sqs = new SQSClient({
    region: 'us-east-1',
    endpoint: listener.url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  })
  const polling = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
  await bed.clock.waiting(1)
  await listener.close()
  expect((await polling).Messages).toBeUndefined()
  sqs.destroy()
})

test('closing does not wait for a request that never ends', async () => {
  using bed = startAccount()
  const listener = await open(bed.cloud)
  const socket = connect(listener.port, '127.0.0.1')
  await once(socket, 'connect')
  const cut = once(socket, 'close')
  socket.write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nhalf')
  socket.on('error', () => undefined)
  // When a second request on another socket is answered, the first was read.
  await fetch(`${listener.url}/_localstack/health`)
  await listener.close()
  await cut
  expect(socket.destroyed).toBe(true)
})

test('a long poll over a socket that was cut takes nothing', async () => {
  using bed = startAccount()
  const listener = await open(bed.cloud)
  const { QueueUrl } = await bed.sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  const socket = connect(listener.port, '127.0.0.1')
  await once(socket, 'connect')
  const body = JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 })
  const { authorization } = signedFor('sqs')
  const head = `Host: 127.0.0.1\r\nAuthorization: ${authorization}\r\nX-Amz-Target: AmazonSQS.ReceiveMessage`
  socket.write(`POST / HTTP/1.1\r\n${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  await bed.clock.waiting(1)
  socket.destroy()
  await vi.waitFor(() =>
    expect(bed.events.at(-1)).toMatchObject({ kind: 'call-answered', operation: 'ReceiveMessage' }),
  )
  await bed.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }))
  expect((await bed.sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.Body).toBe('kept')
})

test('what was acknowledged survives a killed process', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'local-aws-'))
  const child = fork(new URL('testing/send-and-wait.ts', import.meta.url), [folder], {
    execArgv: ['--conditions=source'],
  })
  expect(await once(child, 'message')).toEqual(['sent', undefined])
  child.kill('SIGKILL')
  await once(child, 'exit')
  await using aws = await startLocalAws({ folder })
  const sqs = new SQSClient({
    region: 'us-east-1',
    endpoint: aws.endpoint,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }))
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
  expect(Messages?.map(({ Body }) => Body)).toEqual(['one', 'two', 'three'])
  sqs.destroy()
  await rm(folder, { recursive: true })
})
