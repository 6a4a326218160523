import { GetRolePolicyCommand, GetRoleCommand } from '@aws-sdk/client-iam'
import {
  GetFunctionCommand,
  ListEventSourceMappingsCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { GetBucketPolicyCommand, GetBucketTaggingCommand, GetPublicAccessBlockCommand } from '@aws-sdk/client-s3'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { LANES } from 'ticket-core'
import { expect, it } from 'vitest'
import { type TestAccount, codeOf, description, clock, startAccount } from '../test/start-account.ts'
import { type AppliedStack, applyStack } from './apply-stack.ts'
import { describeStack } from './desired/describe-stack.ts'
import type { StackStep } from './kind.ts'
import type { Change } from './resource.ts'

const desired = describeStack(description())
/** Queue, role, function and mapping of each lane; bucket and boundary. */
const COUNT = 4 * LANES.length + 2

it('makes every resource of an empty account', async () => {
  const account = startAccount()
  const { queueUrls, bucket, functionArns, changes } = await apply(account)
  expect(Object.keys(queueUrls)).toEqual(['acme-LP', 'acme-MP', 'acme-HP', 'acme-NQ', 'acme-EVQ', 'acme-DLQ'])
  expect(bucket).toBe('acme-bucket')
  expect(functionArns['acme-MP']).toBe('arn:aws:lambda:us-east-1:000000000000:function:acme-MP')
  expect(changes.map(({ action }) => action)).toEqual(Array.from({ length: COUNT }, () => 'create'))
})

it('makes queues that are encrypted, tagged and redriven as described', async () => {
  const account = startAccount()
  const { queueUrls } = await apply(account)
  const QueueUrl = queueUrls['acme-HP']
  const { sqs } = account.clients
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  expect(Attributes).toMatchObject({
    VisibilityTimeout: '180',
    MessageRetentionPeriod: '1209600',
    SqsManagedSseEnabled: 'true',
  })
  expect(JSON.parse(Attributes?.RedrivePolicy ?? '')).toMatchObject({ maxReceiveCount: 1000 })
  const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }))
  expect(Tags).toEqual({
    app: 'teams-ticketing',
    prefix: 'acme',
    'made-from': expect.stringMatching(/^[0-9a-f]{16}$/),
    system: 'ticketing-app',
  })
})

it('makes a bucket that is private and takes TLS only', async () => {
  const account = startAccount()
  await apply(account)
  const { s3 } = account.clients
  const Bucket = 'acme-bucket'
  const access = await s3.send(new GetPublicAccessBlockCommand({ Bucket }))
  expect(access.PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  })
  const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }))
  expect(JSON.parse(Policy)).toMatchObject({
    Statement: ['TlsOnly', 'ThisAccountOnly', 'ConditionalWritesOnly', 'NothingTwice'].map((Sid) => ({
      Effect: 'Deny',
      Sid,
    })),
  })
  const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket }))
  expect(TagSet).toContainEqual({ Key: 'prefix', Value: 'acme' })
})

it('makes functions with their own role, feeds each from its own queue, and passes them the URLs', async () => {
  const account = startAccount()
  const { queueUrls } = await apply(account)
  const { lambda, iam } = account.clients
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: 'acme-DLQ' }))
  expect(Configuration).toMatchObject({
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Timeout: 30,
    MemorySize: 256,
    State: 'Active',
    Role: 'arn:aws:iam::000000000000:role/acme-DLQ-Role',
    Environment: { Variables: { TICKETING_QUEUE_URL: queueUrls['acme-DLQ'] } },
  })
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: 'acme-MP' }),
  )
  expect(EventSourceMappings).toMatchObject([
    {
      EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:acme-MP',
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    },
  ])
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'acme-MP-Role' }))
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain('lambda.amazonaws.com')
  const policy = { RoleName: 'acme-MP-Role', PolicyName: 'what-the-function-does' }
  const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand(policy))
  expect(JSON.parse(decodeURIComponent(PolicyDocument))).toEqual(desired.roles[1]?.policy)
})

