import { type Case, type EffectQueue, type TicketEvent, effectsOf } from 'ticket-core'

/** What notifying other places of an event needs. */
export interface EffectPorts {
  readonly effects: EffectQueue
}

/**
 * Sends what an event causes elsewhere to the lanes. When one of them did not take it, the event comes back and sends all
 * of it again, which is harmless.
 */
export async function enqueueEffects(
  { effects }: EffectPorts,
  event: TicketEvent,
  known: Case,
): Promise<{ readonly kind: 'sent' } | { readonly kind: 'unavailable'; readonly reason: string }> {
  const outcomes = await Promise.all(effectsOf(event, known).map((effect) => effects.enqueue(effect)))
  const failed = outcomes.find(({ kind }) => kind !== 'accepted')
  if (!failed) return { kind: 'sent' }
  return { kind: 'unavailable', reason: 'reason' in failed ? failed.reason : 'a queue did not take an effect' }
}
