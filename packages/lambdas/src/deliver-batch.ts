import type { Postponed } from 'ticket-core'
import type { DeliverPorts, Execution } from './deliver-ports.ts'
import { deliverMessage } from './deliver-message.ts'
import { MAY_KILL_ABOVE, postponesLeft, worksLeft } from './execution.ts'
import type { MessageEnd } from './held.ts'
import type { BatchAnswer, QueueMessage } from './read-batch.ts'
import { readBatch } from './read-batch.ts'
import { watchVendor } from './vendor-watch.ts'

/** A message that goes back without a call stays hidden this long: 1,000 receives then last 50 hours. */
const UNCALLED_SECONDS = 180

type Back = Extract<MessageEnd, { kind: 'back' }>

/**
 * Line 2: delivers the tickets of one SQS batch, each on its own, and names those that must come back.
 * Calm messages go first, in order of their receive count; suspects and messages that may be what kills the function
 * go last, one after another, and a turn is kept for the first of them. While the vendor is down, one call after each
 * pause finds out whether it is back; all else goes back uncalled.
 */
export function createDeliverBatch(
  ports: DeliverPorts,
): (event: unknown, execution: Execution) => Promise<BatchAnswer> {
  const vendor = watchVendor()

  return async (event, execution) => {
    const messages = readBatch(event).toSorted((a, b) => a.receiveCount - b.receiveCount)
    const back: { readonly message: QueueMessage; readonly end: Back }[] = []
    const calm = messages.filter((message) => message.receiveCount <= MAY_KILL_ABOVE)
    const mayKill = messages.filter((message) => message.receiveCount > MAY_KILL_ABOVE)
    const suspects: QueueMessage[] = []

    const take = async (message: QueueMessage, turn: { first: boolean; reserve: number }): Promise<void> => {
      const now = ports.clock.now()
      const downFor = isOverdue(message, now, ports.giveUpAfterMs) ? undefined : vendor.downFor(ports.clock.monotonic())
      if (downFor !== undefined || !worksLeft(ports.clock.monotonic(), execution, turn.reserve)) {
        back.push({ message, end: { kind: 'back', until: now + (downFor ?? 0), called: false } })
        return
      }
      const end = await deliverMessage(ports, { message, execution, setSuspectsAside: turn.first })
      if (end.outcome) vendor.note(end.outcome, ports.clock.monotonic())
      if (end.kind === 'aside') suspects.push(message)
      if (end.kind === 'back') back.push({ message, end })
    }

    for (const message of calm)
      await take(message, { first: true, reserve: suspects.length + mayKill.length > 0 ? 1 : 0 })
    for (const message of [...suspects, ...mayKill]) await take(message, { first: false, reserve: 0 })
    const now = ports.clock.now()
    if (back.length > 0 && postponesLeft(ports.clock.monotonic(), execution))
      await ports.source.postpone(back.map(({ message, end }) => postponed(message, end, now)))
    return { batchItemFailures: back.map(({ message }) => ({ itemIdentifier: message.messageId })) }
  }
}

function postponed({ receiptHandle }: QueueMessage, { until, called }: Back, now: number): Postponed {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  return { receiptHandle, seconds: called ? seconds : Math.max(UNCALLED_SECONDS, seconds) }
}

/** What has waited as long as a ticket is tried is not held back: its own record must decide, and end it if need be. */
function isOverdue({ sentAt }: QueueMessage, now: number, giveUpAfterMs: number): boolean {
  return sentAt !== undefined && now - sentAt > giveUpAfterMs
}
