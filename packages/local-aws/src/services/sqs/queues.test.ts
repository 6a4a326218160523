import {
  AddPermissionCommand,
  CancelMessageMoveTaskCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
  UntagQueueCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { callRaw } from '../../testing/call-raw.ts'
import { startAccount } from '../../testing/start-account.ts'

const url = (name: string) => `http://cloud.test:4566/000000000000/${name}`
const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`
const create = (sqs: SQSClient, QueueName: string, Attributes: Record<string, string> = {}) =>
  sqs.send(new CreateQueueCommand({ QueueName, Attributes }))
const redrive = (target: string, maxReceiveCount: unknown = 1) =>
  JSON.stringify({ deadLetterTargetArn: arn(target), maxReceiveCount })

test('creating a queue again with the same attributes, or fewer, returns it', async () => {
  using bed = startAccount()
  const made = await create(bed.sqs, 'q', { DelaySeconds: '3' })
  expect(made.QueueUrl).toBe('http://cloud.test:4566/000000000000/q')
  expect((await create(bed.sqs, 'q', { DelaySeconds: '3' })).QueueUrl).toBe(made.QueueUrl)
  expect((await create(bed.sqs, 'q', { VisibilityTimeout: '30' })).QueueUrl).toBe(made.QueueUrl)
})

test.each(['', 'a b', 'a.b', 'x'.repeat(81)])('the name %j is rejected', async (name) => {
  using bed = startAccount()
  await expect(create(bed.sqs, name)).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  })
})

test('a FIFO queue is rejected as not supported', async () => {
  using bed = startAccount()
  await expect(create(bed.sqs, 'q.fifo', { FifoQueue: 'true' })).rejects.toMatchObject({
    name: 'UnsupportedOperation',
  })
})

test.each([
  ['VisibilityTimeout', '43201'],
  ['DelaySeconds', '901'],
  ['MaximumMessageSize', '1023'],
  ['MessageRetentionPeriod', '59'],
  ['ReceiveMessageWaitTimeSeconds', '1.5'],
  ['SqsManagedSseEnabled', 'yes'],
  ['Policy', '{'],
])('the attribute %s cannot be %s', async (name, value) => {
  using bed = startAccount()
  await expect(create(bed.sqs, 'q', { [name]: value })).rejects.toMatchObject({
    name: 'InvalidAttributeValue',
    message: expect.stringMatching(new RegExp(`^Invalid value for the parameter ${name}\\.`)),
  })
})

test.each([
  ['no JSON', '{', 'Redrive policy is not a valid JSON map.'],
  ['no count', '{"deadLetterTargetArn":"x"}', 'Redrive policy does not contain mandatory attribute: maxReceiveCount.'],
  [
    'a count of 0',
    redrive('dead', 0),
    'Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.',
  ],
  [
    'a count of 1001',
    redrive('dead', 1001),
    'Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.',
  ],
  ['a missing target', redrive('nobody'), 'Dead letter target does not exist.'],
])('a redrive policy with %s is rejected', async (_name, policy, reason) => {
  using bed = startAccount()
  await create(bed.sqs, 'dead')
  await expect(create(bed.sqs, 'q', { RedrivePolicy: policy })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: `Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
  })
})

test('a dead-letter queue that allows only named sources rejects others', async () => {
  using bed = startAccount()
  const RedriveAllowPolicy = JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [arn('friend')] })
  await create(bed.sqs, 'dead', { RedriveAllowPolicy })
  await create(bed.sqs, 'friend', { RedrivePolicy: redrive('dead') })
  await expect(create(bed.sqs, 'stranger', { RedrivePolicy: redrive('dead') })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  })
  const { queueUrls } = await bed.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: url('dead') }))
  expect(queueUrls).toEqual([url('friend')])
})

