import type { Clock, SourceQueue } from 'ticket-core'
import { hasTimeToPostpone, type Execution } from './execution.ts'

/** One SQS message as a Lambda function gets it. */
export interface QueueMessage {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  /** `ApproximateReceiveCount`; 1 at the first receive. */
  readonly receiveCount: number
  /** Milliseconds since the epoch; kept by a native redrive. */
  readonly sentAt?: number
  /** ARN of the queue that a native redrive took it from. */
  readonly sourceQueueArn?: string
  /** String attributes only; others are not ours. */
  readonly attributes: Readonly<Record<string, string>>
}

/**
 * Reads an SQS event (https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html).
 * Throws when it is not one: that is a wrong trigger, and failing the whole batch loses nothing.
 */
export function readBatch(event: unknown): QueueMessage[] {
  const records = member(event, 'Records')
  if (!Array.isArray(records))
    throw new TypeError('not an SQS event: expected { Records: [...] }; check the trigger of this function')
  return records.map(readMessage)
}

function readMessage(record: unknown): QueueMessage {
  const messageId = member(record, 'messageId')
  const receiptHandle = member(record, 'receiptHandle')
  const body = member(record, 'body')
  if (typeof messageId !== 'string' || typeof receiptHandle !== 'string' || typeof body !== 'string') {
    throw new TypeError(
      'not an SQS record: expected messageId, receiptHandle and body; check the trigger of this function',
    )
  }
  const system = member(record, 'attributes')
  const sentAt = Number(member(system, 'SentTimestamp'))
  const sourceQueueArn = member(system, 'DeadLetterQueueSourceArn')
  return {
    messageId,
    receiptHandle,
    body,
    receiveCount: Number(member(system, 'ApproximateReceiveCount')) || 1,
    ...(Number.isFinite(sentAt) && { sentAt }),
    ...(typeof sourceQueueArn === 'string' && { sourceQueueArn }),
    attributes: readAttributes(member(record, 'messageAttributes')),
  }
}

function readAttributes(attributes: unknown): Record<string, string> {
  if (typeof attributes !== 'object' || attributes === null) return {}
  const read: [string, string][] = []
  for (const [name, attribute] of Object.entries(attributes)) {
    const value = member(attribute, 'stringValue')
    if (typeof value === 'string') read.push([name, value])
  }
  return Object.fromEntries(read)
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** What Lambda deletes and what it keeps: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

export interface AnswerPorts {
  readonly source: SourceQueue
  readonly clock: Clock
}

/** A message that stays in the queue, and for how many seconds it is hidden. */
export interface KeptBack {
  readonly message: QueueMessage
  readonly seconds: number
}

/** Hides the messages that stay in the queue, by one call and only while there is time for it, and names them to Lambda. */
export async function answerBatch(
  { source, clock }: AnswerPorts,
  execution: Execution,
  keptBack: readonly KeptBack[],
): Promise<BatchAnswer> {
  if (keptBack.length > 0 && hasTimeToPostpone(clock.monotonic(), execution))
    await source.postpone(keptBack.map(({ message, seconds }) => ({ receiptHandle: message.receiptHandle, seconds })))
  return { batchItemFailures: keptBack.map(({ message }) => ({ itemIdentifier: message.messageId })) }
}
