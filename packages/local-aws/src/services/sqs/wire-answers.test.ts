import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { callJson, signedFor } from '../../testing/call-raw.ts'
import { startAccount } from '../../testing/start-account.ts'

const QueueUrl = 'http://cloud.test:4566/000000000000/work'

test('a batch omits an empty list', async () => {
  using bed = startAccount()
  await bed.sqs.send(new CreateQueueCommand({ QueueName: 'work' }))
  const send = async (operation: string, ...Entries: readonly object[]): Promise<readonly string[]> => {
    const { text } = await callJson(
      bed.cloud,
      { target: `AmazonSQS.${operation}`, input: { QueueUrl, Entries } },
      signedFor('sqs'),
    )
    return Object.keys(JSON.parse(text))
  }
  const bogus = { Id: 'b', ReceiptHandle: 'bogus', VisibilityTimeout: 1 }
  expect(await send('SendMessageBatch', { Id: 'a', MessageBody: 'x' })).toEqual(['Successful'])
  expect(await send('SendMessageBatch', { Id: 'b', MessageBody: '\u0001' })).toEqual(['Failed'])
  expect(await send('DeleteMessageBatch', bogus)).toEqual(['Failed'])
  expect(await send('ChangeMessageVisibilityBatch', bogus)).toEqual(['Failed'])
  const mixed = await send('SendMessageBatch', { Id: 'a', MessageBody: 'x' }, { Id: 'b', MessageBody: '\u0001' })
  expect(mixed).toEqual(['Successful', 'Failed'])
})

test.each([
  [['*'], ['a.one', 'a.two', 'größe']],
  [['All'], ['a.one', 'a.two', 'größe']],
  [['.*'], ['a.one', 'a.two', 'größe']],
  [['a.*'], ['a.one', 'a.two']],
  [['größe'], ['größe']],
  [['b*'], []],
])('MessageAttributeNames %j returns %j', async (MessageAttributeNames, names) => {
  using bed = startAccount()
  await bed.sqs.send(new CreateQueueCommand({ QueueName: 'work' }))
  const value = { DataType: 'String', StringValue: 'x' }
  const MessageAttributes = { 'a.one': value, 'a.two': value, größe: value }
  await bed.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }))
  const { Messages } = await bed.sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames }))
  expect(Object.keys(Messages?.[0]?.MessageAttributes ?? {})).toEqual(names)
  // The client itself verifies the digest.
  expect(Messages?.[0]?.MD5OfMessageAttributes !== undefined).toBe(names.length > 0)
})

test('an attribute with control characters in its text is rejected', async () => {
  using bed = startAccount()
  await bed.sqs.send(new CreateQueueCommand({ QueueName: 'work' }))
  const MessageAttributes = { a: { DataType: 'String', StringValue: 'x\u0008\u000b' } }
  const sent = bed.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }))
  await expect(sent).rejects.toMatchObject({ name: 'InvalidParameterValue' })
})
