import { ENVELOPE_LIMIT, escapeToAscii, type EnvelopeTooLarge } from './write-envelope.ts'
import { type Shape, asShape, parseJson } from './json-shape.ts'
import { PRIORITIES } from './priority.ts'
import { type Result, fail, succeed } from './result.ts'
import type { Priority } from './ticket.ts'
import { readTicketId } from './ticket-id.ts'

/** Where an event began. `system` is our own work, such as an escalation. */
export type Via = 'teams' | 'trello' | 'slack' | 'page' | 'cli' | 'system'

/** A person as the place of the event names them. */
export interface Person {
  readonly via: Via
  readonly name: string
  /** Their id at that place: Entra object id or Teams id, Trello member id, Slack user id. */
  readonly id?: string
}

/** What can happen to a ticket after it was accepted. */
export type Change =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'taken' }
  | { readonly kind: 'assigned'; readonly to: Person }
  /** `from`: only when they are the assignee, where one of several people left; absent: any assignee. */
  | { readonly kind: 'released'; readonly from?: Person }
  | { readonly kind: 'commented'; readonly text: string }
  | { readonly kind: 'priority-changed'; readonly to: Priority }
  | { readonly kind: 'edited'; readonly title?: string; readonly description?: string }
  | { readonly kind: 'withdrawn'; readonly reason?: string }
  /** `stage`: by a move to this list of the board. */
  | { readonly kind: 'closed'; readonly reason?: string; readonly stage?: string }
  | { readonly kind: 'reopened'; readonly reason?: string; readonly stage?: string }
  /** To another list of the board. */
  | { readonly kind: 'moved'; readonly stage: string }
  /** The card of a ticket that has left the board was taken out of Trello's archive. `to`: the priority that moved it. */
  | { readonly kind: 'unarchived'; readonly to: Priority }
  | { readonly kind: 'attached'; readonly name: string; readonly url: string }
  /** A high ticket that was not acknowledged in time: the step that was notified. */
  | { readonly kind: 'escalated'; readonly to: EscalationStep }

/** Who is notified of a ticket that was not acknowledged, in this order. */
export type EscalationStep = 'alert' | 'team' | 'admin'

/**
 * One event of a ticket. `id` comes from its origin, so that the same click is the same event wherever it is seen:
 * `teams:<activity id>:<digest of its conversation>`, `trello:<action id>`, `slack:<user>:<message ts>:<action id>:<action ts>`,
 * `cli:<uuid>`.
 */
export type TicketEvent = Change & {
  readonly v: 1
  readonly id: string
  /** The ticket's id and source, as in its case. */
  readonly ticket: string
  readonly source: string
  /** Milliseconds since the epoch, by the place where it happened, as far as `placeInTime` lets it. Events are ordered by it, then by id. */
  readonly at: number
  readonly by: Person
}

/** The most characters of an event's id: it is part of object keys. */
const LONGEST_ID = 256

/** Writes the queue message of an event: JSON in pure ASCII. Nothing is cut: too large is a failure. */
export function writeEvent(event: TicketEvent): Result<string, EnvelopeTooLarge> {
  const body = escapeToAscii(JSON.stringify(event))
  return body.length > ENVELOPE_LIMIT
    ? fail({ code: 'envelope-too-large', bytes: body.length, limit: ENVELOPE_LIMIT })
    : succeed(body)
}

/** Reads the queue message of an event; the failure names what is not valid. */
export function openEvent(body: string): Result<TicketEvent, string> {
  const json = parseJson(body)
  if (!json) return fail('it is not JSON')
  return readEvent(json.value)
}

/** An event in a few words, for a log or an operator: "priority changed T-7QK2M-9XD4R, by Ada (teams)". */
export function describeEvent({ kind, ticket, by }: TicketEvent): string {
  return `${kind.replaceAll('-', ' ')} ${ticket}, by ${by.name} (${by.via})`
}

