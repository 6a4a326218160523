import type { DeadLetter } from 'ticket-core'

/**
 * One way to tell an admin of one or several deaths, in one message. It answers in a few words without secrets ("slack-429"), and never throws for what a
 * vendor or the network does.
 */
export interface NoticeWay {
  readonly name: string
  send(letters: readonly DeadLetter[], deadline: number): Promise<Notified>
}

export type Notified =
  | { readonly kind: 'sent' }
  | { readonly kind: 'not-configured' }
  | { readonly kind: 'failed'; readonly code: string }
