import { GetFunctionCommand, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda'
import { ListRolesCommand } from '@aws-sdk/client-iam'
import { HeadBucketCommand, ListBucketsCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import { sleep } from 'ticket-adapters/clock'
import { LANES } from 'ticket-core'
import { expect, it } from 'vitest'
import { type TestAccount, description, clock, onlyReads, startAccount } from '../test/start-account.ts'
import { applyStack } from './apply-stack.ts'
import { describeStack } from './desired/describe-stack.ts'
import { type DestroyedStack, type DestroyOptions, destroyStack } from './destroy-stack.ts'

/** Queue, role, function and mapping of each lane; bucket and boundary. */
const COUNT = 4 * LANES.length + 2

it('removes everything of an idle stack', async () => {
  const account = await startStack()
  const { removed, left } = await destroy(account)
  expect(left).toEqual([])
  expect(removed).toHaveLength(COUNT)
  const { sqs, s3, iam } = account.clients
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([])
  expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([])
  expect((await iam.send(new ListRolesCommand({}))).Roles ?? []).toEqual([])
})

it('is refused while a queue or the bucket holds anything, says which and how many, and touches nothing', async () => {
  const account = await startStack()
  const before = account.calls.length
  await fill(account)
  const destroyed = await clock.runUntilSettled(
    destroyStack({ prefix: 'acme', region: 'us-east-1' }, account.clients, { clock }),
  )
  expect(destroyed).toMatchObject({
    ok: false,
    failure: {
      removed: [],
      problems: [
        {
          code: 'holds-data',
          resource: { kind: 'queue', name: 'acme-MP' },
          problem: expect.stringMatching(/about 1\)/),
        },
        {
          code: 'holds-data',
          resource: { kind: 'bucket', name: 'acme-bucket' },
          problem: expect.stringContaining('objects (1)'),
        },
      ],
    },
  })
  const changing = account.calls.slice(before).filter((call) => !onlyReads(call) && call !== 'sqs:ReceiveMessage')
  expect(changing).toEqual(['sqs:SendMessage', 's3:PutObject'])
})

it('leaves what holds anything where it was told to, says until when at most, and removes the rest', async () => {
  const account = await startStack()
  await fill(account)
  const { removed, left } = await destroy(account, { data: 'keep' })
  const keptUntil = clock.now() + 14 * 86_400_000
  expect(left.toSorted((a, b) => (a.resource.kind < b.resource.kind ? -1 : 1))).toEqual([
    {
      resource: { kind: 'bucket', name: 'acme-bucket' },
      why: 'holds-data',
      reason: 'it holds objects (1); to delete them too, use --delete-data',
    },
    {
      resource: { kind: 'queue', name: 'acme-MP' },
      why: 'holds-data',
      reason: 'it holds messages (about 1); to delete them too, use --delete-data',
      keptUntil: expect.closeTo(keptUntil, -5),
    },
  ])
  expect(removed).toHaveLength(COUNT - 2)
  const { Contents } = await account.clients.s3.send(new ListObjectsV2Command({ Bucket: 'acme-bucket' }))
  expect(Contents?.map(({ Key }) => Key)).toEqual(['ledger/T-1.json'])
})

it('deletes what they hold only where it was told to', async () => {
  const account = await startStack()
  await fill(account)
  const { left } = await destroy(account, { data: 'delete' })
  expect(left).toEqual([])
  await expect(account.clients.s3.send(new HeadBucketCommand({ Bucket: 'acme-bucket' }))).rejects.toMatchObject({
    name: 'NotFound',
  })
})

it('leaves what has the names but not our tags, with or without data', async () => {
  const account = startAccount()
  const { sqs } = account.clients
  await sqs.send(new CreateQueueCommand({ QueueName: 'acme-LP' }))
  const { removed, left } = await destroy(account, { data: 'delete' })
  expect(removed).toEqual([])
  expect(left).toMatchObject([{ resource: { kind: 'queue', name: 'acme-LP' }, why: 'not-managed' }])
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(1)
})

it('leaves the stack of another prefix alone', async () => {
  const account = await startStack()
  const destroyed = await clock.runUntilSettled(
    destroyStack({ prefix: 'other', region: 'us-east-1' }, account.clients, { clock }),
  )
  expect(destroyed).toMatchObject({ ok: true, value: { removed: [], left: [] } })
  const found = await account.clients.lambda.send(new GetFunctionCommand({ FunctionName: 'acme-LP' }))
  expect(found.Configuration?.State).toBe('Active')
})

it('loses no ticket that a server still accepts: it closes the queues first, and keeps a queue in which one arrived', async () => {
  const account = await startStack()
  const [QueueUrl] =
    (await account.clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'acme-MP' }))).QueueUrls ?? []
  // After the first look, and before the queue is closed.
  let sent = false
  account.intercept(async ({ operation }, input, run) => {
    if (operation === 'SetQueueAttributes' && !sent && input['QueueUrl'] === QueueUrl) {
      sent = true
      await account.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', DelaySeconds: 900 }))
    }
    return run()
  })
  const { left } = await destroy(account)
  expect(left).toMatchObject([{ resource: { kind: 'queue', name: 'acme-MP' }, why: 'holds-data' }])
  const closed = await account.clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }))
  expect(JSON.parse(closed.Attributes?.Policy ?? '')).toMatchObject({
    Statement: [{ Sid: 'TlsOnly' }, { Sid: 'Closed', Effect: 'Deny', Action: ['sqs:SendMessage'] }],
  })
  // The next apply opens it, and delivers what is in it.
  const applied = await clock.runUntilSettled(applyStack(describeStack(description()), account.clients, { clock }))
  expect(applied.ok).toBe(true)
  const open = await account.clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }))
  expect(open.Attributes?.Policy).not.toContain('Closed')
})

