import type { SQSClient } from '@aws-sdk/client-sqs'
import { type Clock, type EffectQueue, type Log, type DeliveryLane, laneOfPlace, writeEffect } from 'ticket-core'
import { buildMessage } from './message.ts'
import { type Outbox, createOutbox } from './outbox.ts'
import { createSendBatch } from './send-batch.ts'

/** Where the effects go, and how. */
export interface EffectQueueOptions {
  readonly client: SQSClient
  readonly queueUrls: Readonly<Record<DeliveryLane, string>>
  /** Seconds (0 to 900) that a team is not notified yet, so that the changes of that time come as one card. */
  readonly newsDelaySeconds: number
  readonly clock: Clock
  /** Milliseconds, tries included. @default 4000 */
  readonly timeoutMs?: number
  readonly log?: Log
}

/** The queues of the places that have tickets. Sending an effect again is harmless: its record in the ledger catches it. */
export function createEffectQueue({
  client,
  queueUrls,
  newsDelaySeconds,
  clock,
  timeoutMs = 4000,
  log,
}: EffectQueueOptions): EffectQueue {
  const open = (lane: DeliveryLane): Outbox =>
    createOutbox({ sendBatch: createSendBatch(client, queueUrls[lane], clock), clock, timeoutMs })
  const outboxes: Readonly<Record<DeliveryLane, Outbox>> = {
    low: open('low'),
    medium: open('medium'),
    high: open('high'),
    news: open('news'),
  }
  return {
    async enqueue(effect) {
      const { ticket, place, kind } = effect
      const message = buildMessage(writeEffect({ effect, life: 0 }), { ticket, life: 0 })
      const delayed = place === 'team' ? { ...message, delaySeconds: newsDelaySeconds } : message
      const outcome = await outboxes[laneOfPlace(place)].send(delayed)
      if (outcome.kind !== 'accepted')
        log?.write('warn', `queue.${outcome.kind}`, { ticket, place, effect: kind, reason: outcome.reason })
      return outcome
    },
  }
}
