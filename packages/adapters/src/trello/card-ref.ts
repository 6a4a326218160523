import type { Receipt } from 'ticket-core'
import type { DeliveryFailure } from '../http/classify.ts'
import { asRead } from './find-list.ts'

/** The card of a ticket that was delivered. */
export interface CardRef {
  readonly kind: 'card'
  /** As it stands in a path. */
  readonly id: string
  /** Where the card is, without how it was delivered. */
  readonly receipt: Receipt
  /** The failure of a call about this card. */
  explain(failure: DeliveryFailure): DeliveryFailure
}

/** The card that a receipt names. */
export function cardOf({
  destination,
  where,
  url,
  vendorId,
}: Receipt): CardRef | Extract<DeliveryFailure, { kind: 'rejected' }> {
  if (vendorId === undefined)
    return { kind: 'rejected', code: 'trello-no-card', reason: 'The ledger does not name the card of this ticket.' }
  return {
    kind: 'card',
    id: encodeURIComponent(vendorId),
    receipt: { destination, where, vendorId, ...(url !== undefined && { url }) },
    explain: (failure) =>
      failure.code === 'trello-404'
        ? { kind: 'rejected', code: CARD_GONE, reason: `Trello has no ${where} any more: it was deleted.` }
        : failure,
  }
}

export const CARD_GONE = 'trello-card-gone'

/** A failed lookup changed nothing, and a write made without it could be the second: always a retry. */
export function asLookup(failure: DeliveryFailure, what: string): DeliveryFailure {
  const { code, reason } = failure
  return failure.kind === 'rejected' ? { kind: 'retry', code, reason: `${what}: ${reason}` } : asRead(failure)
}
