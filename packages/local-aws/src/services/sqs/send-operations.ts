import { pickUuid } from '../../random.ts'
import { AwsError, type Call } from '../../service.ts'
import { checkBatch, runBatch, type BatchOutcome } from './batch.ts'
import { checkMessage, sizeOfEntry, type CheckedMessage } from './check-message.ts'
import { packAttributes } from './message-attributes.ts'
import { findQueueByUrl, type QueueRecord } from './queue-record.ts'
import type {
  SendMessageBatchCommandInput,
  SendMessageBatchResultEntry,
  SendMessageCommandInput,
  SendMessageResult,
} from '@aws-sdk/client-sqs'
import type { SqsContext } from './sqs-context.ts'

/** Stores a message: it is durable before the answer. */
export function sendMessage(context: SqsContext, input: SendMessageCommandInput, call: Call): SendMessageResult {
  const queue = findQueueByUrl(context.sql, input.QueueUrl, call)
  const message = checkMessage(queue, input)
  const id = storeMessage(context, queue, { message, call })
  announce(context, queue, [{ id, body: message.body }])
  return describe(message, id)
}

/** Stores up to ten messages in one transaction. An invalid one fails alone; the limit of size is for all together. */
export function sendMessageBatch(
  context: SqsContext,
  input: SendMessageBatchCommandInput,
  call: Call,
): BatchOutcome<SendMessageBatchResultEntry> {
  const queue = findQueueByUrl(context.sql, input.QueueUrl, call)
  const entries = input.Entries ?? []
  checkBatch(entries, 'SendMessageBatchRequestEntry')
  const size = entries.reduce((sum, entry) => sum + sizeOfEntry(entry), 0)
  if (size > maxBytes) {
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${maxBytes} bytes. You have sent ${size} bytes.`,
    )
  }
  const stored: Announced[] = []
  const outcome = context.sql.atomically(() =>
    runBatch(entries, (entry, entryId) => {
      const message = checkMessage(queue, entry)
      const id = storeMessage(context, queue, { message, call })
      stored.push({ id, body: message.body })
      return { Id: entryId, ...describe(message, id) }
    }),
  )
  announce(context, queue, stored)
  return outcome
}

const maxBytes = 1_048_576

interface Announced {
  readonly id: string
  readonly body: string
}

function storeMessage(
  { sql, clock, random }: SqsContext,
  queue: QueueRecord,
  { message, call }: { message: CheckedMessage; call: Call },
): string {
  const id = pickUuid(random)
  const now = clock.now()
  sql.run(
    `INSERT INTO sqs_messages (queue_id, id, body, md5, attributes, trace_header, group_id, sender, sent_at, visible_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    queue.id,
    id,
    message.body,
    message.md5,
    packAttributes(message.attributes),
    // A header of the request counts as well: https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html
    message.traceHeader ?? call.trace ?? null,
    message.groupId ?? null,
    call.caller.accountId,
    now,
    now + message.delaySeconds * 1000,
  )
  return id
}

function announce({ messageSignal, emit }: SqsContext, queue: QueueRecord, stored: readonly Announced[]): void {
  for (const { id, body } of stored) emit({ kind: 'message-sent', queue: queue.name, messageId: id, body })
  messageSignal.notify(queue.id)
}

function describe(
  message: CheckedMessage,
  id: string,
): SendMessageResult & { MessageId: string; MD5OfMessageBody: string } {
  return {
    MessageId: id,
    MD5OfMessageBody: message.md5,
    ...(message.attributesMd5 !== undefined && { MD5OfMessageAttributes: message.attributesMd5 }),
    ...(message.systemMd5 !== undefined && { MD5OfMessageSystemAttributes: message.systemMd5 }),
  }
}
