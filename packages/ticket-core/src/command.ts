import type { Activity } from './activity.ts'
import { type Message, readMessage } from './read-message.ts'
import { hasLabel, withoutQuotes } from './split-fields.ts'
import { readTicketId } from './ticket-id.ts'

/**
 * What a message asks for. A ticket's message is for `parseDraft`. `mention` is the bot's name as the user sees
 * it, for the hints on cards.
 */
export type Command = { readonly mention?: string } & (
  | { readonly kind: 'ticket'; readonly message: Message }
  | { readonly kind: 'help' }
  | { readonly kind: 'status'; readonly id: string }
  /** `given` cannot be a ticket id; empty when nothing was given. */
  | { readonly kind: 'status-malformed'; readonly given: string }
)

const FIRST_WORD = /^[\s\p{Cf}/,.:;!-]{0,8}([\p{L}?]{1,12})[\s:]{0,8}/u
/** `help` followed by more words than this is a sentence. */
const LONGEST_HELP = 40

/**
 * Reads what the user wants. A label outside a quote makes it a ticket, even after "help"; so does a text that is no
 * command, whose problems then show how a ticket is written. The mention alone asks for help. Greetings and colleagues
 * may come before the bot: the text after it is read first.
 */
export function readCommand(activity: Activity): Command {
  const message = readMessage(activity)
  const mention = message.mention ? { mention: message.mention } : {}
  if (message.text === '') return { kind: 'help', ...mention }
  if (!hasLabel(message.text)) {
    for (const said of [message.behindMention, message.text]) {
      const request = said === undefined ? undefined : readRequest(said)
      if (request) return { ...request, ...mention }
    }
  }
  return { kind: 'ticket', message, ...mention }
}

type Request = Exclude<Command, { readonly kind: 'ticket' }>

function readRequest(said: string): Request | undefined {
  const own = withoutQuotes(said)
  const [start = '', word = ''] = FIRST_WORD.exec(own) ?? []
  const name = word.toLowerCase()
  const rest = own.slice(start.length).trim()
  if ((name === 'help' || name === '?') && rest.length < LONGEST_HELP) return { kind: 'help' }
  if (name !== 'status') return undefined
  const id = readTicketId(rest)
  return id ? { kind: 'status', id } : { kind: 'status-malformed', given: rest }
}