/** Reads one event; a kind that a newer version added is not valid here. */
export function readEvent(value: unknown): Result<TicketEvent, string> {
  const shape = asShape(value)
  if (!shape) return fail('there is no event in it')
  const { id, ticket, source, at } = shape
  if (shape['v'] !== 1) return fail('its version is not 1')
  if (!isEventId(id)) return fail('its id is not the id of an event')
  if (typeof ticket !== 'string' || readTicketId(ticket) !== ticket) return fail('its ticket is not a ticket id')
  if (typeof source !== 'string' || !/^[0-9a-f]{64}$/.test(source)) return fail('its source is not a SHA-256 in hex')
  if (typeof at !== 'number' || !(Math.abs(at) <= 8.64e15)) return fail('its time is not an instant')
  const by = readPerson(shape['by'])
  if (!by) return fail('it does not say who did it')
  const change = readChange(shape)
  if (!change) return fail('its kind, or a field of it, is not known')
  return succeed({ v: 1, id, ticket, source, at, by, ...change })
}

/** True for what can be the id of an event, of a known kind or not. */
export function isEventId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_ID
}

const VIAS: readonly Via[] = ['teams', 'trello', 'slack', 'page', 'cli', 'system']
const STEPS: readonly EscalationStep[] = ['alert', 'team', 'admin']

function readPerson(value: unknown): Person | undefined {
  const { via, name, id } = asShape(value) ?? {}
  const known = VIAS.find((one) => one === via)
  if (!known || typeof name !== 'string') return undefined
  if (id === undefined) return { via: known, name }
  return typeof id === 'string' ? { via: known, name, id } : undefined
}

const CHANGES: { readonly [Kind in Change['kind']]: (shape: Shape) => Extract<Change, { kind: Kind }> | undefined } = {
  acknowledged: () => ({ kind: 'acknowledged' }),
  taken: () => ({ kind: 'taken' }),
  released: (shape) => {
    if (shape['from'] === undefined) return { kind: 'released' }
    const from = readPerson(shape['from'])
    return from && { kind: 'released', from }
  },
  assigned: (shape) => {
    const to = readPerson(shape['to'])
    return to && { kind: 'assigned', to }
  },
  commented: ({ text }) => (typeof text === 'string' ? { kind: 'commented', text } : undefined),
  'priority-changed': (shape) => {
    const to = PRIORITIES.find((one) => one === shape['to'])
    return to && { kind: 'priority-changed', to }
  },
  unarchived: (shape) => {
    const to = PRIORITIES.find((one) => one === shape['to'])
    return to && { kind: 'unarchived', to }
  },
  edited: ({ title, description }) => ({
    kind: 'edited',
    ...(typeof title === 'string' && title !== '' && { title }),
    ...(typeof description === 'string' && { description }),
  }),
  withdrawn: (shape) => ({ kind: 'withdrawn', ...reasonOf(shape) }),
  closed: (shape) => ({ kind: 'closed', ...reasonOf(shape), ...stageOf(shape) }),
  reopened: (shape) => ({ kind: 'reopened', ...reasonOf(shape), ...stageOf(shape) }),
  moved: ({ stage }) => (typeof stage === 'string' ? { kind: 'moved', stage } : undefined),
  attached: ({ name, url }) =>
    typeof name === 'string' && typeof url === 'string' ? { kind: 'attached', name, url } : undefined,
  escalated: (shape) => {
    const to = STEPS.find((step) => step === shape['to'])
    return to && { kind: 'escalated', to }
  },
}

function readChange(shape: Shape): Change | undefined {
  const { kind } = shape
  return typeof kind === 'string' && isKind(kind) ? CHANGES[kind](shape) : undefined
}

function isKind(kind: string): kind is Change['kind'] {
  return Object.hasOwn(CHANGES, kind)
}

function reasonOf({ reason }: Shape): { readonly reason?: string } {
  return typeof reason === 'string' && reason !== '' ? { reason } : {}
}

function stageOf({ stage }: Shape): { readonly stage?: string } {
  return typeof stage === 'string' && stage !== '' ? { stage } : {}
}
