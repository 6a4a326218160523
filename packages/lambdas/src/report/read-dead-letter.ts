import { createHash } from 'node:crypto'
import { type DeathCause, type KeptMessage, type Ticket, openEnvelope } from 'ticket-core'
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
  | { readonly kind: 'collision'; readonly key: string; readonly ticket: Ticket; readonly kept: Kept }
  | { readonly kind: 'unreadable'; readonly key: string; readonly kept: Kept }

export interface Kept {
  readonly message: KeptMessage
  readonly cause: DeathCause
}

/** Hex digits of a digest in an archive's key: enough to never meet, short enough to paste. */
const KEY_DIGITS = 16

/** Reads a message of the dead-letter queue: sent there by us, or moved there by SQS after too many receives. */
export function readDeadLetter(message: QueueMessage): ReceivedLetter {
  const opened = openEnvelope(message)
  const kept = { message: keep(message), cause: readCause(message) }
  if (!opened.ok) {
    const cause = message.attributes['code'] ? kept.cause : { code: 'unreadable', reason: opened.failure.reason }
    return { kind: 'unreadable', key: `unreadable-${digest(message.body)}`, kept: { ...kept, cause } }
  }
  const { ticket, life } = opened.value
  if (kept.cause.code === 'collision') return collision(ticket, kept)
  return { kind: 'ticket', key: ticket.id, ticket, life, kept }
}

/** Another message has the ticket's id: archived under its own digest, no record is touched. */
export function collision(ticket: Ticket, kept: Kept): ReceivedLetter {
  const reason = `another message has the id ${ticket.id}`
  return {
    kind: 'collision',
    key: `collision-${ticket.source.slice(0, KEY_DIGITS)}`,
    ticket,
    kept: { ...kept, cause: { code: 'collision', reason } },
  }
}

/** The text of a ticket that was claimed is not this one's: archived beside it, no record is touched. */
export function altered({ ticket, kept }: Extract<ReceivedLetter, { kind: 'ticket' }>): ReceivedLetter {
  const reason = `its text is not that of ${ticket.id} as it was claimed; nothing became of ${ticket.id} by it`
  const digits = digest(JSON.stringify(ticket))
  return {
    kind: 'collision',
    key: `collision-${digits}`,
    ticket,
    kept: { ...kept, cause: { code: 'altered', reason } },
  }
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

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, KEY_DIGITS)
}
