import {
  type Case,
  type Destination,
  type TicketEvent,
  FORGOTTEN,
  destinationFor,
  eventWords,
  indexKeysOf,
  readEvent,
  stateOf,
} from 'ticket-core'
import type { Check } from './breach.ts'
import { checkNews } from './check-news.ts'
import type { TicketEvidence, Life, Said, ShownNote } from './evidence.ts'
import { standingOf } from './read-answer.ts'

/**
 * The promise after delivery: what was confirmed is in the case, once; every place that has the ticket shows it; card,
 * lists and `status` agree with the state; and another team has no part in it.
 */
export function checkLife(ticket: TicketEvidence, life: Life, check: Check): void {
  for (const said of life.said) checkSaid(said, life, check)
  // An operator who has sent it again knows of it.
  for (const { key, toldAt, redrivenAt } of life.letters)
    check(toldAt !== undefined || redrivenAt !== undefined, 'dead-without-notice', () => key)
  const { known } = life
  if (!known) return
  const events = eventsOf(known)
  for (const event of events)
    check(
      event.by.via === 'system' || life.said.some((said) => isOf(event, said)),
      'event-never-sent',
      () => `${event.kind} ${event.id}`,
    )
  for (const [index, event] of escalationsIn(known).entries())
    check(!escalationsIn(known).slice(0, index).includes(event), 'escalated-twice', () => event)
  checkOrder({ known, events, life }, check)
  const missing = [...indexKeysOf(known)].filter((key) => !life.keys.has(key))
  check(missing.length === 0, 'not-in-index', () => missing.join(', '))
  checkPlaces(ticket, { known, events, life }, check)
  checkMoved({ known, life }, check)
  checkNews(ticket, { events, life }, check)
  checkShown(known, life, check)
}

function checkSaid(said: Said, { known, letters }: Life, check: Check): void {
  const { answers, origin, words = '' } = said
  const name = (): string => `${origin} ${words}; the sender saw: ${answers.join(', ')}`
  check(!answers.includes('other'), 'strange-answer', name)
  const counted = known ? eventsOf(known).filter((event) => isOf(event, said)).length : 0
  if (said.isForeign) {
    check(counted === 0 && !answers.includes('accepted'), 'changed-by-another-team', name)
    check(known === undefined || !said.shown.includes(known.ticket.title), 'seen-by-another-team', name)
    return
  }
  check(counted < 2, 'event-counted-twice', name)
  const standing = standingOf(answers)
  if (standing === 'refused') check(counted === 0, 'refused-but-done', name)
  if (standing !== 'acknowledged') return
  const isDead = letters.some(({ event, toldAt }) => event && isOf(event, said) && toldAt !== undefined)
  check(counted > 0 || isDead, 'event-lost', name)
}

/** Who is answered in Teams knows what the case had by then: a minute later, all that came before it in the case. */
function checkOrder({ known, events, life }: Whole, check: Check): void {
  const { history } = stateOf(known)
  const place = (event: TicketEvent): number => history.findIndex(({ id }) => id === event.id)
  const actedAt = (event: TicketEvent): number => life.said.find((said) => isOf(event, said))?.actedAt ?? Number.NaN
  for (const [index, event] of events.entries()) {
    if (event.by.via !== 'teams') continue
    for (const earlier of events.slice(0, index))
      check(
        !(actedAt(event) - actedAt(earlier) >= ANSWERED_WITHIN) || place(event) > place(earlier),
        'confirmed-without-effect',
        () => `${event.kind} ${event.id} counts as older than ${earlier.kind} ${earlier.id}`,
      )
  }
}

const ANSWERED_WITHIN = 60_000

interface Whole {
  readonly known: Case
  readonly events: readonly TicketEvent[]
  readonly life: Life
}

/** Every place that has the ticket shows what it must, unless a dead letter says that it could not be shown. */
function checkPlaces(ticket: TicketEvidence, { known, events, life }: Whole, check: Check): void {
  const first = destinationFor(known.ticket.priority)
  const now = destinationAfter(known, events.length)
  const isDead = (kind: 'note' | 'sync', place: Destination): boolean =>
    life.letters.some(({ effect }) => effect?.kind === kind && effect.place === place)
  if (life.delivered.has(first))
    check(life.delivered.has(now) || isDead('sync', now), 'not-moved', () => `it belongs to ${now}`)
  for (const place of ['board', 'alert'] as const) {
    if (!life.delivered.has(place) || isDead('note', place)) continue
    const asked = place === first || place === now ? askedNotes(known, events, { place, first, now }) : []
    for (const some of groupByWords(asked)) checkNote({ ...some, place, life }, check)
    for (const some of groupByWords(events.filter((event) => !isErased(event))))
      checkRepeats({ ...some, place, life }, check)
  }
  checkCard(ticket, { known, life, isDead: isDead('sync', 'board'), now }, check)
}

/** Elsewhere than at first it is where a change of priority sent it, once, or says that it may be a repeat. */
function checkMoved({ known, life }: Pick<Whole, 'known' | 'life'>, check: Check): void {
  const places = new Set(known.events.map((_event, index) => destinationAfter(known, index + 1)))
  for (const { place, where } of life.moved) check(places.has(place), 'wrong-place', () => where)
  for (const place of life.delivered) {
    if (place === destinationFor(known.ticket.priority)) continue
    const there = life.moved.filter((copy) => copy.place === place)
    check(there.length > 0, 'recorded-but-not-delivered', () => place)
    check(there.filter(({ isMarked }) => !isMarked).length < 2, 'repeat-not-marked', () => place)
  }
}

