import { type Effect, readEffect } from './effects.ts'
import { OLDER_TEXT } from './html-tokens.ts'
import { htmlToText } from './html-to-text.ts'
import { type Shape, asShape, parseJson } from './json-shape.ts'
import { normaliseLine, normaliseText } from './normalise-text.ts'
import { collectLinks } from './collect-links.ts'
import { readPriority } from './priority.ts'
import { readTicket } from './read-ticket.ts'
import { type Result, fail, succeed } from './result.ts'
import type { Ticket } from './ticket.ts'
import { type Identity, identifyOlderMessage, readTicketId, sourceOfKnownId } from './ticket-id.ts'
import { ENVELOPE_VERSION } from './write-envelope.ts'

/** A queue message, as received from any of the queues. */
export interface QueueMessage {
  readonly body: string
  /** SQS's id: the identity of an older system's message, and not used otherwise. */
  readonly messageId: string
  /** SQS's `SentTimestamp`, milliseconds since the epoch: when an older system's ticket was made. */
  readonly sentAt?: number | undefined
  /** Message attributes by name. `life` is used and, for an older body, `ticket` and `source`. */
  readonly attributes: Readonly<Record<string, string>>
}

/** The content of a queue message. */
export interface OpenedEnvelope {
  readonly ticket: Ticket
  /** How often the ticket was redriven: 0 for one that comes from Teams. */
  readonly life: number
  readonly kind: 'envelope' | 'older-system'
}

/** A queue message with what an event causes at one place. */
export interface OpenedEffect {
  readonly kind: 'effect'
  readonly effect: Effect
  /** How often the effect was redriven. */
  readonly life: number
}

/** A body that holds no ticket, and no effect. The reason quotes nothing of the body. */
export interface Unreadable {
  readonly code: 'unreadable'
  readonly reason: string
}

/**
 * Opens a queue message: our envelope, or the older system's `{"Title","Description","Priority"}`. Strict: a damaged
 * message must become a dead letter, not a ticket without half its text. An older body gets its id from
 * the SQS message id, unless the attribute `ticket` (and `source`) names the id that it had. To send such a ticket
 * on, wrap it with `writeEnvelope`, which keeps both.
 */
export function openEnvelope(message: QueueMessage): Result<OpenedEnvelope, Unreadable> {
  const body = openBody(message)
  return body.ok ? openTicket(message, body.value) : body
}

/** Opens a message of a delivery queue: a ticket, or what an event causes. */
export function openMessage(message: QueueMessage): Result<OpenedEnvelope | OpenedEffect, Unreadable> {
  const body = openBody(message)
  if (!body.ok) return body
  const { shape, life } = body.value
  if (!Object.hasOwn(shape, 'effect')) return openTicket(message, body.value)
  const effect = shape['v'] === ENVELOPE_VERSION ? readEffect(shape['effect']) : undefined
  return effect ? succeed({ kind: 'effect', effect, life }) : refuse('the effect is damaged')
}

interface Body {
  readonly shape: Shape
  readonly life: number
}

function openBody(message: QueueMessage): Result<Body, Unreadable> {
  const json = parseJson(message.body)
  if (!json) return refuse('the body is not JSON')
  const shape = asShape(json.value)
  if (!shape) return refuse('the body is not a JSON object')
  const life = readLife(message.attributes['life'], shape['life'])
  if (life === undefined) return refuse('the life is not a whole number from 0 up')
  return succeed({ shape, life })
}

function openTicket(message: QueueMessage, { shape, life }: Body): Result<OpenedEnvelope, Unreadable> {
  if (!Object.hasOwn(shape, 'v') && Object.hasOwn(shape, 'Title')) return openOlder(message, shape, life)
  if (shape['v'] !== ENVELOPE_VERSION) return refuse(`the envelope is not of version ${ENVELOPE_VERSION}`)
  const ticket = readTicket(shape['ticket'])
  if (!ticket.ok) return refuse(`the envelope is damaged: ${ticket.failure}`)
  return succeed({ ticket: ticket.value, life, kind: 'envelope' })
}

/** The older system queued what Teams sent: entities and tags are still in it. */
const AS_SENT = { markup: OLDER_TEXT, breaks: 'kept', of: 'part' } as const

function openOlder(message: QueueMessage, shape: Shape, life: number): Result<OpenedEnvelope, Unreadable> {
  const { Title: title, Description: description, Priority: came } = shape
  if (typeof title !== 'string' || typeof description !== 'string' || typeof came !== 'string') {
    return refuse('a body of the older system needs the texts Title, Description and Priority')
  }
  const priority = readPriority(came)
  if (!priority) return refuse('the Priority of the older body is not Low, Medium or High')
  const identity = identifyOlder(message)
  if (!identity) return refuse('the attribute ticket is not a ticket id')
  const createdAt = readInstant(message.sentAt ?? 0)
  if (createdAt === undefined) return refuse('the time of sending is not a time')
  const draft = {
    title: normaliseLine(htmlToText(title, AS_SENT).text) || '(no title)',
    priority,
    description: normaliseText(htmlToText(description, AS_SENT).text),
  }
  const links = collectLinks(`${draft.title}\n${draft.description}`)
  return succeed({ ticket: { ...draft, links, ...identity, createdAt }, life, kind: 'older-system' })
}

function identifyOlder({ messageId, attributes }: QueueMessage): Identity | undefined {
  const known = attributes['ticket']
  if (known === undefined) return identifyOlderMessage(messageId)
  const id = readTicketId(known)
  if (id === undefined) return undefined
  const own = identifyOlderMessage(messageId)
  return own.id === id ? own : { id, source: attributes['source'] ?? sourceOfKnownId(id) }
}

/** The attribute wins: a redrive sends the same body with the next life. */
function readLife(attribute: string | undefined, own: unknown): number | undefined {
  if (attribute !== undefined) return /^\d{1,9}$/.test(attribute) ? Number(attribute) : undefined
  if (own === undefined) return 0
  return typeof own === 'number' && Number.isSafeInteger(own) && own >= 0 ? own : undefined
}

function readInstant(at: number): string | undefined {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : undefined
}

function refuse(reason: string): { readonly ok: false; readonly failure: Unreadable } {
  return fail({ code: 'unreadable', reason })
}
