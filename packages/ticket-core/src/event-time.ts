import type { Case } from './case.ts'
import type { TicketEvent } from './event.ts'
import { stateOf } from './state.ts'

/** The latest instant that a `Date` can show. */
const LATEST = 8.64e15

/**
 * The time of an event whose sender decides on the state that the case shows, and gets an answer: after all that the case
 * has, whatever other clocks say. So the event has the effect that the answer shows.
 */
export function afterAllOf(known: Pick<Case, 'ticket' | 'events'>, at: number): number {
  const last = stateOf(known).history.at(-1)?.at ?? -LATEST
  return Math.max(at, Math.min(last + 1, LATEST))
}

/**
 * An event as its case keeps it: not later than `sentAt`, when the queue took it, so that no clock but the cloud's can put it
 * into the future. An event dated exactly a millisecond after the last one keeps its time, even if the queue took it
 * earlier: its sender knew that last event. A case that is ahead of `now` (the clock was set back) takes events in the order
 * in which they come. An event that the case holds already is the one that it holds.
 */
export function placeInTime(
  known: Pick<Case, 'ticket' | 'events'>,
  event: TicketEvent,
  { sentAt, now }: { readonly sentAt: number; readonly now: number },
): TicketEvent {
  const { history } = stateOf(known)
  const last = history.at(-1)?.at ?? -LATEST
  const held = history.find(({ id }) => id === event.id)
  if (held) return held
  const next = Math.min(last + 1, LATEST)
  if (last > now || event.at === next) return { ...event, at: next }
  return { ...event, at: Math.min(event.at, sentAt) }
}