it('loses no ticket that a function had just received when its mapping went, while the counts are a minute old', async () => {
  const account = await startStack()
  const { sqs, lambda } = account.clients
  const [QueueUrl] = (await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'acme-MP' }))).QueueUrls ?? []
  const listed = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'acme-MP' }))
  let sent = false
  let received: number | undefined
  let countsAreTrueAt = 0
  account.intercept(async ({ operation }, input, run) => {
    if (operation === 'SetQueueAttributes' && !sent && input['QueueUrl'] === QueueUrl) {
      sent = true
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', DelaySeconds: 56 }))
    }
    if (operation === 'DeleteEventSourceMapping' && input['UUID'] === listed.EventSourceMappings?.[0]?.UUID) {
      await sleep(clock, 55_000)
      const answer = await run()
      await sleep(clock, 2_000)
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 180 }))
      received = Messages?.length
      countsAreTrueAt = clock.monotonic() + 59_000
      return answer
    }
    const answer = await run()
    if (operation !== 'GetQueueAttributes' || clock.monotonic() >= countsAreTrueAt) return answer
    const counts = ['', 'NotVisible', 'Delayed'].map((which) => [`ApproximateNumberOfMessages${which}`, '0'])
    return { ...answer, Attributes: Object.fromEntries(counts) }
  })
  const { left } = await destroy(account)
  expect(received).toBe(1)
  expect(left).toMatchObject([{ resource: { kind: 'queue', name: 'acme-MP' }, why: 'holds-data' }])
})

it('can be run again', async () => {
  const account = await startStack()
  await destroy(account)
  expect(await destroy(account)).toMatchObject({ removed: [], left: [] })
})

it('stops before the queues when a mapping could not be removed', async () => {
  const account = await startStack()
  account.failNext('DeleteEventSourceMapping', 'AccessDeniedException', 'not authorized')
  const destroyed = await clock.runUntilSettled(
    destroyStack({ prefix: 'acme', region: 'us-east-1' }, account.clients, { clock }),
  )
  expect(destroyed).toMatchObject({ ok: false, failure: { problems: [{ code: 'not-allowed' }] } })
  expect((await account.clients.sqs.send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(LANES.length)
})

async function startStack(): Promise<TestAccount> {
  const account = startAccount()
  const applied = await clock.runUntilSettled(applyStack(describeStack(description()), account.clients, { clock }))
  if (!applied.ok) throw new Error(JSON.stringify(applied.failure.problems))
  return account
}

/** The message is delayed, so that no function takes it first. */
async function fill({ clients }: TestAccount): Promise<void> {
  const [QueueUrl] = (await clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'acme-MP' }))).QueueUrls ?? []
  await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', DelaySeconds: 900 }))
  await clients.s3.send(
    new PutObjectCommand({ Bucket: 'acme-bucket', Key: 'ledger/T-1.json', Body: '{}', IfNoneMatch: '*' }),
  )
}

async function destroy(account: TestAccount, options: Pick<DestroyOptions, 'data'> = {}): Promise<DestroyedStack> {
  const stack = { prefix: 'acme', region: 'us-east-1' }
  const destroyed = await clock.runUntilSettled(destroyStack(stack, account.clients, { clock, ...options }))
  if (!destroyed.ok) throw new Error(JSON.stringify(destroyed.failure.problems))
  return destroyed.value
}