test('attributes are read by name, changed, and removed by an empty value', async () => {
  using bed = startAccount()
  await create(bed.sqs, 'dead')
  await create(bed.sqs, 'q', { RedrivePolicy: redrive('dead') })
  await bed.clock.advance(5000)
  await bed.sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: url('q'), Attributes: { VisibilityTimeout: '180', RedrivePolicy: '' } }),
  )
  const { Attributes } = await bed.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url('q'), AttributeNames: ['All'] }),
  )
  expect(Attributes).toEqual({
    QueueArn: 'arn:aws:sqs:us-east-1:000000000000:q',
    CreatedTimestamp: '1795514400',
    LastModifiedTimestamp: '1795514405',
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    ApproximateNumberOfMessagesDelayed: '0',
    DelaySeconds: '0',
    MaximumMessageSize: '1048576',
    MessageRetentionPeriod: '345600',
    ReceiveMessageWaitTimeSeconds: '0',
    VisibilityTimeout: '180',
    SqsManagedSseEnabled: 'true',
  })
  const none = await bed.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url('q') }))
  expect(none.Attributes).toBeUndefined()
})

test('queues are listed by prefix, page by page', async () => {
  using bed = startAccount()
  for (const name of ['dev-a', 'dev-b', 'dev-c', 'other']) await create(bed.sqs, name)
  const first = await bed.sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'dev-', MaxResults: 2 }))
  expect(first.QueueUrls).toEqual([url('dev-a'), url('dev-b')])
  const second = await bed.sqs.send(
    new ListQueuesCommand({ QueueNamePrefix: 'dev-', MaxResults: 2, NextToken: first.NextToken }),
  )
  expect(second.QueueUrls).toEqual([url('dev-c')])
  expect(second.NextToken).toBeUndefined()
})

test('queues of another region are not visible', async () => {
  using bed = startAccount()
  await create(bed.sqs, 'q')
  const answer = await callRaw(bed.cloud, {
    headers: {
      'x-amz-target': 'AmazonSQS.ListQueues',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20261124/eu-west-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: '{}',
  })
  expect(answer.text).toBe('{}')
})

test('deleting a queue deletes its messages; purging empties it', async () => {
  using bed = startAccount()
  const { sqs } = bed
  await create(sqs, 'q')
  await sqs.send(new SendMessageCommand({ QueueUrl: url('q'), MessageBody: 'x' }))
  await sqs.send(new PurgeQueueCommand({ QueueUrl: url('q') }))
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl: url('q') }))).Messages).toBeUndefined()
  await sqs.send(new SendMessageCommand({ QueueUrl: url('q'), MessageBody: 'y' }))
  await sqs.send(new DeleteQueueCommand({ QueueUrl: url('q') }))
  await expect(sqs.send(new ReceiveMessageCommand({ QueueUrl: url('q') }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
  })
  await create(sqs, 'q')
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl: url('q') }))).Messages).toBeUndefined()
})

test('with `enforceSixtySeconds`, a queue deleted within the last 60 s cannot be created again', async () => {
  using bed = startAccount({ enforceSixtySeconds: true })
  await create(bed.sqs, 'q')
  await bed.sqs.send(new DeleteQueueCommand({ QueueUrl: url('q') }))
  await bed.clock.advance(59_999)
  await expect(create(bed.sqs, 'q')).rejects.toMatchObject({ name: 'QueueDeletedRecently' })
  await bed.clock.advance(1)
  expect((await create(bed.sqs, 'q')).QueueUrl).toBe(url('q'))
})

test('tags are added, replaced and removed', async () => {
  using bed = startAccount()
  const { sqs } = bed
  await sqs.send(new CreateQueueCommand({ QueueName: 'q', tags: { app: 'ticketing', hash: '1' } }))
  await sqs.send(new TagQueueCommand({ QueueUrl: url('q'), Tags: { hash: '2' } }))
  await sqs.send(new UntagQueueCommand({ QueueUrl: url('q'), TagKeys: ['app'] }))
  expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl: url('q') }))).Tags).toEqual({ hash: '2' })
})

