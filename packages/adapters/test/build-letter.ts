import type { DeadLetter } from 'ticket-core'
import { buildTicket } from './build-ticket.ts'
import { START } from './clock.ts'

export function buildLetter(change: Partial<DeadLetter> = {}): DeadLetter {
  return {
    v: 1,
    key: 'T-7QK2M-9XD4R',
    nonce: 'nonce-1',
    kind: 'ticket',
    life: 0,
    at: START,
    cause: { code: 'trello-400', reason: 'trello answered 400: invalid value for name.' },
    ticket: buildTicket(),
    message: { messageId: 'm-1', body: '{"v":1}', attributes: { ticket: 'T-7QK2M-9XD4R' }, receiveCount: 4 },
    mayBeDelivered: false,
    history: [],
    ...change,
  }
}

/** Ten letters, as many as a batch has, each with a title and a cause of its own that are as long as they like. */
export function longestBatch(text = 'x'.repeat(5000)): DeadLetter[] {
  return Array.from({ length: 10 }, (_, number) =>
    buildLetter({
      key: `T-0000${number}-00000`,
      life: 1,
      mayBeDelivered: true,
      ticket: buildTicket({ title: text }),
      cause: { code: 'c', reason: `${number} ${text}` },
    }),
  )
}
