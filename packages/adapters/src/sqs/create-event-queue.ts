import type { SQSClient } from '@aws-sdk/client-sqs'
import { type Clock, type EventQueue, type Log, writeEvent } from 'ticket-core'
import { buildMessage } from './message.ts'
import { createOutbox } from './outbox.ts'
import { createSendBatch } from './send-batch.ts'

/** Where the events go, and how. */
export interface EventQueueOptions {
  readonly client: SQSClient
  readonly queueUrl: string
  readonly clock: Clock
  /** Milliseconds that a caller waits at most; Teams itself waits five seconds, Slack three. @default 2500 */
  readonly timeoutMs?: number
  readonly log?: Log
}

/** The queue of events. Sending an event again is harmless: its id says that it is the same one. */
export function createEventQueue({ client, queueUrl, clock, timeoutMs = 2500, log }: EventQueueOptions): EventQueue {
  const outbox = createOutbox({ sendBatch: createSendBatch(client, queueUrl, clock), clock, timeoutMs })
  return {
    async enqueue(event) {
      const body = writeEvent(event)
      if (!body.ok) return { kind: 'too-large', bytes: body.failure.bytes, limit: body.failure.limit }
      const outcome = await outbox.send(buildMessage(body.value, { ticket: event.ticket }))
      if (outcome.kind !== 'accepted')
        log?.write('warn', `queue.${outcome.kind}`, { ticket: event.ticket, event: event.id, reason: outcome.reason })
      return outcome
    },
    drain: () => outbox.drain(),
  }
}
