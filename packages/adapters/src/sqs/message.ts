import type { MessageAttributeValue } from '@aws-sdk/client-sqs'

/** A message on its way out: body, attributes, and what both weigh by SQS's count. */
export interface OutgoingMessage {
  readonly body: string
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>
  readonly bytes: number
  /** Seconds that it stays hidden at first. */
  readonly delaySeconds?: number
}

/** SQS's limit for one message and for a whole batch, in bytes. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MAX_BYTES = 1_048_576

const ENCODER = new TextEncoder()

/** Bytes of a text in UTF-8, as SQS counts. */
function countBytes(text: string): number {
  return ENCODER.encode(text).byteLength
}

/** Builds a message; attributes without a value are left out, since SQS refuses empty ones. */
export function buildMessage(
  body: string,
  values: Readonly<Record<string, string | number | undefined>>,
): OutgoingMessage {
  const attributes: Record<string, MessageAttributeValue> = {}
  let bytes = countBytes(body)
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === '') continue
    const attribute = { DataType: typeof value === 'number' ? 'Number' : 'String', StringValue: String(value) }
    attributes[name] = attribute
    bytes += countBytes(name + attribute.DataType + attribute.StringValue)
  }
  return { body, attributes, bytes }
}
