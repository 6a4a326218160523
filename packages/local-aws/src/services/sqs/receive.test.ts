import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { startAccount } from '../../testing/start-account.ts'

async function createQueue(sqs: SQSClient, name: string, attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))
  return QueueUrl ?? ''
}

async function counts(sqs: SQSClient, QueueUrl: string): Promise<(string | undefined)[]> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  return [
    Attributes?.['ApproximateNumberOfMessages'],
    Attributes?.['ApproximateNumberOfMessagesNotVisible'],
    Attributes?.['ApproximateNumberOfMessagesDelayed'],
  ]
}

test('a message is visible again after its visibility timeout, and not before', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  const QueueUrl = await createQueue(sqs, 'work', { VisibilityTimeout: '30' })
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }))
  const first = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] }))
  expect(first.Messages).toMatchObject([
    {
      Body: 'hello',
      MD5OfBody: '5d41402abc4b2a76b9719d911017c592',
      Attributes: {
        SenderId: '000000000000',
        SentTimestamp: '1795514400000',
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: '1795514400000',
      },
    },
  ])
  await clock.advance(29_999)
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined()
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '1', '0'])
  await clock.advance(1)
  expect(await counts(sqs, QueueUrl)).toEqual(['1', '0', '0'])
  const second = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['ApproximateReceiveCount'] }),
  )
  expect(second.Messages?.[0]?.Attributes).toEqual({ ApproximateReceiveCount: '2' })
})

test('a delayed message is counted as delayed until it is due', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  const QueueUrl = await createQueue(sqs, 'work')
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 5 }))
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '0', '1'])
  await clock.advance(5000)
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.Body).toBe('later')
})

test('a long poll is woken by a send', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  const QueueUrl = await createQueue(sqs, 'work')
  const polling = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
  await clock.waiting(1)
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'now' }))
  expect((await polling).Messages?.[0]?.Body).toBe('now')
})

test('a long poll sees a message whose visibility timeout ends while it waits', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  const QueueUrl = await createQueue(sqs, 'work', { VisibilityTimeout: '3', ReceiveMessageWaitTimeSeconds: '20' })
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'again' }))
  await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
  const polling = sqs.send(new ReceiveMessageCommand({ QueueUrl }))
  await clock.waiting(1)
  await clock.advance(3000)
  expect((await polling).Messages?.[0]?.Body).toBe('again')
})

test('a long poll without messages ends after its wait time', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  const QueueUrl = await createQueue(sqs, 'work')
  const polling = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 7 }))
  await clock.waiting(1)
  await clock.advance(7000)
  expect((await polling).Messages).toBeUndefined()
  expect(clock.now()).toBe(1_795_514_407_000)
})

test('a long poll whose client disconnected takes no message', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  const QueueUrl = await createQueue(sqs, 'work')
  const leaving = new AbortController()
  const polling = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
    abortSignal: leaving.signal,
  })
  await clock.waiting(1)
  leaving.abort()
  await expect(polling).rejects.toMatchObject({ name: 'AbortError' })
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }))
  expect(await counts(sqs, QueueUrl)).toEqual(['1', '0', '0'])
})

test('a deleted message is not received again', async () => {
  using bed = startAccount()
  const { sqs, clock, events } = bed
  const QueueUrl = await createQueue(sqs, 'work')
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'done' }))
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }))
  await clock.advance(3_600_000)
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '0', '0'])
  expect(events.filter(({ source }) => source === 'sqs').map(({ kind }) => kind)).toEqual([
    'queue-created',
    'message-sent',
    'message-received',
    'message-deleted',
  ])
})

test('an expired handle deletes, a superseded one does not', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  const QueueUrl = await createQueue(sqs, 'work', { VisibilityTimeout: '1' })
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
  const first = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
  await clock.advance(1000)
  const second = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first.Messages?.[0]?.ReceiptHandle }))
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '1', '0'])
  await clock.advance(1000)
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second.Messages?.[0]?.ReceiptHandle }))
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '0', '0'])
})

