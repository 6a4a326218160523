import type { SourceAttribute, SourceMessage } from './event-source-ports.ts'

/** Where the records of an event come from. */
export interface RecordSource {
  readonly queueArn: string
  readonly region: string
}

/** The event of a batch, as JSON text: names and order of members as recorded on AWS. */
export function sqsEvent(messages: readonly SourceMessage[], source: RecordSource): string {
  return JSON.stringify({ Records: messages.map((message) => recordOf(message, source)) })
}

function recordOf(message: SourceMessage, source: RecordSource): object {
  const { messageId, receiptHandle, body, attributes, md5OfBody, md5OfMessageAttributes } = message
  return {
    messageId,
    receiptHandle,
    body,
    attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.messageAttributes ?? {}).map(([name, attribute]) => [name, attributeOf(attribute)]),
    ),
    ...(md5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes }),
    md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: source.queueArn,
    awsRegion: source.region,
  }
}

function attributeOf({ DataType, StringValue, BinaryValue }: SourceAttribute): object {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType ?? 'String',
  }
}
