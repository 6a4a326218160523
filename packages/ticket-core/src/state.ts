import type { Case } from './case.ts'
import { type Person, type TicketEvent, readEvent } from './event.ts'
import { asShape } from './json-shape.ts'
import type { Priority } from './ticket.ts'

/** How far a ticket is. */
export type Status = 'open' | 'acknowledged' | 'in-progress' | 'closed'

/** A comment, by whom and when. */
export interface Comment {
  readonly id: string
  readonly at: number
  readonly by: Person
  readonly text: string
}

/** The end of a ticket. */
export interface Ending {
  readonly at: number
  readonly by: Person
  readonly reason?: string
  /** By its reporter, who does not need it any more. */
  readonly isWithdrawn: boolean
}

/** What a ticket is now: computed from its events, never stored. */
export interface TicketState {
  readonly status: Status
  readonly title: string
  readonly description: string
  readonly priority: Priority
  /** The list of the board that holds it, as Trello named it last. */
  readonly stage?: string | undefined
  readonly assignee?: Person | undefined
  readonly comments: readonly Comment[]
  /** Present while it is closed. */
  readonly ending?: Ending | undefined
  /** Who saw it first, and when: an escalation ends with it. */
  readonly acknowledged?: { readonly at: number; readonly by: Person } | undefined
  /** Every event of a known kind, in order. */
  readonly history: readonly TicketEvent[]
}

/** The state of a ticket: its events, in order of time, then of id. The order in which they came does not matter. */
export function stateOf({ ticket, events }: Pick<Case, 'ticket' | 'events'>): TicketState {
  const { title, description, priority } = ticket
  const start: TicketState = { status: 'open', title, description, priority, comments: [], history: [] }
  return orderEvents(events).reduce(apply, start)
}

/**
 * A case with one event more: the same case when it is there already. Events that this version does not know stay.
 */
export function addEvent(known: Case, event: TicketEvent, nonce: string): Case {
  return hasEvent(known, event.id) ? known : { ...known, events: [...known.events, event], nonce }
}

/**
 * Whether the state shows already what an event of the board says: a repeat by our own work, as far as the state can
 * show it. Comments, attachments and escalations are never repeats.
 */
export function showsAlready(known: Pick<Case, 'ticket' | 'events'>, event: TicketEvent): boolean {
  if (NEVER_REPEATS.has(event.kind)) return false
  const { history: _before, ...before } = stateOf(known)
  const { history: _after, ...after } = stateOf({ ...known, events: [...known.events, event] })
  return JSON.stringify(before) === JSON.stringify(after)
}

/** The events that a case had before this one: all of them when it does not hold the event yet. */
export function eventsBefore({ events }: Pick<Case, 'events'>, id: string): readonly unknown[] {
  const index = events.findIndex((one) => asShape(one)?.['id'] === id)
  return index === -1 ? events : events.slice(0, index)
}

const NEVER_REPEATS: ReadonlySet<TicketEvent['kind']> = new Set(['commented', 'attached', 'escalated'])

/** Whether a case has the event of this id, of a known kind or not. */
export function hasEvent({ events }: Pick<Case, 'events'>, id: string): boolean {
  return events.some((event) => asShape(event)?.['id'] === id)
}

/** Events of known kinds, each id once, ordered. Of two with one id the first in order counts. */
function orderEvents(events: readonly unknown[]): TicketEvent[] {
  const known = events.flatMap((value) => {
    const read = readEvent(value)
    return read.ok ? [{ event: read.value, text: JSON.stringify(read.value) }] : []
  })
  const seen = new Set<string>()
  return known
    .toSorted((a, b) => a.event.at - b.event.at || order(a.event.id, b.event.id) || order(a.text, b.text))
    .flatMap(({ event }) => {
      if (seen.has(event.id)) return []
      seen.add(event.id)
      return [event]
    })
}

function order(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function apply(before: TicketState, event: TicketEvent): TicketState {
  return { ...before, ...change(before, event), history: [...before.history, event] }
}

/** What one event changes. A closed ticket stays closed until it is reopened. */
function change(state: TicketState, event: TicketEvent): Partial<TicketState> {
  const { at, by } = event
  switch (event.kind) {
    case 'acknowledged':
      return seen(state, event)
    case 'moved':
      return { ...seen(state, event), stage: event.stage }
    case 'taken':
      return { ...seen(state, event), ...worked(state), assignee: by }
    case 'assigned':
      return { ...seen(state, event), ...worked(state), assignee: event.to }
    case 'released':
      if (event.from && !(state.assignee && isSamePerson(event.from, state.assignee))) return {}
      return state.status === 'in-progress' ? { status: 'acknowledged', assignee: undefined } : { assignee: undefined }
    case 'commented':
      return { comments: [...state.comments, { id: event.id, at, by, text: event.text }] }
    case 'priority-changed':
      return { priority: event.to }
    case 'edited':
      return {
        ...(event.title !== undefined && { title: event.title }),
        ...(event.description !== undefined && { description: event.description }),
      }
    case 'closed':
    case 'withdrawn':
      return { ...stageOf(event), ...(state.status !== 'closed' && { status: 'closed', ending: endingOf(event) }) }
    case 'reopened':
      return {
        ...stageOf(event),
        ...(state.status === 'closed' && {
          status: state.assignee ? 'in-progress' : 'open',
          ending: undefined,
          acknowledged: undefined,
        }),
      }
    case 'unarchived':
    case 'attached':
    case 'escalated':
      return {}
  }
}

/** A person dealt with it: that acknowledges it. */
function seen(state: TicketState, { at, by }: TicketEvent): Partial<TicketState> {
  if (state.status === 'closed') return {}
  return {
    ...(state.status === 'open' && { status: 'acknowledged' }),
    ...(!state.acknowledged && { acknowledged: { at, by } }),
  }
}

function worked({ status }: TicketState): Partial<TicketState> {
  return status === 'closed' ? {} : { status: 'in-progress' }
}

/** Names of one person may differ from place to place; ids are of one place. */
function isSamePerson(one: Person, other: Person): boolean {
  if (one.via === other.via && one.id !== undefined && other.id !== undefined) return one.id === other.id
  return one.name === other.name
}

function stageOf(event: Extract<TicketEvent, { kind: 'closed' | 'reopened' | 'withdrawn' }>): Partial<TicketState> {
  return event.kind !== 'withdrawn' && event.stage !== undefined ? { stage: event.stage } : {}
}

function endingOf({ at, by, kind, ...rest }: TicketEvent & { readonly reason?: string }): Ending {
  const { reason } = rest
  return { at, by, isWithdrawn: kind === 'withdrawn', ...(reason !== undefined && { reason }) }
}
