import { GetFunctionCommand } from '@aws-sdk/client-lambda'
import { ListRolesCommand } from '@aws-sdk/client-iam'
import { HeadBucketCommand, ListBucketsCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateQueueCommand, ListQueuesCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { LANES } from 'ticket-core'
import { expect, it } from 'vitest'
import { type TestAccount, description, clock, startAccount } from '../test/start-account.ts'
import { applyStack } from './apply-stack.ts'
import { describeStack } from './desired/describe-stack.ts'
import { type DestroyedStack, destroyStack } from './destroy-stack.ts'

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

it('leaves a queue that holds a message and a bucket that holds an object, and says why', async () => {
  const account = await startStack()
  await fill(account)
  const { removed, left } = await destroy(account)
  expect(left.toSorted((a, b) => (a.resource.kind < b.resource.kind ? -1 : 1))).toEqual([
    {
      resource: { kind: 'bucket', name: 'acme-bucket' },
      why: 'holds-data',
      reason: 'it still holds objects; to delete them too, use --delete-data',
    },
    {
      resource: { kind: 'queue', name: 'acme-MP' },
      why: 'holds-data',
      reason: 'it still holds messages (about 1); to delete them too, use --delete-data',
    },
  ])
  expect(removed).toHaveLength(COUNT - 2)
  const { Contents } = await account.clients.s3.send(new ListObjectsV2Command({ Bucket: 'acme-bucket' }))
  expect(Contents?.map(({ Key }) => Key)).toEqual(['ledger/T-1.json'])
})

it('deletes what they hold only with `deleteData`', async () => {
  const account = await startStack()
  await fill(account)
  const { left } = await destroy(account, { deleteData: true })
  expect(left).toEqual([])
  await expect(account.clients.s3.send(new HeadBucketCommand({ Bucket: 'acme-bucket' }))).rejects.toMatchObject({
    name: 'NotFound',
  })
})

it('leaves what has the names but not our tags, with or without data', async () => {
  const account = startAccount()
  const { sqs } = account.clients
  await sqs.send(new CreateQueueCommand({ QueueName: 'acme-LP' }))
  const { removed, left } = await destroy(account, { deleteData: true })
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

async function destroy(account: TestAccount, options: { deleteData?: boolean } = {}): Promise<DestroyedStack> {
  const stack = { prefix: 'acme', region: 'us-east-1' }
  const destroyed = await clock.runUntilSettled(destroyStack(stack, account.clients, { clock, ...options }))
  if (!destroyed.ok) throw new Error(JSON.stringify(destroyed.failure.problems))
  return destroyed.value
}
