import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import type { EventSourcePorts, SourceMessage } from './event-source-ports.ts'

/** The queue's ports over an SDK client, for any SQS. */
export function createSqsPorts(options: {
  sqs: SQSClient
  queueUrl: string
}): Pick<EventSourcePorts, 'receive' | 'delete' | 'release'> {
  const { sqs, queueUrl: QueueUrl } = options
  return {
    async receive({ max, waitSeconds, signal }) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      })
      const { Messages = [] } = await sqs.send(command, { abortSignal: signal, requestTimeout: 0 })
      return Messages.map(readMessage)
    },
    async delete(messages) {
      const Entries = messages.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }))
      const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
      return messages.filter((_message, index) => Failed.some(({ Id }) => Id === String(index)))
    },
    async release(messages) {
      for (let start = 0; start < messages.length; start += 10) {
        const Entries = messages.slice(start, start + 10).map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: 0,
        }))
        await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }))
      }
    },
  }
}

function readMessage(message: Message): SourceMessage {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    md5OfBody: message.MD5OfBody ?? '',
    attributes: { ...message.Attributes },
    messageAttributes: message.MessageAttributes,
    md5OfMessageAttributes: message.MD5OfMessageAttributes,
  }
}
