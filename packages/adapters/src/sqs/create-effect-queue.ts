import type { SQSClient } from '@aws-sdk/client-sqs'
import { type Clock, type EffectQueue, type Log, type TicketLane, laneOfPlace, writeEffect } from 'ticket-core'
import { buildMessage } from './message.ts'
import { type Outbox, createOutbox } from './outbox.ts'
import { createSendBatch } from './send-batch.ts'

/** Where the effects go, and how. */
export interface EffectQueueOptions {
  readonly client: SQSClient
  readonly queueUrls: Readonly<Record<TicketLane, string>>
  readonly clock: Clock
  /** Milliseconds, tries included. @default 4000 */
  readonly timeoutMs?: number
  readonly log?: Log
}

/** The queues of the places that have tickets. Sending an effect again is harmless: its record in the ledger catches it. */
export function createEffectQueue({
  client,
  queueUrls,
  clock,
  timeoutMs = 4000,
  log,
}: EffectQueueOptions): EffectQueue {
  const open = (lane: TicketLane): Outbox =>
    createOutbox({ sendBatch: createSendBatch(client, queueUrls[lane], clock), clock, timeoutMs })
  const outboxes: Readonly<Record<TicketLane, Outbox>> = {
    low: open('low'),
    medium: open('medium'),
    high: open('high'),
  }
  return {
    async enqueue(effect) {
      const { ticket, place, kind } = effect
      const message = buildMessage(writeEffect({ effect, life: 0 }), { ticket, life: 0 })
      const outcome = await outboxes[laneOfPlace(place)].send(message)
      if (outcome.kind !== 'accepted')
        log?.write('warn', `queue.${outcome.kind}`, { ticket, place, effect: kind, reason: outcome.reason })
      return outcome
    },
  }
}
