import type { Clock, DeadLetterQueue, DeathCause, Log } from 'ticket-core'
import type { QueueMessage } from '../batch.ts'
import { type Done, type Retry, retrySoon } from '../message-result.ts'

interface LetterPorts {
  readonly deadLetters: DeadLetterQueue
  readonly clock: Clock
  readonly log: Log
}

/** Why, and what is known of the message. */
interface About {
  readonly cause: DeathCause
  /** Our own envelope of it, where the message is of the older system. */
  readonly body?: string | undefined
  readonly ticket?: string
  readonly source?: string
  readonly life?: number
}

/** Sends a message to the dead-letter queue as it came. No record is touched. */
export async function deadLetterWhole(
  ports: LetterPorts,
  message: QueueMessage,
  { cause, body, ...known }: About,
): Promise<Done | Retry> {
  ports.log.write('warn', 'delivery.unfit', { messageId: message.messageId, ...cause, ticket: known.ticket })
  const isSent = await ports.deadLetters.send({
    body: body ?? message.body,
    cause,
    attributes: message.attributes,
    ...known,
  })
  return isSent ? { kind: 'done' } : retrySoon(ports)
}
