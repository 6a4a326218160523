import type { Case } from '../case.ts'
import type { DeadLetter } from '../dead-letter.ts'
import type { TicketEvent } from '../event.ts'
import type { Receipt } from '../ledger-record.ts'
import type { PressedMessage } from '../slack-press.ts'
import type { TicketState } from '../state.ts'
import type { Ticket } from '../ticket.ts'

/** The result of one call of a sink. */
export type DeliveryOutcome =
  | { readonly kind: 'delivered'; readonly receipt: Receipt }
  /**
   * Certainly not delivered; retry. `after`: milliseconds, from the vendor's `Retry-After`.
   * `vendorDown`: true when the next ticket would fail too (429, 5xx), so that the rest of the batch need not call.
   */
  | {
      readonly kind: 'retry'
      readonly code: string
      readonly reason: string
      readonly after?: number
      readonly vendorDown?: boolean
    }
  /** The vendor will never accept it as it is. */
  | { readonly kind: 'rejected'; readonly code: string; readonly reason: string }
  /** The vendor may or may not have delivered it. */
  | { readonly kind: 'unknown'; readonly code: string; readonly reason: string; readonly vendorDown?: boolean }

/** One attempt to deliver a ticket. */
export interface Delivery {
  readonly ticket: Ticket
  /** The outcome of an earlier attempt is unknown: look first, or mark it as a possible repeat. */
  readonly suspect: boolean
  /** When the ticket was first claimed; a look goes back to 10 minutes before it. */
  readonly firstClaimAt: number
  /** At this reading of `Clock.monotonic` every call has ended: aborted, socket closed, awaited. */
  readonly deadline: number
  /** The object that holds the complete ticket: a text that has to be cut refers to it. */
  readonly keptAt: string
  /** What people have done with it already. Absent: it was reported just now. */
  readonly state?: TicketState
}

/** A ticket as it is now, in place of the message in Slack whose button was pressed. */
interface PressAnswer extends PressedMessage {
  /** The case with the press. */
  readonly known: Case
  readonly keptAt: string
  readonly deadline: number
}

/** Answers presses. Never throws; `reason` holds no address. */
export interface PressAnswers {
  replace(
    answer: PressAnswer,
  ): Promise<
    { readonly kind: 'replaced' } | { readonly kind: 'failed'; readonly code: string; readonly reason: string }
  >
}

/** Delivers a ticket. Never throws because of a vendor or the network. */
export interface TicketSink {
  deliver(delivery: Delivery): Promise<DeliveryOutcome>
}

/** One attempt to deliver an effect to a place that has the ticket. */
export interface EffectDelivery extends Pick<Delivery, 'suspect' | 'firstClaimAt' | 'deadline' | 'keptAt'> {
  /** Names the effect: a place that can be searched finds it by this. */
  readonly key: string
  /** The case as it is now. */
  readonly known: Case
  /** Of its events, how many the last sync that succeeded had. */
  readonly since: number
  /** Where the place has the ticket. */
  readonly receipt: Receipt
}

export interface NoteDelivery extends Omit<EffectDelivery, 'since'> {
  readonly event: TicketEvent
}

/** One attempt to notify a team of a dead letter. */
export interface DeathNewsDelivery extends Pick<Delivery, 'suspect' | 'deadline'> {
  readonly letter: DeadLetter
  readonly ticket: Ticket
}

/** Delivers effects. Never throws because of a vendor or the network. */
export interface EffectSink {
  /** Appends one event. */
  note(delivery: NoteDelivery): Promise<DeliveryOutcome>
  /** Makes the place agree with the case; a repeat changes nothing. */
  sync(delivery: EffectDelivery): Promise<DeliveryOutcome>
  /** Notifies the reporter's team of a dead letter; only where teams are notified. */
  deathNews?(delivery: DeathNewsDelivery): Promise<DeliveryOutcome>
}

/** Notifies an admin of one dead letter, or of several (at most a batch of ten) in one notice. */
export interface AdminNotifier {
  /** Waits until the next notice may be sent; false when that is only after the deadline (`Clock.monotonic`). */
  waitForSlot(deadline: number): Promise<boolean>
  /** `notified`: at least one channel got through. `channels`: the result of each, without secrets. */
  notify(
    letters: readonly DeadLetter[],
    deadline: number,
  ): Promise<{ readonly notified: boolean; readonly channels: readonly string[] }>
}
