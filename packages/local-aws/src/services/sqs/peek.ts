import { numberOf, optionalNumberOf, optionalTextOf, textOf, type Row } from '../../sql.ts'
import { findQueueByName } from './queue-record.ts'
import { digestAttributes, unpackAttributes, writeAttributes } from './message-attributes.ts'
import { retentionStart } from './count-messages.ts'
import { splitTarget } from '../../wire/read-wire.ts'
import type { CloudRequest, CloudResponse } from '../../http.ts'
import type { SqsContext } from './sqs-context.ts'

/**
 * `GET /_aws/sqs/messages?QueueUrl=…[&ShowInvisible=true]`: all messages of a queue without receiving them, as
 * LocalStack has it (https://docs.localstack.cloud/aws/services/sqs/), in JSON.
 */
export function peek(context: SqsContext, request: CloudRequest, region: string): CloudResponse | undefined {
  const { path, query } = splitTarget(request.target)
  if (path !== '/_aws/sqs/messages' || request.method !== 'GET') return undefined
  const queueUrl = query.get('QueueUrl') ?? ''
  const queue = findQueueByName(context.sql, region, queueUrl.replace(/\/+$/, '').split('/').at(-1) ?? '')
  if (!queue)
    return answer(400, { error: 'QueueDoesNotExist', message: `There is no queue at ${queueUrl} in ${region}.` })
  const now = context.clock.now()
  const until = query.get('ShowInvisible') === 'true' ? Number.MAX_SAFE_INTEGER : now
  const rows = context.sql.all(
    'SELECT * FROM sqs_messages WHERE queue_id = ? AND sent_at > ? AND visible_at <= ? ORDER BY seq',
    queue.id,
    retentionStart(queue, now),
    until,
  )
  return answer(200, { Messages: rows.map(writePeeked) })
}

function writePeeked(row: Row): Record<string, unknown> {
  const stored = unpackAttributes(optionalTextOf(row, 'attributes'))
  const attributes = Object.fromEntries(
    Object.entries(writeAttributes(stored)).map(([name, { BinaryValue, ...others }]) => [
      name,
      BinaryValue ? { ...others, BinaryValue: Buffer.from(BinaryValue).toString('base64') } : others,
    ]),
  )
  return {
    MessageId: textOf(row, 'id'),
    MD5OfBody: textOf(row, 'md5'),
    Body: textOf(row, 'body'),
    MD5OfMessageAttributes: digestAttributes(stored),
    MessageAttributes: attributes,
    Attributes: {
      SenderId: textOf(row, 'sender'),
      SentTimestamp: String(numberOf(row, 'sent_at')),
      ApproximateReceiveCount: String(numberOf(row, 'receive_count')),
      ApproximateFirstReceiveTimestamp: String(optionalNumberOf(row, 'first_received_at') ?? 0),
      DeadLetterQueueSourceArn: optionalTextOf(row, 'dead_letter_source'),
      VisibleAt: String(numberOf(row, 'visible_at')),
    },
  }
}

function answer(status: number, body: unknown): CloudResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify(body)),
  }
}
