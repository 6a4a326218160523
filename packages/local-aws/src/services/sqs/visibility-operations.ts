import { numberOf, optionalTextOf, textOf } from '../../sql.ts'
import { checkBatch, runBatch, type BatchOutcome } from './batch.ts'
import { findQueueByUrl, type QueueRecord } from './queue-record.ts'
import { readReceiptHandle } from './receipt-handle.ts'
import { checkVisibility } from './receive-operations.ts'
import { invalidValue, missingParameter, receiptHandleIsInvalid } from './sqs-errors.ts'
import type {
  ChangeMessageVisibilityBatchCommandInput,
  ChangeMessageVisibilityBatchResultEntry,
  ChangeMessageVisibilityCommandInput,
} from '@aws-sdk/client-sqs'
import type { Call } from '../../service.ts'
import type { SqsContext } from './sqs-context.ts'

export function changeMessageVisibility(
  context: SqsContext,
  input: ChangeMessageVisibilityCommandInput,
  call: Call,
): void {
  const queue = findQueueByUrl(context.sql, input.QueueUrl, call)
  changeReceived(context, queue, input)
}

export function changeMessageVisibilityBatch(
  context: SqsContext,
  input: ChangeMessageVisibilityBatchCommandInput,
  call: Call,
): BatchOutcome<ChangeMessageVisibilityBatchResultEntry> {
  const queue = findQueueByUrl(context.sql, input.QueueUrl, call)
  const entries = input.Entries ?? []
  checkBatch(entries, 'ChangeMessageVisibilityBatchRequestEntry')
  return context.sql.atomically(() =>
    runBatch(entries, (entry, id) => {
      changeReceived(context, queue, entry)
      return { Id: id }
    }),
  )
}

interface Change {
  readonly ReceiptHandle: string | undefined
  readonly VisibilityTimeout?: number | undefined
}

const maxMilliseconds = 43_200_000

/**
 * Counted from now; at most 12 hours since the message was received. The newest handle also works after its timeout;
 * an older one succeeds and changes nothing, because another receiver may have the message.
 */
function changeReceived({ sql, clock, messageSignal, emit }: SqsContext, queue: QueueRecord, change: Change): void {
  const { ReceiptHandle = '', VisibilityTimeout: seconds } = change
  if (seconds === undefined) throw missingParameter('VisibilityTimeout')
  checkVisibility(seconds)
  const { queueId, seq, nonce } = readReceiptHandle(ReceiptHandle)
  if (queueId !== queue.id) throw receiptHandleIsInvalid(ReceiptHandle)
  const row = sql.one(
    'SELECT id, visible_at, received_at, handle_nonce FROM sqs_messages WHERE seq = ? AND queue_id = ?',
    seq,
    queueId,
  )
  if (!row) {
    throw invalidValue(
      'ReceiptHandle',
      ReceiptHandle,
      'Message does not exist or is not available for visibility timeout change.',
    )
  }
  const now = clock.now()
  if (optionalTextOf(row, 'handle_nonce') !== nonce) return
  const visibleAt = now + seconds * 1000
  if (visibleAt - numberOf(row, 'received_at') > maxMilliseconds) {
    throw invalidValue(
      'VisibilityTimeout',
      seconds,
      'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
    )
  }
  sql.run('UPDATE sqs_messages SET visible_at = ? WHERE seq = ?', visibleAt, seq)
  emit({ kind: 'visibility-changed', queue: queue.name, messageId: textOf(row, 'id'), visibleAt })
  messageSignal.notify(queueId)
}
