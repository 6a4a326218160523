import type { Activity } from './activity.ts'
import type { Message } from './read-message.ts'
import { readMessage } from './read-message.ts'
import { hasLabel } from './split-fields.ts'
import { readTicketId } from './ticket-id.ts'

/**
 * What a message asks for. A ticket's message goes on to `parseDraft`. `mention` is the bot's name as the user sees
 * it, for the hints on cards.
 */
export type Command = { readonly mention?: string } & (
  | { readonly kind: 'ticket'; readonly message: Message }
  | { readonly kind: 'help' }
  | { readonly kind: 'status'; readonly id: string }
  /** `given` cannot be a ticket id; empty when nothing was given. */
  | { readonly kind: 'status-malformed'; readonly given: string }
)

const FIRST_WORD = /^[\s/]{0,8}([\p{L}?]{1,12})[\s:]{0,8}/u

/**
 * Reads what the user wants. A label anywhere makes it a ticket, even behind "help"; so does a text that is no
 * command, whose problems then show how a ticket is written. Nothing but the mention asks for help.
 */
export function readCommand(activity: Activity): Command {
  const message = readMessage(activity)
  const mention = message.mention ? { mention: message.mention } : {}
  const [start = '', word = ''] = FIRST_WORD.exec(message.text) ?? []
  if (message.text === '') return { kind: 'help', ...mention }
  const name = word.toLowerCase()
  const rest = message.text.slice(start.length).trim()
  const isCommand = name === 'status' || ((name === 'help' || name === '?') && rest.length < 40)
  if (!isCommand || hasLabel(message.text)) return { kind: 'ticket', message, ...mention }
  if (name !== 'status') return { kind: 'help', ...mention }
  const id = readTicketId(rest)
  return id ? { kind: 'status', id, ...mention } : { kind: 'status-malformed', given: rest, ...mention }
}
