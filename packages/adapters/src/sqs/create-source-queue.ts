import type { SQSClient } from '@aws-sdk/client-sqs'
import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs'
import type { Clock, Log, SourceQueue } from 'ticket-core'
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
/** The message has become visible or has been deleted meanwhile: there is nothing left to hide. */
const HARMLESS = /^(?:AWS\.SimpleQueueService\.)?(?:MessageNotInflight|ReceiptHandleIsInvalid)$/

/** The queue that a batch came from. Best effort: what fails is logged, and the queue's own visibility stays in force. */
export function createSourceQueue({ client, queueUrl, clock, timeoutMs = 3000, log }: SourceQueueOptions): SourceQueue {
  return {
    async postpone(receiptHandle, seconds) {
      const command = new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.min(Math.max(Math.ceil(seconds), 0), LONGEST),
      })
      const deadline = clock.now() + timeoutMs
      const changed = await withDeadline(clock, deadline, (abortSignal) => client.send(command, { abortSignal }))
      if (changed.kind === 'done') return
      const failure = readAwsFailure(changed)
      if (HARMLESS.test(failure.name)) return
      log?.write('warn', 'queue.postpone-failed', { seconds, reason: describeAwsFailure('SQS', failure) })
    },
  }
}