/**
 * What one place must show: what happened while the ticket was there, and every comment once it is there. A place is not
 * told of what it did itself. What else happened while a ticket passed through a place may be missing there.
 */
function askedNotes(
  known: Case,
  events: readonly TicketEvent[],
  { place, first, now }: { readonly place: Destination; readonly first: Destination; readonly now: Destination },
): readonly TicketEvent[] {
  const placeAt = events.map((_event, index) => destinationAfter(known, index + 1))
  const arrived = placeAt.findLastIndex((at) => at !== place) + 1
  const left = placeAt.findIndex((at) => at !== first)
  return events.filter((event, index) => {
    // The card itself says it.
    if (event.kind === 'unarchived') return place === 'board' && !isErased(event)
    if (event.kind === 'escalated' || isErased(event) || event.by.via === (place === 'board' ? 'trello' : 'slack'))
      return false
    if (place === first && (left === -1 || index <= left)) return true
    return place === now && (index >= arrived || event.kind === 'commented')
  })
}

interface Noted extends Worded {
  readonly place: Destination
  readonly life: Life
}

function checkNote({ place, words, count, life }: Noted, check: Check): void {
  const shown = showing(life, place, words)
  check(shown.length >= count, 'note-missing', () => `${place}: "${words.join(' ')}" ${shown.length} of ${count} times`)
}

/** Two events may have the same words: as many notes need no mark. */
function checkRepeats({ place, words, count, life }: Noted, check: Check): void {
  const unmarked = showing(life, place, words).filter(({ isMarked }) => !isMarked).length
  check(unmarked <= count, 'note-repeated', () => `${place}: "${words.join(' ')}" ${unmarked} times`)
}

function showing({ notes }: Life, place: Destination, words: readonly string[]): readonly ShownNote[] {
  return notes.filter((note) => note.place === place && words.every((each) => bare(note.text).includes(each)))
}

/** A card that a person changed without our hearing of it may differ; so may one of two that are the same ticket. */
function checkCard(
  { copies }: TicketEvidence,
  { known, life, isDead, now }: Pick<Whole, 'known' | 'life'> & { readonly isDead: boolean; readonly now: Destination },
  check: Check,
): void {
  const [card, ...more] = life.cards
  const unheard = life.said.some(
    (said) =>
      said.origin.startsWith('trello:') &&
      standingOf(said.answers) !== 'acknowledged' &&
      !eventsOf(known).some((event) => isOf(event, said)),
  )
  if (!card || more.length > 0 || copies.length > 1 || unheard || isDead || !life.delivered.has('board')) return
  const { status } = stateOf(known)
  const isRight = now === 'board' ? card.isDone === (status === 'closed') : card.isArchived
  check(isRight, 'card-disagrees', () => `${status} at ${now}: ${JSON.stringify(card)}`)
}

const STATUS_WORDS = { open: 'open', acknowledged: 'acknowledged', 'in-progress': 'in progress', closed: '' } as const

function checkShown(known: Case, { shown }: Life, check: Check): void {
  if (shown === undefined) return
  const { status, priority, comments, ending } = stateOf(known)
  const words = ending ? `Status: ${ending.isWithdrawn ? 'withdrawn' : 'closed'} by` : `Status: ${STATUS_WORDS[status]}`
  const isRight =
    shown.includes(words) &&
    shown.toLowerCase().includes(`priority: ${priority}`) &&
    (comments.length === 0 || shown.includes(`Comments, ${comments.length}:`))
  check(isRight, 'shown-state-differs', () => `${words}, ${priority}, ${comments.length} comments; shown: ${shown}`)
}

/** Every step, with what it follows on: a ticket that comes back is escalated from the beginning. */
function escalationsIn(known: Case): readonly string[] {
  let since = ''
  return stateOf(known).history.flatMap((event) => {
    if (event.kind === 'reopened' || event.kind === 'priority-changed') since = event.id
    return event.kind === 'escalated' ? [`${event.to} since ${since}`] : []
  })
}

/** An event is known by its words where it has any: its id may be what is wrong. */
function isOf(event: TicketEvent, { origin, words }: Said): boolean {
  if (words === undefined || isErased(event)) return event.id.includes(origin)
  return (eventWords(event).text ?? '').includes(words)
}

/** Its person was forgotten: places keep the words that they were told. */
function isErased({ by }: TicketEvent): boolean {
  return by.name.startsWith(FORGOTTEN_AS)
}
const FORGOTTEN_AS = FORGOTTEN.slice(0, -1)

function eventsOf({ events }: Case): readonly TicketEvent[] {
  return events.flatMap((value) => {
    const read = readEvent(value)
    return read.ok ? [read.value] : []
  })
}

function destinationAfter({ ticket, events }: Case, count: number): Destination {
  return destinationFor(stateOf({ ticket, events: events.slice(0, count) }).priority)
}

/** Events that a reader cannot tell apart. */
interface Worded {
  readonly words: readonly string[]
  readonly count: number
}

function groupByWords(events: readonly TicketEvent[]): readonly Worded[] {
  const words = events.map(eventWords).map(({ headline, text = '' }) => [bare(headline), bare(text)])
  const groups = Map.groupBy(words, (each) => each.join('\n'))
  return [...groups.values()].map((some) => ({ words: some[0] ?? [], count: some.length }))
}

/** Without the marks of a place's own format, and without white space. */
function bare(text: string): string {
  return text.replaceAll(/[\s*\\]+/g, '')
}
