import type { Case } from './case.ts'
import { type TicketEvent, type Via, isEventId } from './event.ts'
import { type Shape, asShape } from './json-shape.ts'
import { describeDestination, destinationFor } from './lanes.ts'
import { PRIORITIES } from './priority.ts'
import { eventsBefore, stateOf } from './state.ts'
import type { Destination, Place } from './ticket.ts'
import { digest, readTicketId } from './ticket-id.ts'
import { ENVELOPE_VERSION, escapeToAscii } from './write-envelope.ts'

/** A place that shows notes: a comment on the Trello card, a line in Slack. */
export type NotePlace = Exclude<Destination, 'bucket'>

/** Appends one event of a ticket to one place. The event itself is read from the case. */
export interface Note {
  readonly kind: 'note'
  readonly place: NotePlace
  /** The ticket's id and source, and the id of the event in its case. */
  readonly ticket: string
  readonly source: string
  readonly event: string
}

/**
 * Makes one place agree with the state as it is when the sync runs. It never says what to do: delivered late, a command
 * such as "archive" would undo a later "reopen".
 */
export interface Sync {
  readonly kind: 'sync'
  readonly place: Place
  readonly ticket: string
  readonly source: string
}

/** Tells the reporter's team that its ticket became a dead letter, in this life of the ticket. The letter is read. */
export interface DeathNews {
  readonly kind: 'death'
  readonly place: 'team'
  readonly ticket: string
  readonly source: string
  readonly ticketLife: number
}

/** What an event of a ticket, or its end, causes at one place. */
export type Effect = Note | Sync | DeathNews

/** Where events of this place come from. Such an event is not sent back to it. */
const ORIGINS: Readonly<Record<NotePlace, Via>> = { board: 'trello', alert: 'slack' }

/** Kinds that change what a card shows. */
const SHOWN_ON_CARD: ReadonlySet<TicketEvent['kind']> = new Set([
  'closed',
  'withdrawn',
  'reopened',
  'unarchived',
  'edited',
  'taken',
  'assigned',
  'released',
])

/**
 * What an event causes elsewhere. It follows from the event and from what came before it in the case, which never
 * changes: however often it is asked, whatever came since, the answer is the same.
 *
 * No note goes back to where its event came from. A sync may: it writes nothing where the place agrees already, and a
 * sync that ran before the event was known may have undone what the event did there.
 */
export function effectsOf(event: TicketEvent, known: Pick<Case, 'ticket' | 'events'>): readonly Effect[] {
  const { ticket, source } = event
  const earlier = eventsBefore(known, event.id)
  const from = destinationAfter(known, earlier)
  const to = destinationAfter(known, [...earlier, event])
  // The new place gets what was said before; where it has it already, the note is a repeat.
  const comments = from === to ? [] : commentsIn(known, earlier)
  const recipients = [
    ...(event.kind === 'unarchived' ? (['board'] as const) : unique([from, to])).map((place) => ({
      one: event,
      place,
    })),
    ...comments.map((one) => ({ one, place: to })),
  ]
  const notes = recipients.flatMap(({ one, place }): readonly Note[] =>
    place !== 'bucket' && isNotified(one, place) ? [{ kind: 'note', place, ticket, source, event: one.id }] : [],
  )
  const syncs = syncedPlaces(event, destinationsOf({ ...known, events: [...earlier, event] })).map((place): Sync => ({
    kind: 'sync',
    place,
    ticket,
    source,
  }))
  const news: readonly Sync[] = isNews(event, known) ? [{ kind: 'sync', place: 'team', ticket, source }] : []
  return [...notes, ...syncs, ...news]
}

/** What the reporter's team is notified of: all that did not happen in Teams. The level of its channel says how much of it is shown. */
export function isNews(event: TicketEvent, { ticket: { teamId } }: Pick<Case, 'ticket'>): boolean {
  if (teamId === undefined || event.kind === 'unarchived') return false
  return event.kind === 'escalated' ? event.to === 'team' : event.by.via !== 'teams'
}

