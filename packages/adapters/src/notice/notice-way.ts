import type { NoticeWords } from 'ticket-core'
import type { Setback } from '../http/classify.ts'

/** One way to tell an admin of dead letters, in one message. It never throws for what a vendor or the network does. */
export interface NoticeWay {
  readonly name: string
  send(words: NoticeWords, deadline: number): Promise<Notified>
}

/** The reason of a failure names no secret. */
export type Notified =
  | { readonly kind: 'sent' }
  | { readonly kind: 'not-configured' }
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string }

/** The outcome of a channel whose vendor did not take the notice. */
export function failed({ code, reason }: Setback): Notified {
  return { kind: 'failed', code, reason }
}
