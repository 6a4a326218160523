import { FORBIDDEN_CHARACTER, VALID_CHARACTERS } from './characters.ts'
import { createHash } from 'node:crypto'
import { AwsError } from '../../service.ts'
import { numberAttribute } from './attribute-rules.ts'
import {
  digestAttributes,
  readMessageAttributes,
  sizeOfAttributes,
  type StoredAttributes,
} from './message-attributes.ts'
import { invalidParameter, invalidValue, missingParameter } from './sqs-errors.ts'
import type { MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs'
import type { QueueRecord } from './queue-record.ts'

/** A message that may be stored. */
export interface CheckedMessage {
  readonly body: string
  readonly md5: string
  readonly attributes: StoredAttributes
  readonly attributesMd5: string | undefined
  readonly traceHeader: string | undefined
  readonly systemMd5: string | undefined
  readonly groupId: string | undefined
  readonly delaySeconds: number
}

type SentMessage = Omit<SendMessageBatchRequestEntry, 'Id'>

/** Throws AWS's error for an invalid message. */
export function checkMessage(queue: QueueRecord, sent: SentMessage): CheckedMessage {
  const body = sent.MessageBody ?? ''
  if (body === '') throw missingParameter('MessageBody')
  refuseForbiddenCharacters(body)
  refuseFifoParameters(sent)
  const attributes = readMessageAttributes(sent.MessageAttributes ?? {}, 'user')
  const system = readSystemAttributes(sent.MessageSystemAttributes ?? {})
  const max = numberAttribute(queue.attributes, 'MaximumMessageSize')
  if (Buffer.byteLength(body) + sizeOfAttributes(attributes) > max) {
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${max} bytes.`)
  }
  return {
    body,
    md5: md5Of(body),
    attributes,
    attributesMd5: digestAttributes(attributes),
    traceHeader: system['AWSTraceHeader']?.value,
    systemMd5: digestAttributes(system),
    groupId: sent.MessageGroupId,
    delaySeconds: checkDelay(sent.DelaySeconds) ?? numberAttribute(queue.attributes, 'DelaySeconds'),
  }
}

/** Size of an unchecked entry towards the limit of its batch. */
export function sizeOfEntry({ MessageBody = '', MessageAttributes = {} }: SentMessage): number {
  const sizes = Object.entries(MessageAttributes).map(
    ([name, { DataType = '', StringValue = '', BinaryValue }]) =>
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      (BinaryValue?.byteLength ?? 0),
  )
  return sizes.reduce((sum, size) => sum + size, Buffer.byteLength(MessageBody))
}

function refuseForbiddenCharacters(body: string): void {
  if (!FORBIDDEN_CHARACTER.test(body)) return
  throw new AwsError(
    'InvalidMessageContents',
    `Invalid characters found. Valid unicode characters are ${VALID_CHARACTERS}`,
  )
}

// A group on a standard queue is a tenant (fair queues); a deduplication id has no meaning there.
function refuseFifoParameters({ MessageGroupId, MessageDeduplicationId }: SentMessage): void {
  if (MessageGroupId !== undefined && !/^[!-~]{1,128}$/.test(MessageGroupId)) {
    throw invalidValue(
      'MessageGroupId',
      MessageGroupId,
      'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    )
  }
  if (MessageDeduplicationId !== undefined) {
    throw invalidValue(
      'MessageDeduplicationId',
      MessageDeduplicationId,
      'The request include parameter that is not valid for this queue type.',
    )
  }
}

function readSystemAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): StoredAttributes {
  for (const name of Object.keys(attributes)) {
    if (name !== 'AWSTraceHeader') throw invalidParameter(`Message system attribute name '${name}' is invalid.`)
  }
  return readMessageAttributes(attributes, 'system')
}

function checkDelay(seconds: number | undefined): number | undefined {
  if (seconds === undefined || (Number.isInteger(seconds) && seconds >= 0 && seconds <= 900)) return seconds
  throw invalidValue('DelaySeconds', seconds, 'DelaySeconds must be >= 0 and <= 900.')
}

/** A body's MD5, as SQS returns it. */
export function md5Of(body: string): string {
  return createHash('md5').update(body).digest('hex')
}
