import type { SQSClient } from '@aws-sdk/client-sqs'
import { type Clock, type Enqueued, type Ticket, type TicketLane, laneOf, writeEnvelope } from 'ticket-core'
import { buildMessage } from './message.ts'
import { createOutbox } from './outbox.ts'
import { createSendBatch } from './send-batch.ts'

export interface EnvelopeSenderOptions {
  readonly client: SQSClient
  readonly queueUrls: Readonly<Record<TicketLane, string>>
  readonly clock: Clock
  /** Milliseconds. @default 10000 */
  readonly timeoutMs?: number
}

/** Sends a ticket in one of its lives to the queue of its priority: what an operator's redrive is. */
export type SendEnvelope = (envelope: { readonly ticket: Ticket; readonly life: number }) => Promise<Enqueued>

/** Makes the sender of a redrive. `unknown` leaves open whether it was queued; sending it again does no harm. */
export function createEnvelopeSender({
  client,
  queueUrls,
  clock,
  timeoutMs = 10_000,
}: EnvelopeSenderOptions): SendEnvelope {
  return async ({ ticket, life }) => {
    const envelope = writeEnvelope({ ticket, life })
    if (!envelope.ok) return { kind: 'too-large', bytes: envelope.failure.bytes, limit: envelope.failure.limit }
    const sendBatch = createSendBatch(client, queueUrls[laneOf(ticket.priority)], clock)
    return createOutbox({ sendBatch, clock, timeoutMs }).send(buildMessage(envelope.value, { ticket: ticket.id, life }))
  }
}
