import { assert, asyncProperty, string } from 'fast-check'
import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { callForm, signedFor } from '../../testing/call-raw.ts'
import { startAccount } from '../../testing/start-account.ts'

const QueueUrl = 'http://cloud.test:4566/000000000000/q'
const create = new CreateQueueCommand({ QueueName: 'q', Attributes: { VisibilityTimeout: '0' } })

test('a bad entry fails alone, in its place, and the others are stored', async () => {
  using bed = startAccount()
  await bed.sqs.send(create)
  const answer = await bed.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'a', MessageBody: 'one' },
        { Id: 'b', MessageBody: '\u0001' },
        { Id: 'c', MessageBody: 'three', DelaySeconds: 901 },
        { Id: 'd', MessageBody: 'four' },
      ],
    }),
  )
  expect(answer.Successful).toMatchObject([
    { Id: 'a', MD5OfMessageBody: 'f97c5d29941bfb1b2fdab0874906ab82' },
    { Id: 'd', MD5OfMessageBody: '8cbad96aced40b3838dd9f07f6ef5772' },
  ])
  expect(answer.Failed).toEqual([
    {
      Id: 'b',
      SenderFault: true,
      Code: 'InvalidMessageContents',
      Message:
        'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    },
    {
      Id: 'c',
      SenderFault: true,
      Code: 'InvalidParameterValue',
      Message: 'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
    },
  ])
  const { Messages } = await bed.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
  expect(Messages?.map(({ Body }) => Body)).toEqual(['one', 'four'])
})

test('a batch is rejected as a whole if it is empty or has an id twice', async () => {
  using bed = startAccount()
  await bed.sqs.send(create)
  await expect(bed.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] }))).rejects.toMatchObject({
    name: 'EmptyBatchRequest',
    message: 'There should be at least one SendMessageBatchRequestEntry in the request.',
  })
  const Entries = [
    { Id: 'a', MessageBody: 'x' },
    { Id: 'a', MessageBody: 'y' },
  ]
  await expect(bed.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({
    name: 'BatchEntryIdsNotDistinct',
    message: 'Id a repeated.',
  })
})

test('batches of deletes and of visibility changes fail entry by entry', async () => {
  using bed = startAccount()
  await bed.sqs.send(create)
  await bed.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
  const { Messages } = await bed.sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 30 }))
  const ReceiptHandle = Messages?.[0]?.ReceiptHandle
  const changed = await bed.sqs.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'good', ReceiptHandle, VisibilityTimeout: 60 },
        { Id: 'bogus', ReceiptHandle: 'bogus', VisibilityTimeout: 60 },
      ],
    }),
  )
  expect(changed.Successful).toEqual([{ Id: 'good' }])
  expect(changed.Failed).toMatchObject([{ Id: 'bogus', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }])
  const deleted = await bed.sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'bogus', ReceiptHandle: 'bogus' },
        { Id: 'good', ReceiptHandle },
      ],
    }),
  )
  expect(deleted.Successful).toEqual([{ Id: 'good' }])
  expect(deleted.Failed?.map(({ Id }) => Id)).toEqual(['bogus'])
})

test('the error for an invalid receipt handle quotes it', async () => {
  using bed = startAccount()
  await bed.sqs.send(create)
  await expect(bed.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'bogus' }))).rejects.toMatchObject({
    name: 'ReceiptHandleIsInvalid',
    message: 'The input receipt handle "bogus" is not a valid receipt handle.',
  })
})

test.each([
  [
    'an unknown type',
    { a: { DataType: 'Text', StringValue: 'x' } },
    "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
  ],
  [
    'a number that is none',
    { a: { DataType: 'Number', StringValue: 'ten' } },
    "Can't cast the value of message (user) attribute 'a' to a number.",
  ],
  [
    'a reserved name',
    { 'AWS.a': { DataType: 'String', StringValue: 'x' } },
    "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use.",
  ],
  [
    'eleven attributes',
    Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`a${i}`, { DataType: 'String', StringValue: 'x' }])),
    'Number of message attributes [11] exceeds the allowed maximum [10].',
  ],
])('message attributes with %s are rejected', async (_name, MessageAttributes, message) => {
  using bed = startAccount()
  await bed.sqs.send(create)
  const sending = bed.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }))
  await expect(sending).rejects.toMatchObject({ name: 'InvalidParameterValue', message })
})

// The SDK itself checks the digest of what it sent and received, so a wrong one throws here.
const allowed = string({ unit: 'binary', minLength: 1, maxLength: 200 }).map((text) =>
  text.replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '?'),
)

test('every body that AWS allows is returned unchanged, in JSON and as a form', async () => {
  await assert(
    asyncProperty(allowed, async (body) => {
      using bed = startAccount()
      await bed.sqs.send(create)
      await bed.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }))
      await callForm(bed.cloud, { Action: 'SendMessage', QueueUrl, MessageBody: body }, signedFor('sqs'))
      const { Messages } = await bed.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
      expect(Messages?.map(({ Body }) => Body)).toEqual([body, body])
    }),
    { numRuns: 50 },
  )
})
