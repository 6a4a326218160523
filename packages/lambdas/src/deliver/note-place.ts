import { type Clock, type IndexStore, type Log, type Receipt, placeKey } from 'ticket-core'
import type { MessageResult } from '../message-result.ts'
import type { WorkSteps } from './deliver-work.ts'

/** What writing down a place needs. */
export interface PlacePorts {
  /** Where the lane's vendor calls back; absent in other lanes. */
  readonly places?: Pick<IndexStore, 'put'>
  readonly clock: Clock
  readonly log: Log
}

/** As long as a message that goes back without a call. */
const AGAIN_MS = 180_000

/**
 * Writes down which ticket a card shows, after the vendor's receipt and before the outcome is recorded: a callback knows
 * only the card. If it cannot be written, the ticket is still recorded as delivered, and the message comes back until it
 * is. docs/decisions/0033
 */
export async function withPlace(
  ports: PlacePorts,
  ticket: string,
  deliver: (wrap: (steps: WorkSteps) => WorkSteps) => Promise<MessageResult>,
): Promise<MessageResult> {
  const { places, clock, log } = ports
  if (!places) return deliver((steps) => steps)
  let repeated: Receipt | undefined
  let isMissing = false

  async function note({ vendorId = '' }: Receipt): Promise<void> {
    const key = placeKey(vendorId, ticket)
    if (key === undefined || !places) return
    const put = await places.put(key)
    isMissing = put.kind === 'unavailable'
    if (put.kind === 'unavailable') log.write('error', 'place.unavailable', { ticket, reason: put.reason })
  }

  const result = await deliver((steps) => ({
    decide(stored, now) {
      const decision = steps.decide(stored, now)
      const isDelivered = decision.kind === 'acknowledge' && decision.why === 'delivered'
      repeated = isDelivered && stored.kind === 'found' ? stored.item.receipt : undefined
      return decision
    },
    async prepare(stored) {
      const ready = await steps.prepare(stored)
      if (ready.kind !== 'ready') return ready
      return {
        ...ready,
        deliver: async (record) => {
          const outcome = await ready.deliver(record)
          if (outcome.kind === 'delivered') await note(outcome.receipt)
          return outcome
        },
      }
    },
  }))
  if (repeated) await note(repeated)
  return result.kind === 'done' && isMissing ? { ...result, kind: 'retry', until: clock.now() + AGAIN_MS } : result
}
