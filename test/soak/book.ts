import { findTicketId, replyText } from '@ticketing/testbed'
import type { TeamsReply } from '@ticketing/testbed'
import type { Destination } from 'ticket-core'

/** What a sender saw after one post. `none`: no answer, or one that Teams cannot show. */
export type Answer = 'accepted' | 'maybe' | 'not-accepted' | 'not-a-ticket' | 'none' | 'other'

/** One message and all that its sender saw of it. */
export interface Sent {
  /** Stands in the title, so that a copy is known without its id. */
  readonly serial: string
  /** Where a well-formed one must go. */
  readonly goesTo: Destination | 'nowhere'
  readonly sentAt: number
  readonly answers: Answer[]
  /** Ids that accepting and doubtful cards named: one, whatever happened. */
  readonly ids: Set<string>
}

/** What a reply says, read as a person would. */
export function readAnswer(reply: TeamsReply): { answer: Answer; id?: string } {
  if (reply.kind === 'failed') return { answer: 'none' }
  const text = replyText(reply)
  const id = findTicketId(text)
  if (/^Ticket T-\S+ accepted$/m.test(text) && id !== undefined) return { answer: 'accepted', id }
  if (/^T-\S+ may or may not arrive$/m.test(text) && id !== undefined) return { answer: 'maybe', id }
  if (/^Your ticket was not accepted$/m.test(text)) return { answer: 'not-accepted' }
  if (/^This is not a ticket yet$/m.test(text)) return { answer: 'not-a-ticket' }
  return { answer: 'other' }
}

/** What the sender may rely on after all answers. */
export type Standing = 'acknowledged' | 'may-arrive' | 'refused'

export function standingOf({ answers }: Pick<Sent, 'answers'>): Standing {
  if (answers.includes('accepted')) return 'acknowledged'
  return answers.includes('maybe') || answers.includes('none') || answers.includes('other') ? 'may-arrive' : 'refused'
}
