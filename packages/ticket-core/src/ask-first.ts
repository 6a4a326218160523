import type { Request, RequestedChange } from './request.ts'
import { findTicketIds } from './ticket-id.ts'

type Change = Extract<Request, { readonly kind: 'change' }>

/** At the end of a sentence: a question. */
const ASKS = /[?？][\s\p{P}\p{S}]{0,8}$/u
/** "Can you close it?" is no question. */
const POLITE = /^(?:can|could|would|will)(?![\p{L}\p{N}'’])/iu
/** A whole reason that takes the change back: "fixed, not yet". */
const DENIES = /^(?:(?:no|not|nope|never)(?:\s+(?:yet|really|at all|quite))?[\s.!]{0,4}$|[?？])/i

/**
 * A question is not an order: a change that ends with a question mark, or whose reason is only a "no", becomes what can be
 * sent instead, with the sentence as it is.
 */
export function askFirst(request: Request, said: string): Request {
  if (request.kind !== 'change' || request.change.kind === 'commented' || request.change.kind === 'edited')
    return request
  const reason = 'reason' in request.change ? (request.change.reason ?? '') : ''
  const isAsked = ASKS.test(said) && !POLITE.test(said.replace(/^[\s\p{P}]{0,8}/u, ''))
  if (!isAsked && !DENIES.test(reason)) return request
  const { from, ids } = request.ticket
  const at = from === 'thread' ? '' : ` ${ids[0] ?? ''}`
  const comment = from === 'thread' ? `comment: ${said.trim()}` : `comment${at} ${withoutFirstId(said)}`
  return { kind: 'unclear', why: 'question', said, suggestions: [wordsOf(request, at), `status${at}`, comment] }
}

function wordsOf({ verb, change }: Change, at: string): string {
  return `${COMMAND_OF[change.kind] ?? verb}${at}${argumentOf(change)}`
}

const COMMAND_OF: Partial<Readonly<Record<RequestedChange['kind'], string>>> = { taken: 'take', released: 'release' }

function argumentOf(change: RequestedChange): string {
  if (change.kind === 'priority-changed') return ` ${change.to}`
  return change.kind === 'assigned' ? ` ${change.to.name}` : ''
}

/** The sentence behind the ticket that it begins with; else all of it. */
function withoutFirstId(said: string): string {
  const [first] = findTicketIds(said)
  const isFirst = first !== undefined && !/[\p{L}\p{N}]/u.test(said.slice(0, first.start))
  return (isFirst ? said.slice(first.end).replace(/^[\s\p{P}]{1,8}/u, '') : said).trim()
}
