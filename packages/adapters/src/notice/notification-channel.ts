import type { NoticeWords } from 'ticket-core'
import type { DeliveryFailure } from '../http/classify.ts'

/** Notifies an admin of dead letters, in one message. It never throws for what a vendor or the network does. */
export interface NotificationChannel {
  readonly name: string
  send(words: NoticeWords, deadline: number): Promise<NotificationResult>
}

/** The reason of a failure names no secret. */
export type NotificationResult =
  | { readonly kind: 'sent' }
  | { readonly kind: 'not-configured' }
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string }

/** The outcome of a channel whose vendor did not take the notice. */
export function failed({ code, reason }: DeliveryFailure): NotificationResult {
  return { kind: 'failed', code, reason }
}