test('a permission becomes a statement of the policy', async () => {
  using bed = startAccount()
  await create(bed.sqs, 'q')
  await bed.sqs.send(
    new AddPermissionCommand({
      QueueUrl: url('q'),
      Label: 'them',
      AWSAccountIds: ['111111111111'],
      Actions: ['SendMessage'],
    }),
  )
  const { Attributes } = await bed.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url('q'), AttributeNames: ['Policy'] }),
  )
  expect(JSON.parse(Attributes?.['Policy'] ?? '')).toEqual({
    Version: '2008-10-17',
    Id: 'arn:aws:sqs:us-east-1:000000000000:q/SQSDefaultPolicy',
    Statement: [
      {
        Sid: 'them',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111111111111:root' },
        Action: 'SQS:SendMessage',
        Resource: 'arn:aws:sqs:us-east-1:000000000000:q',
      },
    ],
  })
})

async function withDeadLetters(sqs: SQSClient, count: number): Promise<void> {
  await create(sqs, 'dead')
  await create(sqs, 'q', { RedrivePolicy: redrive('dead'), VisibilityTimeout: '0' })
  const Entries = Array.from({ length: count }, (_, index) => ({ Id: `m${index}`, MessageBody: `body ${index}` }))
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: url('q'), Entries }))
  await sqs.send(new ReceiveMessageCommand({ QueueUrl: url('q'), MaxNumberOfMessages: 10 }))
  await sqs.send(new ReceiveMessageCommand({ QueueUrl: url('q'), MaxNumberOfMessages: 10 }))
}

test('a move task returns dead letters to their source queues, as new messages', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  await withDeadLetters(sqs, 3)
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn('dead') }))
  const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arn('dead') }))
  expect(Results).toEqual([
    {
      Status: 'COMPLETED',
      SourceArn: arn('dead'),
      ApproximateNumberOfMessagesMoved: 3,
      ApproximateNumberOfMessagesToMove: 3,
      StartedTimestamp: clock.now(),
    },
  ])
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url('q'),
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  )
  expect(Messages?.map(({ Body, Attributes }) => [Body, Attributes])).toEqual([
    ['body 0', { ApproximateReceiveCount: '1' }],
    ['body 1', { ApproximateReceiveCount: '1' }],
    ['body 2', { ApproximateReceiveCount: '1' }],
  ])
})

test('a move task obeys its rate, is the only one of its queue, and can be cancelled', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  await withDeadLetters(sqs, 5)
  const start = new StartMessageMoveTaskCommand({ SourceArn: arn('dead'), MaxNumberOfMessagesPerSecond: 2 })
  const { TaskHandle } = await sqs.send(start)
  await expect(sqs.send(start)).rejects.toMatchObject({ name: 'UnsupportedOperation' })
  await clock.advance(1000)
  const cancelled = await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))
  expect(cancelled.ApproximateNumberOfMessagesMoved).toBe(4)
  await clock.advance(10_000)
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url('dead'), AttributeNames: ['ApproximateNumberOfMessages'] }),
  )
  expect(Attributes).toEqual({ ApproximateNumberOfMessages: '1' })
})

test('a queue that is not a dead-letter queue cannot be redriven', async () => {
  using bed = startAccount()
  await create(bed.sqs, 'q')
  await expect(bed.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn('q') }))).rejects.toMatchObject({
    message: 'Source queue must be configured as a Dead Letter Queue.',
  })
})

test('peeking shows messages without receiving them', async () => {
  using bed = startAccount()
  await create(bed.sqs, 'q')
  await bed.sqs.send(new SendMessageCommand({ QueueUrl: url('q'), MessageBody: 'seen' }))
  const peek = { method: 'GET', target: `/_aws/sqs/messages?QueueUrl=${encodeURIComponent(url('q'))}` }
  const answer = await callRaw(bed.cloud, peek)
  expect(JSON.parse(answer.text)).toMatchObject({
    Messages: [{ Body: 'seen', Attributes: { ApproximateReceiveCount: '0' } }],
  })
  expect((await bed.sqs.send(new ReceiveMessageCommand({ QueueUrl: url('q') }))).Messages?.[0]?.Body).toBe('seen')
  expect(JSON.parse((await callRaw(bed.cloud, peek)).text)).toEqual({ Messages: [] })
})
