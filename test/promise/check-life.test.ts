import { indexKeysOf, newCase, type Case, type Change, type DeadLetter, type TicketEvent } from 'ticket-core'
import { expect, it } from 'vitest'
import { buildEvent, buildLetter, buildTicket } from '../support/records.ts'
import type { BreachKind } from './breach.ts'
import { checkLife } from './check-life.ts'
import type { Copy, TicketEvidence, Life, Said, ShownNote } from './evidence.ts'
import type { Answer } from './read-answer.ts'

const TICKET = { ...buildTicket('medium'), teamId: '19:team' }
const COMMENT = eventOf({ kind: 'commented', text: 'said 0001.' }, 1)
const CLOSED = eventOf({ kind: 'closed', reason: 'said 0002.' }, 2)
const URGENT = eventOf({ kind: 'priority-changed', to: 'high' }, 3)
const OPEN_CARD = { isArchived: false, isDone: false }
const DONE_CARD = { isArchived: false, isDone: true }

function eventOf(change: Change, number: number): TicketEvent {
  return buildEvent(TICKET, change, { number })
}

function caseOf(...events: readonly TicketEvent[]): Case {
  return { ...newCase(TICKET, 'n'), events }
}

function said({ id, ...event }: TicketEvent, ...answers: readonly Answer[]): Said {
  const words = event.kind === 'commented' ? event.text : undefined
  return { origin: id, answers, shown: '', isForeign: false, ...(words !== undefined && { words }) }
}

function note(text: string, over: Partial<ShownNote> = {}): ShownNote {
  return { place: 'board', text, isMarked: false, ...over }
}

const COMMENT_NOTE = note('**Comment by Grace Hopper in Teams**\n\nsaid 0001\\.\n\n`note-0`')

/** A commented ticket of which all is well, and what is different. */
function lifeOf(over: Partial<Life> = {}): Life {
  const known = over.known ?? caseOf(COMMENT)
  return {
    said: [said(COMMENT, 'accepted')],
    moved: [],
    delivered: new Set(['board']),
    notes: [COMMENT_NOTE],
    cards: [OPEN_CARD],
    keys: indexKeysOf(known),
    letters: [],
    ...over,
    known,
  }
}

function kindsOf(over: Partial<Life> = {}): readonly BreachKind[] {
  const kinds: BreachKind[] = []
  const sent = { serial: '1', destination: 'board', texts: [] } as const
  const none = { copies: [], notices: [], lateEffects: [], answers: [] } as const
  const ticket: TicketEvidence = { sent, id: TICKET.id, ids: new Set(), ...none }
  checkLife(ticket, lifeOf(over), (isKept, kind) => void (isKept || kinds.push(kind)))
  return kinds
}

function letterOf(change: Partial<DeadLetter>): DeadLetter {
  return buildLetter(1, { ticket: TICKET, ...change })
}

it('finds nothing wrong with what is in the case once, and shown where it must be', () => {
  expect(kindsOf()).toEqual([])
})

it('calls a confirmed event that is in no case lost, unless an admin was notified of it', () => {
  const gone = { known: caseOf(), notes: [] }
  expect(kindsOf(gone)).toEqual(['event-lost'])
  expect(kindsOf({ ...gone, said: [said(COMMENT, 'none', 'accepted')] })).toEqual(['event-lost'])
  expect(kindsOf({ ...gone, said: [said(COMMENT, 'maybe')] })).toEqual([])
  const letter = letterOf({ kind: 'event', event: COMMENT })
  expect(kindsOf({ ...gone, letters: [letter] })).toEqual([])
  const { toldAt: _toldAt, ...untold } = letter
  expect(kindsOf({ ...gone, letters: [untold] })).toEqual(['event-lost', 'dead-without-notice'])
  expect(kindsOf({ letters: [{ ...untold, redrivenAt: 2 }] })).toEqual([])
})

it('finds what counts twice, what no person did, and what was refused', () => {
  const twice = caseOf(COMMENT, { ...COMMENT, id: 'trello:another' })
  expect(kindsOf({ known: twice, notes: [COMMENT_NOTE, COMMENT_NOTE] })).toEqual(['event-counted-twice'])
  const echo = {
    known: caseOf(COMMENT, CLOSED),
    notes: [COMMENT_NOTE, note('Closed by Grace Hopper in Teams said 0002.')],
  }
  expect(kindsOf({ ...echo, cards: [DONE_CARD] })).toEqual(['event-never-sent'])
  expect(kindsOf({ said: [said(COMMENT, 'not-accepted')] })).toEqual(['refused-but-done'])
  expect(kindsOf({ said: [said(COMMENT, 'other')] })).toEqual(['strange-answer'])
})

