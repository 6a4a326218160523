import type { DeliveryOutcome } from 'ticket-core'
import type { DeliverPorts, Execution } from './deliver-ports.ts'
import { deliverMessage } from './deliver-message.ts'
import { MAY_KILL_ABOVE, postponesLeft, worksLeft } from './execution.ts'
import type { MessageEnd } from './held.ts'
import type { BatchAnswer, QueueMessage } from './read-batch.ts'
import { readBatch } from './read-batch.ts'

/** A message that goes back without a call stays hidden this long: 1,000 receives then last 50 hours. */
const UNCALLED_SECONDS = 180
/** Two 5xx in a row are an outage; one may be bad luck. A vendor that refuses (429) or is not reached is down at once. */
const FAILURES_IN_A_ROW = 2

/**
 * Line 2: delivers the tickets of one SQS batch, each on its own, and names those that must come back.
 * Calm messages go first, in order of their receive count; suspects and messages that may be what kills the function
 * go last, one after another, and a turn is kept for the first of them.
 */
export function createDeliverBatch(
  ports: DeliverPorts,
): (event: unknown, execution: Execution) => Promise<BatchAnswer> {
  return async (event, execution) => {
    const messages = readBatch(event).toSorted((a, b) => a.receiveCount - b.receiveCount)
    const back: QueueMessage[] = []
    const calm = messages.filter((message) => message.receiveCount <= MAY_KILL_ABOVE)
    const mayKill = messages.filter((message) => message.receiveCount > MAY_KILL_ABOVE)
    const suspects: QueueMessage[] = []
    const vendor = watchVendor()

    const sendBack = async (message: QueueMessage, seconds: number): Promise<void> => {
      back.push(message)
      if (postponesLeft(ports.clock.now(), execution)) await ports.source.postpone(message.receiptHandle, seconds)
    }
    const take = async (message: QueueMessage, turn: { first: boolean; reserve: number }): Promise<void> => {
      if (vendor.isDown() || !worksLeft(ports.clock.now(), execution, turn.reserve)) {
        await sendBack(message, UNCALLED_SECONDS)
        return
      }
      const end = await deliverMessage(ports, { message, execution, setSuspectsAside: turn.first })
      vendor.note(end.outcome)
      if (end.kind === 'aside') suspects.push(message)
      if (end.kind === 'back') await sendBack(message, secondsUntil(end, ports.clock.now()))
    }

    for (const message of calm)
      await take(message, { first: true, reserve: suspects.length + mayKill.length > 0 ? 1 : 0 })
    for (const message of [...suspects, ...mayKill]) await take(message, { first: false, reserve: 0 })
    return { batchItemFailures: back.map(({ messageId }) => ({ itemIdentifier: messageId })) }
  }
}

function secondsUntil(end: Extract<MessageEnd, { kind: 'back' }>, now: number): number {
  if (end.called) return Math.ceil((end.until - now) / 1000)
  return Math.max(UNCALLED_SECONDS, Math.ceil((end.until - now) / 1000))
}

/** Whether the next ticket would meet the same: then the rest of the batch need not call. */
function watchVendor(): { note(outcome: DeliveryOutcome | undefined): void; isDown(): boolean } {
  let inARow = 0
  return {
    note(outcome) {
      if (!outcome) return
      const down = (outcome.kind === 'retry' || outcome.kind === 'unknown') && outcome.vendorDown === true
      if (!down) inARow = 0
      else inARow += outcome.kind === 'retry' ? FAILURES_IN_A_ROW : 1
    },
    isDown: () => inARow >= FAILURES_IN_A_ROW,
  }
}
