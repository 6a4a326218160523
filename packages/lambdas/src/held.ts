import type { DeliveryOutcome, LedgerRecord, Ticket } from 'ticket-core'
import type { Execution } from './execution.ts'
import type { QueueMessage } from './read-batch.ts'

/** How a message ended. `called`: the vendor was called, so `until` is the ticket's own next attempt. */
export type MessageEnd =
  | { readonly kind: 'done'; readonly outcome?: DeliveryOutcome }
  | { readonly kind: 'aside'; readonly outcome?: undefined }
  | { readonly kind: 'back'; readonly until: number; readonly called: boolean; readonly outcome?: DeliveryOutcome }

/** A ticket whose record this invocation may write: as it was read or last written, and at which version. */
export interface Held {
  readonly ticket: Ticket
  readonly life: number
  readonly message: QueueMessage
  readonly execution: Execution
  readonly record: LedgerRecord
  readonly version: string
}

/** `lost-race`: somebody else wrote the record first; what it says now decides. */
export type Once = MessageEnd | { readonly kind: 'lost-race' }