test('a visibility timeout counts from its change, up to 12 hours in all', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  const QueueUrl = await createQueue(sqs, 'work', { VisibilityTimeout: '10' })
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
  const ReceiptHandle = Messages?.[0]?.ReceiptHandle
  const change = (VisibilityTimeout: number) =>
    sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }))
  await clock.advance(5000)
  await change(60)
  await clock.advance(59_999)
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '1', '0'])
  await expect(change(43_200)).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message:
      'Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
  })
  await expect(change(43_201)).rejects.toMatchObject({ name: 'InvalidParameterValue' })
  await change(0)
  expect(await counts(sqs, QueueUrl)).toEqual(['1', '0', '0'])
})

test('an expired handle still changes visibility; an older one succeeds and changes nothing', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  const QueueUrl = await createQueue(sqs, 'work', { VisibilityTimeout: '1' })
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
  const receive = async () =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.ReceiptHandle ?? ''
  const change = (ReceiptHandle: string, VisibilityTimeout: number) => {
    const Entries = [{ Id: 'a', ReceiptHandle, VisibilityTimeout }]
    return sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }))
  }
  const first = await receive()
  await clock.advance(1000)
  expect((await change(first, 60)).Successful).toEqual([{ Id: 'a' }])
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '1', '0'])
  await clock.advance(60_000)
  const second = await receive()
  expect((await change(first, 0)).Successful).toEqual([{ Id: 'a' }])
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '1', '0'])
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second }))
  expect((await change(second, 0)).Failed).toMatchObject([{ Code: 'InvalidParameterValue' }])
})

test('messages older than the retention period are neither counted nor received', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  const QueueUrl = await createQueue(sqs, 'work', { MessageRetentionPeriod: '60' })
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'old' }))
  await clock.advance(30_000)
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'young' }))
  await clock.advance(30_000)
  expect(await counts(sqs, QueueUrl)).toEqual(['1', '0', '0'])
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
  expect(Messages?.map(({ Body }) => Body)).toEqual(['young'])
})

test('a message moves to the dead-letter queue on the receive after maxReceiveCount, with its source, age and count', async () => {
  using bed = startAccount()
  const { sqs, clock } = bed
  const deadUrl = await createQueue(sqs, 'dead')
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
    maxReceiveCount: 2,
  })
  const QueueUrl = await createQueue(sqs, 'work', { RedrivePolicy, VisibilityTimeout: '1' })
  const { MessageId } = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }))
  for (const count of ['1', '2']) {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, AttributeNames: ['All'] }))
    expect(Messages?.[0]?.Attributes?.['ApproximateReceiveCount']).toBe(count)
    await clock.advance(1000)
  }
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined()
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: deadUrl, AttributeNames: ['All'] }))
  expect(Messages).toMatchObject([
    {
      MessageId,
      Body: 'poison',
      Attributes: {
        ApproximateReceiveCount: '3',
        SentTimestamp: '1795514400000',
        DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:000000000000:work',
      },
    },
  ])
})

test('attributes are returned only on request, by name, prefix or all, with the digest of the returned ones', async () => {
  using bed = startAccount()
  const { sqs } = bed
  const QueueUrl = await createQueue(sqs, 'work', { VisibilityTimeout: '0' })
  const sent = await sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: 'x',
      MessageAttributes: {
        'trace.id': { DataType: 'String', StringValue: 'abc' },
        life: { DataType: 'Number.int', StringValue: '2' },
        blob: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2, 255) },
      },
    }),
  )
  expect(sent.MD5OfMessageAttributes).toBe('2ea1f3ec4414337d58a06302a781759b')
  const receive = async (names: string[] | undefined) => {
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, ...(names && { MessageAttributeNames: names }) }),
    )
    return Messages?.[0]
  }
  expect(await receive(undefined)).not.toHaveProperty('MessageAttributes')
  expect(Object.keys((await receive(['trace.*']))?.MessageAttributes ?? {})).toEqual(['trace.id'])
  const all = await receive(['All'])
  expect(all?.MessageAttributes).toEqual({
    'trace.id': { DataType: 'String', StringValue: 'abc' },
    life: { DataType: 'Number.int', StringValue: '2' },
    blob: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2, 255) },
  })
  expect(all?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes)
})
