import type { Activity } from './activity.ts'
import { askFirst } from './ask-first.ts'
import { parseDraft } from './parse-draft.ts'
import { type Message, readMessage } from './read-message.ts'
import { meantForThread, readRequest, type Surroundings } from './read-request.ts'
import type { Request } from './request.ts'
import { hasLabel, withoutQuotes } from './split-fields.ts'
import { findTicketIds, identify } from './ticket-id.ts'

/**
 * What a message asks for. A ticket's message is for `parseDraft`. `mention` is the bot's name as the user sees
 * it, for the hints on cards.
 */
export type Command = { readonly mention?: string } & (
  | {
      readonly kind: 'ticket'
      readonly message: Message
      /** In a thread: the command that it may be meant as. */
      readonly meant?: string
    }
  | Request
)

/**
 * Reads what the user wants. A label outside a quote makes it a ticket, even after "help"; so does a text that is no
 * command, whose problems then show how a ticket is written. The mention alone asks for help. Greetings and colleagues
 * may come before the bot: the text after it is read first.
 */
export function readCommand(activity: Activity): Command {
  const message = readMessage(activity)
  const mention = message.mention ? { mention: message.mention } : {}
  if (message.text === '') return { kind: 'help', ...mention }
  const labels = hasLabel(message.text) ? (parseDraft(message.text).ok ? 'of a ticket' : 'some') : 'none'
  const around = surroundingsOf(activity, message)
  const near =
    labels === 'none' ? around : { ...around, thread: [], ...(labels === 'of a ticket' && { quoted: undefined }) }
  for (const said of [message.behindMention, message.text]) {
    const words = said === undefined ? '' : withoutQuotes(said)
    const request = readRequest(words, near)
    if (request && mayHave(labels, request)) return { ...askFirst(request, words), ...mention }
  }
  const isInThread = labels === 'none' && around.thread.length > 0
  const meant = isInThread ? meantForThread(withoutQuotes(message.behindMention ?? message.text)) : undefined
  return { kind: 'ticket', message, ...mention, ...(meant !== undefined && { meant }) }
}

/**
 * A label makes it a ticket, with three exceptions, each only where the message names a ticket: `edit`, whose fields are
 * labels, `T-… priority: high`, and a comment that is not a complete form.
 */
function mayHave(labels: 'of a ticket' | 'some' | 'none', request: Request): boolean {
  if (labels === 'none') return true
  if (request.kind === 'unclear') return request.why === 'other-fields' || request.why === 'no-fields'
  if (request.kind !== 'change') return false
  const { kind } = request.change
  // "T-… priority: high", and nothing else.
  if (kind === 'priority-changed') return labels === 'some' && request.ticket.from === 'text'
  return kind === 'edited' || (kind === 'commented' && labels === 'some')
}

/** A Teams message id: milliseconds since the epoch. */
const MESSAGE_ID = /^\d{13,16}$/

/** The id as our cards write it. */
const OWN = /\bT-[0-9A-Z]{5}-[0-9A-Z]{5}\b/g

/** What the message answers: a quote of a card names its ticket; the message that a thread began with may be one. */
function surroundingsOf(activity: Activity, { text, quotes = [] }: Message): Surroundings {
  const { tenantId, conversationId, id, mentions = [], references = [], previews = [] } = activity
  const quoted = [...quotes.map((quote) => quote.text), ...previews, ...text.split('\n').filter(isQuoted)]
  const named = new Set(
    quoted
      .flatMap((part) => part.match(OWN) ?? [])
      .flatMap((own) => findTicketIds(own))
      .map((found) => found.id),
  )
  const [only] = named.size === 1 ? named : []
  const root = /;messageid=(\d+)$/.exec(conversationId)?.[1]
  const answered = [...references, ...quotes.map((quote) => quote.id), root]
    .filter((one) => one !== undefined)
    .filter((one) => MESSAGE_ID.test(one) && one !== id)
  const thread = answered.map((activityId) => identify({ tenantId, conversationId, activityId }).id)
  const quotesOther = named.size === 0 && text.split('\n').some(isQuoted)
  return { quoted: only, quotesOther, thread: [...new Set(thread)].slice(0, MOST_ANSWERED), mentions }
}

/** Messages answered at once: each costs a read. */
const MOST_ANSWERED = 3

function isQuoted(line: string): boolean {
  return /^[ \t]{0,3}>/.test(line)
}
