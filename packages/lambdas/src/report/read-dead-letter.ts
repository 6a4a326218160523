import { createHash } from 'node:crypto'
import {
  type DeathCause,
  type Effect,
  type KeptMessage,
  type Ticket,
  type TicketEvent,
  digestTicket,
  effectKey,
  letterKey,
  openEvent,
  openMessage,
} from 'ticket-core'
import type { QueueMessage } from '../batch.ts'

/** What a dead letter is about, and the key of its archive. */
export type ReceivedLetter =
  | {
      readonly kind: 'ticket'
      readonly key: string
      readonly ticket: Ticket
      readonly life: number
      readonly kept: Kept
    }
  | {
      readonly kind: 'event'
      readonly key: string
      readonly event: TicketEvent
      readonly life: number
      readonly kept: Kept
    }
  | {
      readonly kind: 'effect'
      readonly key: string
      readonly effect: Effect
      readonly life: number
      readonly kept: Kept
    }
  | { readonly kind: 'collision'; readonly key: string; readonly ticket: Ticket; readonly kept: Kept }
  | { readonly kind: 'unreadable'; readonly key: string; readonly kept: Kept }

export interface Kept {
  readonly message: KeptMessage
  readonly cause: DeathCause
}

/** Reads a message of the dead-letter queue: sent there by us, or moved there by SQS after too many receives. */
export function readDeadLetter(message: QueueMessage): ReceivedLetter {
  const kept = { message: keep(message), cause: readCause(message) }
  const event = openEvent(message.body)
  if (event.ok)
    return {
      kind: 'event',
      key: letterKey('event', sha256(message.body)),
      event: event.value,
      life: readLife(message),
      kept,
    }
  const opened = openMessage(message)
  if (!opened.ok) {
    const cause = message.attributes['code'] ? kept.cause : { code: 'unreadable', reason: opened.failure.reason }
    return unreadable({ ...kept, cause })
  }
  if (opened.value.kind === 'effect') {
    const { effect, life } = opened.value
    return kept.cause.code === 'collision'
      ? unreadable(kept)
      : { kind: 'effect', key: effectKey(effect), effect, life, kept }
  }
  const { ticket, life } = opened.value
  if (kept.cause.code === 'collision') return collision(ticket, kept)
  return { kind: 'ticket', key: ticket.id, ticket, life, kept }
}

/** Nothing to send again is in it: archived under the digest of its body. */
export function unreadable(kept: Kept): ReceivedLetter {
  return { kind: 'unreadable', key: letterKey('unreadable', sha256(kept.message.body)), kept }
}

/** Another message, or other words, came under the ticket's id: archived under its own digest, no record is touched. */
export function collision(ticket: Ticket, kept: Kept): ReceivedLetter {
  const reason = `another message, or other words, came under the id ${ticket.id}`
  return {
    kind: 'collision',
    key: letterKey('collision', digestTicket(ticket)),
    ticket,
    kept: { ...kept, cause: { code: 'collision', reason } },
  }
}

/** It is not what the ticket's lane sends of it: archived beside the ticket, no record is touched. */
export function altered({ ticket, kept }: Extract<ReceivedLetter, { kind: 'ticket' }>): ReceivedLetter {
  const reason = `its words, or its life, are not those of ${ticket.id}; it changed nothing about ${ticket.id}`
  return {
    kind: 'collision',
    key: letterKey('collision', digestTicket(ticket)),
    ticket,
    kept: { ...kept, cause: { code: 'altered', reason } },
  }
}

/** How often an event was redriven: its body does not say. */
function readLife({ attributes }: QueueMessage): number {
  const life = attributes['life'] ?? ''
  return /^\d{1,9}$/.test(life) ? Number(life) : 0
}

function readCause(message: QueueMessage): DeathCause {
  const code = message.attributes['code']
  if (code) return { code, reason: message.attributes['reason'] ?? code }
  const reason = 'it was received so often without an outcome that SQS moved it to the dead-letter queue'
  return { code: 'received-too-often', reason }
}

function keep(message: QueueMessage): KeptMessage {
  return {
    messageId: message.messageId,
    body: message.body,
    receiveCount: message.receiveCount,
    attributes: message.attributes,
    ...(message.sentAt !== undefined && { sentAt: message.sentAt }),
    ...(message.sourceQueueArn !== undefined && { sourceQueueArn: message.sourceQueueArn }),
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
