import type { SQSClient } from '@aws-sdk/client-sqs'
import {
  type Clock,
  type Log,
  type Metrics,
  type TicketLane,
  type TicketQueue,
  destinationFor,
  laneOf,
  writeEnvelope,
} from 'ticket-core'
import { buildMessage } from './message.ts'
import { type Outbox, createOutbox } from './outbox.ts'
import { createSendBatch } from './send-batch.ts'

/** Where the tickets go, and how. */
export interface TicketQueueOptions {
  readonly client: SQSClient
  readonly queueUrls: Readonly<Record<TicketLane, string>>
  readonly clock: Clock
  /** Milliseconds a caller waits at most; Teams itself waits five seconds. @default 4000 */
  readonly timeoutMs?: number
  readonly metrics?: Metrics
  readonly log?: Log
}

/**
 * The queues of the three lanes. Tickets that arrive at the same moment share `SendMessageBatch` calls; each
 * caller gets its own entry's outcome, and a failed entry does not fail the others.
 */
export function createTicketQueue(options: TicketQueueOptions): TicketQueue {
  const outboxes: Readonly<Record<TicketLane, Outbox>> = {
    low: openOutbox(options, 'low'),
    medium: openOutbox(options, 'medium'),
    high: openOutbox(options, 'high'),
  }
  return {
    async enqueue(ticket, context) {
      const envelope = writeEnvelope({ ticket, life: 0 })
      if (!envelope.ok) return { kind: 'too-large', bytes: envelope.failure.bytes, limit: envelope.failure.limit }
      const message = buildMessage(envelope.value, { ticket: ticket.id, life: 0, traceparent: context?.traceparent })
      const outcome = await outboxes[laneOf(ticket.priority)].send(message)
      if (outcome.kind !== 'accepted') {
        const destination = destinationFor(ticket.priority)
        options.log?.write('warn', `queue.${outcome.kind}`, { ticket: ticket.id, destination, reason: outcome.reason })
      }
      return outcome
    },
    async drain() {
      await Promise.all(Object.values(outboxes).map((outbox) => outbox.drain()))
    },
  }
}

function openOutbox(
  { client, queueUrls, clock, timeoutMs = 4000, metrics }: TicketQueueOptions,
  lane: TicketLane,
): Outbox {
  const destination = destinationFor(lane)
  return createOutbox({
    sendBatch: createSendBatch(client, queueUrls[lane], clock),
    clock,
    timeoutMs,
    onCall: ({ size, accepted, seconds }) => {
      metrics?.observe('ticketing_sqs_call_seconds', seconds, { destination })
      metrics?.count('ticketing_sqs_entries_total', { destination, outcome: 'accepted' }, accepted)
      metrics?.count('ticketing_sqs_entries_total', { destination, outcome: 'failed' }, size - accepted)
    },
  })
}