/** Whether a place is notified of an event: not of its own. The steps of an escalation in Slack are the channel and the admin. */
function isNotified(event: TicketEvent, place: NotePlace): boolean {
  if (event.kind === 'escalated') return place === 'alert' && event.to !== 'team'
  // On the card itself: there the person looks for it.
  if (event.kind === 'unarchived') return place === 'board'
  return event.by.via !== ORIGINS[place]
}

/** A new priority concerns every place that has, or had, the ticket; a closing only the card. */
function syncedPlaces({ kind }: TicketEvent, places: readonly Destination[]): readonly Destination[] {
  if (kind === 'priority-changed') return places
  return SHOWN_ON_CARD.has(kind) ? places.filter((place) => place === 'board') : []
}

function commentsIn({ ticket }: Pick<Case, 'ticket'>, events: readonly unknown[]): readonly TicketEvent[] {
  return stateOf({ ticket, events }).history.filter(({ kind }) => kind === 'commented')
}

function destinationAfter({ ticket }: Pick<Case, 'ticket'>, events: readonly unknown[]): Destination {
  return destinationFor(stateOf({ ticket, events }).priority)
}

/** Every destination that a ticket had, as its case grew: no later event takes one away. */
export function destinationsOf(known: Pick<Case, 'ticket' | 'events'>): readonly Destination[] {
  const moves = known.events.flatMap((one, index) => (asShape(one)?.['kind'] === 'priority-changed' ? [index] : []))
  return unique([
    destinationFor(known.ticket.priority),
    ...moves.map((index) => destinationAfter(known, known.events.slice(0, index + 1))),
  ])
}

function unique<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)]
}

/**
 * Names an effect in the ledger and among the dead letters: a note by its event and place, so that it is delivered
 * once; a sync by its ticket and place, so that two never work on one card at the same time.
 */
export function effectKey(effect: Effect): string {
  const { kind, place, ticket } = effect
  if (kind === 'sync') return `sync-${place}-${ticket}`
  if (kind === 'death') return `death-${effect.ticketLife}-${ticket}`
  return `note-${digest(['note', ticket, place, effect.event]).slice(0, 32)}`
}

/** An effect in words: "a note about T-7QK2M-9XD4R for the team board (Trello)". */
export function describeEffect({ kind, place, ticket }: Effect): string {
  const what = { note: 'a note about', sync: 'the state of', death: 'the end of' }[kind]
  return `${what} ${ticket} for ${describeDestination(place)}`
}

/** Writes the queue message of an effect's life: versioned JSON in pure ASCII. Ids are bounded, and so is the message. */
export function writeEffect({ effect, life }: { readonly effect: Effect; readonly life: number }): string {
  return escapeToAscii(JSON.stringify({ v: ENVELOPE_VERSION, life, effect }))
}

/** Reads an effect from JSON; undefined for what is none. Unknown keys are left out. */
export function readEffect(value: unknown): Effect | undefined {
  const shape: Shape = asShape(value) ?? {}
  const { kind, ticket, source, event } = shape
  const place = PLACES.find((one) => one === shape['place'])
  if (place === undefined) return undefined
  if (typeof ticket !== 'string' || readTicketId(ticket) !== ticket) return undefined
  if (typeof source !== 'string' || !/^[0-9a-f]{64}$/.test(source)) return undefined
  if (kind === 'sync') return { kind, place, ticket, source }
  if (kind === 'death') {
    const ticketLife = shape['ticketLife']
    const isLife = typeof ticketLife === 'number' && Number.isSafeInteger(ticketLife) && ticketLife >= 0
    return place === 'team' && isLife ? { kind, place, ticket, source, ticketLife } : undefined
  }
  if (kind !== 'note' || place === 'bucket' || place === 'team' || !isEventId(event)) return undefined
  return { kind, place, ticket, source, event }
}

const PLACES: readonly Place[] = [...PRIORITIES.map(destinationFor), 'team']