it('finds a step of an escalation that was made twice, but not one of a ticket that came back', () => {
  const steps = [5, 6].map((number) =>
    buildEvent(TICKET, { kind: 'escalated', to: 'alert' }, { number, via: 'system' }),
  )
  expect(kindsOf({ known: caseOf(COMMENT, ...steps) })).toEqual(['escalated-twice'])
  const again = buildEvent(TICKET, { kind: 'reopened' }, { number: 5.5, via: 'system' })
  const back = { known: caseOf(COMMENT, ...steps, again) }
  expect(kindsOf(back)).not.toContain('escalated-twice')
})

it('finds another team that changed a ticket, or saw it', () => {
  const foreign = { ...said(COMMENT, 'not-accepted'), isForeign: true }
  expect(kindsOf({ known: caseOf(), notes: [], said: [foreign] })).toEqual([])
  expect(kindsOf({ said: [foreign] })).toEqual(['changed-by-another-team'])
  const shown = `${TICKET.title} is closed`
  expect(kindsOf({ known: caseOf(), notes: [], said: [{ ...foreign, shown }] })).toEqual(['seen-by-another-team'])
})

it('finds a place that was not notified, or notified twice without a mark', () => {
  expect(kindsOf({ notes: [] })).toEqual(['note-missing'])
  expect(kindsOf({ notes: [], delivered: new Set(), cards: [] })).toEqual([])
  expect(kindsOf({ notes: [COMMENT_NOTE, COMMENT_NOTE] })).toEqual(['note-repeated'])
  expect(kindsOf({ notes: [COMMENT_NOTE, { ...COMMENT_NOTE, isMarked: true }] })).toEqual([])
  const effect = { kind: 'note', place: 'board', ticket: TICKET.id, source: TICKET.source, event: COMMENT.id } as const
  expect(kindsOf({ notes: [], letters: [letterOf({ kind: 'effect', effect })] })).toEqual([])
  const theirs = buildEvent(TICKET, { kind: 'commented', text: 'said 0001.' }, { via: 'trello' })
  expect(kindsOf({ known: caseOf(theirs), notes: [] })).toEqual([])
})

it('finds a ticket that did not move to where its new priority asks for, or comes without its comments', () => {
  const urgent = { known: caseOf(COMMENT, URGENT), said: [said(COMMENT, 'accepted'), said(URGENT, 'accepted')] }
  const toldBoth = [
    COMMENT_NOTE,
    { ...COMMENT_NOTE, place: 'alert' as const },
    ...(['board', 'alert'] as const).map((place) =>
      note('Priority changed to high by Grace Hopper in Teams\nhigh goes to the alert channel (Slack).', { place }),
    ),
  ]
  const cards = [{ isArchived: true, isDone: true }]
  expect(kindsOf({ ...urgent, notes: toldBoth, cards })).toEqual(['not-moved'])
  const moved: Copy[] = [
    { place: 'alert', ticket: TICKET.id, serial: '1', at: 9, order: 9, isMarked: false, text: '', where: 'Slack' },
  ]
  const there = { ...urgent, cards, moved, delivered: new Set(['board', 'alert'] as const) }
  expect(kindsOf({ ...there, notes: toldBoth })).toEqual([])
  expect(kindsOf({ ...there, notes: toldBoth.toSpliced(1, 1) })).toEqual(['note-missing'])
  expect(kindsOf({ ...there, notes: toldBoth, cards: [OPEN_CARD] })).toEqual(['card-disagrees'])
  expect(kindsOf({ ...there, notes: toldBoth, moved: [...moved, ...moved] })).toEqual(['repeat-not-marked'])
  expect(kindsOf({ ...there, notes: toldBoth, moved: [] })).toEqual(['recorded-but-not-delivered'])
})

it('finds a card, a list and a status that do not show the state', () => {
  expect(kindsOf({ cards: [DONE_CARD] })).toEqual(['card-disagrees'])
  const unheard = { ...said(CLOSED, 'none'), origin: 'trello:1' }
  expect(kindsOf({ cards: [DONE_CARD], said: [said(COMMENT, 'accepted'), unheard] })).toEqual([])
  expect(kindsOf({ keys: new Set() })).toEqual(['not-in-index'])
  expect(kindsOf({ shown: 'Status: open\nPriority: Medium\nComments, 1: the last by Grace' })).toEqual([])
  expect(kindsOf({ shown: 'Status: closed by Grace\nPriority: Medium\nComments, 1:' })).toEqual(['shown-state-differs'])
  expect(kindsOf({ shown: 'Status: open\nPriority: Medium' })).toEqual(['shown-state-differs'])
})
