import { textOf } from '../../sql.ts'
import { checkBatch, runBatch, type BatchOutcome } from './batch.ts'
import { findQueueByUrl, type QueueRecord } from './queue-record.ts'
import { readReceiptHandle } from './receipt-handle.ts'
import { receiptHandleIsInvalid } from './sqs-errors.ts'
import type {
  DeleteMessageBatchCommandInput,
  DeleteMessageBatchResultEntry,
  DeleteMessageCommandInput,
} from '@aws-sdk/client-sqs'
import type { Call } from '../../service.ts'
import type { SqsContext } from './sqs-context.ts'

export function deleteMessage(context: SqsContext, input: DeleteMessageCommandInput, call: Call): void {
  const queue = findQueueByUrl(context.sql, input.QueueUrl, call)
  deleteReceived(context, queue, input.ReceiptHandle ?? '')
  context.messageSignal.notify(queue.id)
}

export function deleteMessageBatch(
  context: SqsContext,
  input: DeleteMessageBatchCommandInput,
  call: Call,
): BatchOutcome<DeleteMessageBatchResultEntry> {
  const queue = findQueueByUrl(context.sql, input.QueueUrl, call)
  const entries = input.Entries ?? []
  checkBatch(entries, 'DeleteMessageBatchRequestEntry')
  const outcome = context.sql.atomically(() =>
    runBatch(entries, ({ ReceiptHandle = '' }, id) => {
      deleteReceived(context, queue, ReceiptHandle)
      return { Id: id }
    }),
  )
  context.messageSignal.notify(queue.id)
  return outcome
}

/**
 * Deletes by the newest handle, also after its visibility timeout. An older handle succeeds and deletes nothing: AWS
 * documents that it might not delete, so a program that relies on it has a defect.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
 */
function deleteReceived({ sql, emit }: SqsContext, queue: QueueRecord, handle: string): void {
  const { queueId, seq, nonce } = readReceiptHandle(handle)
  if (queueId !== queue.id) throw receiptHandleIsInvalid(handle)
  const row = sql.one(
    'DELETE FROM sqs_messages WHERE seq = ? AND queue_id = ? AND handle_nonce = ? RETURNING id',
    seq,
    queueId,
    nonce,
  )
  if (row) emit({ kind: 'message-deleted', queue: queue.name, messageId: textOf(row, 'id') })
}
