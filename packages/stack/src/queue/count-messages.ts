import { type SQSClient, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'

/** Approximate, as SQS counts: AWS's numbers may be a minute old. */
export interface MessageCounts {
  readonly visible: number
  /** Received and neither deleted nor visible again. */
  readonly inFlight: number
  readonly delayed: number
}

/** Reads SQS's counts of a queue. */
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
 * What the queue holds, in words; undefined when it is empty. The counts may be a minute old, so a long poll, which asks
 * every SQS server, decides; a message that it finds stays visible, with one more receive counted.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
export async function describeMessages(sqs: SQSClient, url: string): Promise<string | undefined> {
  const { visible, inFlight, delayed } = await countMessages(sqs, url)
  const count = visible + inFlight + delayed
  if (count > 0) return `messages (about ${count})`
  const { Messages: found = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 1, VisibilityTimeout: 0, WaitTimeSeconds: 1 }),
  )
  return found.length === 0 ? undefined : 'messages (at least 1)'
}
