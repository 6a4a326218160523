import { answerBatch, readBatch, type AnswerPorts, type BatchAnswer, type QueueMessage } from '../batch.ts'
import { hasTimeForCall, MAY_KILL_ABOVE, type Execution } from '../execution.ts'
import type { Retry } from '../message-result.ts'
import { createCircuitBreaker } from './circuit-breaker.ts'
import { deliverMessage } from './deliver-message.ts'
import type { DeliverPorts } from './deliver-ticket.ts'

/** A message that goes back without a call stays hidden this long, so the 1,000 receives of SQS take at least 50 hours. */
const UNCALLED_SECONDS = 180

/**
 * Schedules one SQS batch: in which order its messages are delivered, and which go back without a call.
 * Calm messages go first, in order of their receive count. Suspects, and messages that may be what kills the function,
 * go last, one after another; time for the first of them is kept. While the vendor is down, one call after each pause
 * finds out whether it is back; all other messages go back.
 */
export function createDeliverBatch(
  ports: DeliverPorts & AnswerPorts,
): (event: unknown, execution: Execution) => Promise<BatchAnswer> {
  const breaker = createCircuitBreaker()

  return async (event, execution) => {
    const messages = readBatch(event).toSorted((a, b) => a.receiveCount - b.receiveCount)
    const calm = messages.filter((message) => message.receiveCount <= MAY_KILL_ABOVE)
    const mayKill = messages.filter((message) => message.receiveCount > MAY_KILL_ABOVE)
    const suspects: QueueMessage[] = []
    const retries: { readonly message: QueueMessage; readonly retry: Retry }[] = []

    const take = async (message: QueueMessage, turn: { defersSuspects: boolean; reserve: number }): Promise<void> => {
      const now = ports.clock.now()
      const isOverdue = message.sentAt !== undefined && now - message.sentAt > ports.giveUpAfterMs
      // A message that is as old as tickets are tried is not held back: only its record can end it.
      const downFor = isOverdue ? undefined : breaker.downFor(ports.clock.monotonic())
      if (downFor !== undefined || !hasTimeForCall(ports.clock.monotonic(), execution, turn.reserve)) {
        retries.push({ message, retry: { kind: 'retry', until: now + (downFor ?? 0) } })
        return
      }
      const result = await deliverMessage(ports, { message, execution, defersSuspects: turn.defersSuspects })
      if (result.outcome) breaker.note(result.outcome, ports.clock.monotonic())
      if (result.kind === 'deferred') suspects.push(message)
      if (result.kind === 'retry') retries.push({ message, retry: result })
    }

    for (const message of calm)
      await take(message, { defersSuspects: true, reserve: suspects.length + mayKill.length > 0 ? 1 : 0 })
    for (const message of [...suspects, ...mayKill]) await take(message, { defersSuspects: false, reserve: 0 })
    const now = ports.clock.now()
    const keptBack = retries.map(({ message, retry }) => ({ message, seconds: secondsUntil(retry, now) }))
    return answerBatch(ports, execution, keptBack)
  }
}

function secondsUntil({ until, called }: Retry, now: number): number {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  return called ? seconds : Math.max(UNCALLED_SECONDS, seconds)
}