it('changes nothing the second time, by not one writing call', async () => {
  const account = startAccount()
  await apply(account)
  const before = account.calls.length
  const { changes } = await apply(account)
  expect(changes).toEqual([])
  expect(account.calls.slice(before).filter((call) => !/:(Get|List|Head)/.test(call))).toEqual([])
})

it('makes each thing once when two replicas apply concurrently', async () => {
  const account = startAccount()
  const both = await Promise.all([apply(account), apply(account)])
  const created = both.flatMap(({ changes }) => changes).filter(({ action }) => action === 'create')
  expect(new Set(created.map(nameOf)).size).toBe(COUNT)
  const { sqs, lambda } = account.clients
  const { QueueUrls } = await sqs.send(new ListQueuesCommand({}))
  expect(QueueUrls).toHaveLength(LANES.length)
  const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({}))
  expect(EventSourceMappings).toHaveLength(LANES.length)
  expect((await apply(account)).changes).toEqual([])
})

it('changes only the function whose code changed', async () => {
  const account = startAccount()
  await apply(account)
  const functions = { ...description().functions, medium: codeOf('second') }
  const { changes } = await apply(account, describeStack(description({ functions })))
  expect(changes.map(nameOf)).toEqual(['update function acme-MP'])
  expect(changes[0]?.differences.map(({ field }) => field)).toEqual(['code', 'tag made-from'])
})

it('changes only the functions when a setting changed', async () => {
  const account = startAccount()
  await apply(account)
  const { changes } = await apply(account, describeStack(description({ settings: { TICKETING_LOG_LEVEL: 'debug' } })))
  expect(changes.map(nameOf).toSorted()).toEqual(
    ['DLQ', 'EV', 'HP', 'LP', 'MP', 'N'].map((stem) => `update function acme-${stem}`),
  )
})

it('restores what was changed by hand, and leaves the rest alone', async () => {
  const account = startAccount()
  const { queueUrls } = await apply(account)
  const { sqs, lambda } = account.clients
  const Attributes = { VisibilityTimeout: '30' }
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrls['acme-LP'], Attributes }))
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'acme-HP', Timeout: 3 }))
  const { changes } = await apply(account)
  expect(changes.toSorted((a, b) => (a.resource.kind < b.resource.kind ? -1 : 1))).toEqual([
    {
      resource: { kind: 'function', name: 'acme-HP' },
      action: 'update',
      differences: [{ field: 'timeout', from: '3', to: '30' }],
    },
    {
      resource: { kind: 'queue', name: 'acme-LP' },
      action: 'update',
      differences: [{ field: 'VisibilityTimeout', from: '30', to: '180' }],
    },
  ])
  expect((await apply(account)).changes).toEqual([])
})

it('takes over a queue of the older system, with what is in it', async () => {
  const account = startAccount()
  await account.clients.sqs.send(new CreateQueueCommand({ QueueName: 'acme-LP' }))
  const { changes } = await apply(account)
  const change = changes.find(({ resource }) => resource.kind === 'queue' && resource.name === 'acme-LP')
  expect(change).toMatchObject({ action: 'update', adopted: true })
})

it('reports a used-up quota without waiting', async () => {
  const account = startAccount()
  account.failNext('CreateRole', 'LimitExceededException', 'Cannot exceed quota for RolesPerAccount: 1000')
  const applied = await clock.runUntilSettled(applyStack(desired, account.clients, { clock }))
  expect(applied).toMatchObject({
    ok: false,
    failure: { problems: [{ code: 'refused', problem: expect.stringContaining('quota for RolesPerAccount') }] },
  })
})

