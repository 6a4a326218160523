import type { SQSClient } from '@aws-sdk/client-sqs'
import {
  type Clock,
  type Enqueued,
  type EnvelopeTooLarge,
  type Redrivable,
  type Result,
  type WorkLane,
  laneOf,
  laneOfPlace,
  succeed,
  writeEffect,
  writeEnvelope,
  writeEvent,
} from 'ticket-core'
import { buildMessage } from './message.ts'
import { createOutbox } from './outbox.ts'
import { createSendBatch } from './send-batch.ts'

export interface EnvelopeSenderOptions {
  readonly client: SQSClient
  readonly queueUrls: Readonly<Record<WorkLane, string>>
  readonly clock: Clock
  /** Milliseconds. @default 10000 */
  readonly timeoutMs?: number
}

/** A ticket, an event or an effect in one of its lives. */
type Content = Redrivable & { readonly life: number }

/**
 * Sends a ticket to the queue of its priority, an event to the queue of events, an effect to the queue of its place: what
 * an operator's redrive is.
 */
export type SendEnvelope = (content: Content) => Promise<Enqueued>

/** Makes the sender of a redrive. `unknown` leaves open whether it was queued; sending it again does no harm. */
export function createEnvelopeSender({
  client,
  queueUrls,
  clock,
  timeoutMs = 10_000,
}: EnvelopeSenderOptions): SendEnvelope {
  return async (content) => {
    const { lane, ticket, body } = write(content)
    if (!body.ok) return { kind: 'too-large', bytes: body.failure.bytes, limit: body.failure.limit }
    const sendBatch = createSendBatch(client, queueUrls[lane], clock)
    const message = buildMessage(body.value, { ticket, life: content.life })
    return createOutbox({ sendBatch, clock, timeoutMs }).send(message)
  }
}

interface Written {
  readonly lane: WorkLane
  /** Its id. */
  readonly ticket: string
  readonly body: Result<string, EnvelopeTooLarge>
}

function write(content: Content): Written {
  if ('event' in content) {
    const { event } = content
    return { lane: 'events', ticket: event.ticket, body: writeEvent(event) }
  }
  const { life } = content
  if ('effect' in content) {
    const { effect } = content
    return { lane: laneOfPlace(effect.place), ticket: effect.ticket, body: succeed(writeEffect({ effect, life })) }
  }
  const { ticket } = content
  return { lane: laneOf(ticket.priority), ticket: ticket.id, body: writeEnvelope({ ticket, life }) }
}
