import type { Change, Person } from './event.ts'
import { type Shape, asList, asShape, asText, parseJson } from './json-shape.ts'
import { readTicketId } from './ticket-id.ts'

/** The buttons below a ticket's message. The value of each is the ticket's id. */
export const SLACK_BUTTONS = {
  acknowledge: 'acknowledge',
  take: 'take',
  close: 'close',
  reopen: 'reopen',
} as const

/** With this the text of a ticket's message begins that may be there twice. */
export const SLACK_REPEAT = 'Possible repeat: '

/** A button that a person pressed, as the event of its ticket needs it. */
export interface SlackPress {
  readonly kind: 'change'
  readonly change: Change
  /** The event's id: the same press is the same event. */
  readonly id: string
  readonly ticket: string
  readonly at: number
  readonly by: Person
}

/** What an interaction with Slack comes to. `what`: its type, for a log. */
export type SlackReading =
  | SlackPress
  | { readonly kind: 'ignored'; readonly what: string }
  | { readonly kind: 'unreadable'; readonly reason: string }

const CHANGES: Readonly<Record<string, Change>> = {
  [SLACK_BUTTONS.acknowledge]: { kind: 'acknowledged' },
  [SLACK_BUTTONS.take]: { kind: 'taken' },
  [SLACK_BUTTONS.close]: { kind: 'closed' },
  [SLACK_BUTTONS.reopen]: { kind: 'reopened' },
}

/** Of a name that people gave; the rest is cut. */
const LONGEST_NAME = 200

/**
 * Reads the (already verified) body of an interaction: a form with one field, `payload`, that holds JSON. Only the user,
 * the message's time stamp and the action are read: `token` is no proof, `team` may be null, and for `response_url` there is
 * {@link readPressedMessage}: no event may hold it.
 */
export function readSlackPress(body: Uint8Array): SlackReading {
  const shape = readPayload(body)
  if (!shape) return { kind: 'unreadable', reason: 'it is no form with a payload of JSON' }
  const type = nameType(shape['type'])
  if (type !== 'block_actions') return { kind: 'ignored', what: type }
  const action = asList(shape['actions'])
    .map(asShape)
    .find((one) => Object.hasOwn(CHANGES, asText(one?.['action_id']) ?? ''))
  const name = asText(action?.['action_id']) ?? ''
  const change = CHANGES[name]
  if (!action || !change) return { kind: 'ignored', what: 'block_actions of another app' }
  const user = asShape(shape['user'])
  const userId = asText(user?.['id'])
  const messageTs = asText(asShape(shape['container'])?.['message_ts'])
  const actionTs = asText(action['action_ts'])
  const ticket = readTicketId(asText(action['value']) ?? '')
  if (ticket === undefined) return { kind: 'unreadable', reason: 'the value of the button is not a ticket id' }
  if (userId === undefined || !/^\w{1,40}$/.test(userId)) return { kind: 'unreadable', reason: 'it names no user' }
  if (messageTs === undefined || !TIME_STAMP.test(messageTs) || actionTs === undefined || !TIME_STAMP.test(actionTs))
    return { kind: 'unreadable', reason: 'it has no time stamps of message and action' }
  return {
    kind: 'change',
    change,
    id: `slack:${userId}:${messageTs}:${name}:${actionTs}`,
    ticket,
    at: Math.round(Number(actionTs) * 1000),
    by: { via: 'slack', name: cut(asText(user?.['name']) ?? asText(user?.['username']) ?? userId), id: userId },
  }
}

/** Where the pressed message can be replaced. */
export interface PressedMessage {
  /** Slack's `response_url`, as it came: a capability. It is in no event, and nothing keeps or logs it. */
  readonly responseUrl: string
  /** The message said that it may be there twice. */
  readonly possibleRepeat: boolean
}

/** Reads the message of a (verified) press. Undefined where it cannot be replaced: only one person sees it. */
export function readPressedMessage(body: Uint8Array): PressedMessage | undefined {
  const shape = readPayload(body)
  const responseUrl = asText(shape?.['response_url'])
  if (responseUrl === undefined || asShape(shape?.['container'])?.['is_ephemeral'] === true) return undefined
  const text = asText(asShape(shape?.['message'])?.['text']) ?? ''
  return { responseUrl, possibleRepeat: text.startsWith(SLACK_REPEAT) }
}

function readPayload(body: Uint8Array): Shape | undefined {
  const payload = readField(new TextDecoder('utf-8').decode(body), 'payload')
  return asShape(payload === undefined ? undefined : parseJson(payload)?.value)
}

/** Seconds since the epoch, and a fraction that makes it unique. */
const TIME_STAMP = /^\d{1,11}\.\d{1,9}$/

/** One field of `application/x-www-form-urlencoded`; undefined when it is not there, or not encoded. */
function readField(form: string, name: string): string | undefined {
  const field = form.split('&').find((pair) => pair.startsWith(`${name}=`))
  try {
    return field && decodeURIComponent(field.slice(name.length + 1).replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

function nameType(type: unknown): string {
  return (asText(type) ?? 'no type').replaceAll(/[^\w ]/g, '').slice(0, 40)
}

function cut(name: string): string {
  return name.slice(0, LONGEST_NAME).toWellFormed()
}
