import { findTicketId, replyText, type TeamsReply } from '@ticketing/testbed'

/** What a sender saw after one post. `none`: no answer, or one that Teams cannot show. */
export type Answer = 'accepted' | 'maybe' | 'not-accepted' | 'not-a-ticket' | 'none' | 'other'

/** What a reply says, read as a person would. */
export function readAnswer(reply: TeamsReply): { readonly answer: Answer; readonly id?: string } {
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

export function standingOf(answers: readonly Answer[]): Standing {
  if (answers.includes('accepted')) return 'acknowledged'
  return answers.some((answer) => answer === 'maybe' || answer === 'none' || answer === 'other')
    ? 'may-arrive'
    : 'refused'
}

/** What a sender saw after a command that changes a ticket. */
export function readChangeAnswer(reply: TeamsReply): Answer {
  if (reply.kind === 'failed') return 'none'
  const text = replyText(reply)
  if (/^T-\S+ (?:is|was|has|acknowledged|taken|assigned|released|closed|reopened)\b/m.test(text))
    return NOT_DONE.test(text) ? 'not-accepted' : 'accepted'
  if (/^It is not known yet whether T-\S+ was changed$/m.test(text)) return 'maybe'
  return NOT_DONE.test(text) ? 'not-accepted' : 'other'
}

const NOT_DONE = /^(?:T-\S+ is not known here|T-\S+ was not assigned|That was not done|Your ticket was not accepted)$/m
