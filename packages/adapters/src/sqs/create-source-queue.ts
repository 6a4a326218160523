import { type BatchResultErrorEntry, type SQSClient, ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs'
import type { Clock, Log, Postponed, SourceQueue } from 'ticket-core'
import { describeAwsFailure, readAwsFailure } from '../aws/read-failure.ts'
import { withDeadline } from '../clock/with-deadline.ts'

export interface SourceQueueOptions {
  readonly client: SQSClient
  readonly queueUrl: string
  readonly clock: Clock
  /** Milliseconds. @default 3000 */
  readonly timeoutMs?: number
  readonly log?: Log
}

/** SQS's longest invisibility: twelve hours, in seconds. */
const LONGEST = 43_200
/** Entries of one call. */
const MOST = 10
/** The message has become visible or has been deleted meanwhile: there is nothing left to hide. */
const HARMLESS = /^(?:AWS\.SimpleQueueService\.)?(?:MessageNotInflight|ReceiptHandleIsInvalid)$/

/** The queue that a batch came from. Best effort: what fails is logged, and the queue's own visibility stays in force. */
export function createSourceQueue({ client, queueUrl, clock, timeoutMs = 3000, log }: SourceQueueOptions): SourceQueue {
  const warn = (messages: number, reason: string): void =>
    log?.write('warn', 'queue.postpone-failed', { messages, reason })

  const postponeSome = async (messages: readonly Postponed[], deadline: number): Promise<void> => {
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: queueUrl,
      Entries: messages.map(({ receiptHandle, seconds }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.min(Math.max(Math.ceil(seconds), 0), LONGEST),
      })),
    })
    const changed = await withDeadline(clock, deadline, (abortSignal) => client.send(command, { abortSignal }))
    if (changed.kind !== 'done') {
      warn(messages.length, describeAwsFailure('SQS', readAwsFailure(changed)))
      return
    }
    const failed = (changed.value.Failed ?? []).filter(isHarmful)
    if (failed.length > 0) warn(failed.length, `SQS refused: ${failed[0]?.Code ?? 'without a code'}.`)
  }

  return {
    async postpone(messages) {
      const deadline = clock.monotonic() + timeoutMs
      for (let first = 0; first < messages.length; first += MOST)
        await postponeSome(messages.slice(first, first + MOST), deadline)
    },
  }
}

function isHarmful({ Code = '' }: BatchResultErrorEntry): boolean {
  return !HARMLESS.test(Code)
}
