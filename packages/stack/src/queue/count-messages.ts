import type { SQSClient } from '@aws-sdk/client-sqs'
import { GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'

/** Roughly, as SQS counts: AWS's numbers may lag a minute behind. */
export interface MessageCounts {
  readonly visible: number
  /** Received and neither deleted nor visible again. */
  readonly inFlight: number
  readonly delayed: number
}

/** What SQS says is in the queue. */
export async function countMessages(sqs: SQSClient, url: string): Promise<MessageCounts> {
  const { Attributes: counts = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  )
  return {
    visible: Number(counts['ApproximateNumberOfMessages']),
    inFlight: Number(counts['ApproximateNumberOfMessagesNotVisible']),
    delayed: Number(counts['ApproximateNumberOfMessagesDelayed']),
  }
}

/**
 * True when nothing is in the queue. The counts may be a minute old, so that a long poll, which asks every server, has
 * the last word; what it finds stays visible, one receive the older.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
export async function isQueueEmpty(sqs: SQSClient, url: string): Promise<boolean> {
  const { visible, inFlight, delayed } = await countMessages(sqs, url)
  if (visible + inFlight + delayed > 0) return false
  const { Messages: found = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 1, VisibilityTimeout: 0, WaitTimeSeconds: 1 }),
  )
  return found.length === 0
}
