import type { Clock, DeadLetterQueue, DeathCause, Log, TicketEvent } from 'ticket-core'
import type { QueueMessage } from '../batch.ts'
import { backOff } from '../decide/back-off.ts'
import type { Done, Retry } from '../message-result.ts'

/** What giving an event up needs. */
export interface DeadEventPorts {
  readonly deadLetters: DeadLetterQueue
  readonly clock: Clock
  readonly log: Log
  /** 0 to 1. */
  jitter(): number
}

/** Sends a message to the dead-letter queue as it came. */
export async function deadLetterEvent(
  ports: DeadEventPorts,
  message: QueueMessage,
  { event, cause }: { readonly event?: TicketEvent; readonly cause: DeathCause },
): Promise<Done | Retry> {
  const { messageId, body, attributes, receiveCount } = message
  ports.log.write('warn', 'event.dead', { messageId, ...cause, ticket: event?.ticket, event: event?.id })
  const isSent = await ports.deadLetters.send({
    body,
    cause,
    attributes,
    ...(event && { ticket: event.ticket, source: event.source, life: Number(attributes['life'] ?? 0) }),
  })
  if (isSent) return { kind: 'done' }
  const wait = backOff({ failures: receiveCount, unknown: false, jitter: ports.jitter() })
  return { kind: 'retry', until: ports.clock.now() + wait }
}
