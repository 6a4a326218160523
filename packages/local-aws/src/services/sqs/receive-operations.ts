import { numberAttribute } from './attribute-rules.ts'
import { digestAttributes, selectAttributes, unpackAttributes, writeAttributes } from './message-attributes.ts'
import { findQueueByUrl, type QueueRecord } from './queue-record.ts'
import { writeReceiptHandle } from './receipt-handle.ts'
import { invalidValue, unknownAttribute } from './sqs-errors.ts'
import { takeMessages, type TakenMessage } from './take-messages.ts'
import { waitForMessages } from './wait-for-messages.ts'
import type { Message, ReceiveMessageCommandInput, ReceiveMessageResult } from '@aws-sdk/client-sqs'
import type { Call } from '../../service.ts'
import type { SqsContext } from './sqs-context.ts'

/** Takes up to ten messages, waiting up to 20 s for the first. */
export async function receiveMessage(
  context: SqsContext,
  input: ReceiveMessageCommandInput,
  call: Call,
): Promise<ReceiveMessageResult> {
  const { MaxNumberOfMessages: max = 1, QueueUrl } = input
  if (max < 1 || max > 10) throw invalidValue('MaxNumberOfMessages', max, 'Must be between 1 and 10, if provided.')
  checkWait(input.WaitTimeSeconds)
  checkVisibility(input.VisibilityTimeout)
  const system = systemAttributeNames(input)
  const { id: queueId, attributes } = findQueueByUrl(context.sql, QueueUrl, call)
  const seconds = input.WaitTimeSeconds ?? numberAttribute(attributes, 'ReceiveMessageWaitTimeSeconds')
  const taken = await waitForMessages(context, {
    queueId,
    milliseconds: seconds * 1000,
    signal: call.signal,
    take: () => {
      // Read the queue each time: during the wait it may have been changed or deleted.
      const queue = findQueueByUrl(context.sql, QueueUrl, call)
      const visibilitySeconds = input.VisibilityTimeout ?? numberAttribute(queue.attributes, 'VisibilityTimeout')
      return takeMessages(context, queue, { max, visibilitySeconds }).map((message) => {
        const visibleAt = context.clock.now() + visibilitySeconds * 1000
        const { id: messageId, receiveCount } = message
        context.emit({ kind: 'message-received', queue: queue.name, messageId, receiveCount, visibleAt })
        return writeMessage(queue, message, { system, user: input.MessageAttributeNames ?? [] })
      })
    },
  })
  return taken.length === 0 ? {} : { Messages: [...taken] }
}

function checkWait(seconds: number | undefined): void {
  if (seconds === undefined || (Number.isInteger(seconds) && seconds >= 0 && seconds <= 20)) return
  throw invalidValue('WaitTimeSeconds', seconds, 'Must be >= 0 and <= 20, if provided.')
}

/** 0 to 12 hours. */
export function checkVisibility(seconds: number | undefined): void {
  if (seconds === undefined || (Number.isInteger(seconds) && seconds >= 0 && seconds <= 43_200)) return
  throw invalidValue('VisibilityTimeout', seconds, 'Must be between 0 and 43200, if provided.')
}

const systemNames = new Set([
  'All',
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
])

function systemAttributeNames({
  AttributeNames = [],
  MessageSystemAttributeNames = [],
}: ReceiveMessageCommandInput): readonly string[] {
  const names: readonly string[] = [...AttributeNames, ...MessageSystemAttributeNames]
  for (const name of names) if (!systemNames.has(name)) throw unknownAttribute(name)
  return names
}

interface Asked {
  readonly system: readonly string[]
  readonly user: readonly string[]
}

function writeMessage(queue: QueueRecord, message: TakenMessage, { system, user }: Asked): Message {
  const attributes = systemAttributes(message, system)
  const selected = selectAttributes(unpackAttributes(message.attributes), user)
  const digest = digestAttributes(selected)
  return {
    MessageId: message.id,
    ReceiptHandle: writeReceiptHandle({ queueId: queue.id, seq: message.seq, nonce: message.nonce }),
    MD5OfBody: message.md5,
    Body: message.body,
    ...(Object.keys(attributes).length > 0 && { Attributes: attributes }),
    ...(digest !== undefined && { MD5OfMessageAttributes: digest, MessageAttributes: writeAttributes(selected) }),
  }
}

function systemAttributes(message: TakenMessage, names: readonly string[]): Record<string, string> {
  if (names.length === 0) return {}
  const all: Readonly<Record<string, string | undefined>> = {
    SenderId: message.sender,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    MessageGroupId: message.groupId,
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSource,
  }
  const wanted = Object.entries(all).flatMap(([name, value]): [string, string][] =>
    value !== undefined && (names.includes('All') || names.includes(name)) ? [[name, value]] : [],
  )
  return Object.fromEntries(wanted)
}
