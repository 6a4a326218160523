import type { SQSClient } from '@aws-sdk/client-sqs'
import type { Clock, DeadLetterMessage, DeadLetterQueue, Log } from 'ticket-core'
import { allowText } from './allowed-text.ts'
import type { OutgoingMessage } from './message.ts'
import { buildMessage, MAX_BYTES } from './message.ts'
import { createOutbox } from './outbox.ts'
import { createSendBatch } from './send-batch.ts'

export interface DeadLetterQueueOptions {
  readonly client: SQSClient
  readonly queueUrl: string
  readonly clock: Clock
  /** Milliseconds, tries included. @default 5000 */
  readonly timeoutMs?: number
  readonly log?: Log
}

/** UTF-16 units; the archive of the ledger's history holds the rest. */
const LONGEST_CODE = 100
const LONGEST_REASON = 1000

/** The dead-letter queue: body whole, with the attributes `code`, `reason`, `ticket`, `life` and `source`. */
export function createDeadLetterQueue({
  client,
  queueUrl,
  clock,
  timeoutMs = 5000,
  log,
}: DeadLetterQueueOptions): DeadLetterQueue {
  const outbox = createOutbox({ sendBatch: createSendBatch(client, queueUrl, clock), clock, timeoutMs })
  return {
    async send(message) {
      const outcome = await outbox.send(hideAtFirst(buildDeadLetterMessage(message), message.delaySeconds))
      if (outcome.kind === 'accepted') return true
      log?.write('error', 'dead-letter.not-sent', { ticket: message.ticket, reason: outcome.reason })
      return false
    },
  }
}

/** The body comes first: where it leaves no room, the reason goes, then the code. */
function buildDeadLetterMessage({ body, cause, ticket, life, source }: DeadLetterMessage): OutgoingMessage {
  const code = allowText(cause.code, LONGEST_CODE)
  const keys = { ticket: ticket === undefined ? undefined : allowText(ticket, LONGEST_CODE), life, source }
  const whole = buildMessage(body, { code, reason: allowText(cause.reason, LONGEST_REASON), ...keys })
  if (whole.bytes <= MAX_BYTES) return whole
  const withoutReason = buildMessage(body, { code, ...keys })
  return withoutReason.bytes <= MAX_BYTES ? withoutReason : buildMessage(body, keys)
}

function hideAtFirst(message: OutgoingMessage, delaySeconds: number | undefined): OutgoingMessage {
  return delaySeconds === undefined ? message : { ...message, delaySeconds }
}