it.each([
  [
    'CreateFunction',
    'InvalidParameterValueException',
    'The role defined for the function cannot be assumed by Lambda.',
  ],
  ['CreateQueue', 'QueueDeletedRecently', 'You must wait 60 seconds after deleting a queue.'],
  ['CreateBucket', 'OperationAborted', 'A conflicting conditional operation is currently in progress.'],
  ['UpdateFunctionCode', 'ResourceConflictException', 'An update is in progress for resource.'],
  ['CreateRole', 'RequestLimitExceeded', 'Request limit exceeded.'],
  ['CreateQueue', 'AWS.SimpleQueueService.RequestThrottled', 'Request is throttled.'],
])('waits and goes on when %s answers %s', async (operation, code, message) => {
  const account = startAccount()
  if (operation.startsWith('Update')) await apply(account)
  account.failNext(operation, code, message)
  const steps: StackStep[] = []
  const all = codeOf('second')
  const next = describeStack(
    description({ functions: { low: all, medium: all, high: all, news: all, events: all, dead: all } }),
  )
  const applied = await clock.runUntilSettled(
    applyStack(next, account.clients, { clock, onStep: (step) => steps.push(step) }),
  )
  expect(applied.ok).toBe(true)
  expect(steps.filter(({ kind }) => kind === 'waiting')).toHaveLength(1)
})

it.each([
  ['GetQueueAttributes', 'AWS.SimpleQueueService.RequestThrottled', 'Request is throttled.'],
  ['GetRole', 'ServiceUnavailable', 'The request has failed due to a temporary failure of the server.'],
  ['GetFunction', 'TooManyRequestsException', 'Rate exceeded'],
  ['GetBucketPolicy', 'SlowDown', 'Please reduce your request rate.'],
])('looks once more when %s answers %s, before anything is changed', async (operation, code, message) => {
  const account = startAccount()
  await apply(account)
  account.failNext(operation, code, message)
  expect(await apply(account)).toMatchObject({ changes: [] })
})

it('touches nothing when the bucket belongs to another account, and says so', async () => {
  const account = startAccount()
  account.failNext('HeadBucket', 'AccessDenied')
  const applied = await clock.runUntilSettled(applyStack(desired, account.clients, { clock }))
  expect(applied).toMatchObject({
    ok: false,
    failure: {
      changes: [],
      problems: [{ code: 'bucket-name-taken', resource: { kind: 'bucket', name: 'acme-bucket' } }],
    },
  })
  expect(account.calls.filter((call) => /:(Create|Put|Set|Update)/.test(call))).toEqual([])
})

it('touches nothing with the credentials of another account', async () => {
  const account = startAccount()
  const elsewhere = describeStack(description({ accountId: '111122223333' }))
  const applied = await clock.runUntilSettled(applyStack(elsewhere, account.clients, { clock }))
  expect(applied).toMatchObject({ ok: false, failure: { problems: [{ code: 'wrong-account' }] } })
  expect(account.calls.filter((call) => /:(Create|Put|Set|Update)/.test(call))).toEqual([])
})

it('names what it may not do, makes what does not depend on it, and continues from there', async () => {
  const account = startAccount()
  account.failNext('CreateRole', 'AccessDenied', 'not authorized to perform: iam:CreateRole')
  const applied = await clock.runUntilSettled(applyStack(desired, account.clients, { clock }))
  expect(applied).toMatchObject({
    ok: false,
    failure: { problems: [{ code: 'not-allowed', resource: { kind: 'role' } }] },
  })
  const { changes } = await apply(account)
  expect(changes.map(({ resource }) => resource.kind).toSorted()).toEqual(['function', 'mapping', 'role'])
})

async function apply(account: TestAccount, stack = desired): Promise<AppliedStack> {
  const applied = await clock.runUntilSettled(applyStack(stack, account.clients, { clock }))
  if (!applied.ok) throw new Error(JSON.stringify(applied.failure.problems))
  return applied.value
}

function nameOf({ action, resource }: Change): string {
  return `${action} ${resource.kind} ${resource.name}`
}
