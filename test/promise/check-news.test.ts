import { type Case, type Change, type NewsLevel, type Via, newCase } from 'ticket-core'
import { expect, it } from 'vitest'
import { buildEvent, buildLetter, buildTicket } from '../support/records.ts'
import type { BreachKind } from './breach.ts'
import { checkNews } from './check-news.ts'
import type { Life, NewsCard, TicketEvidence } from './evidence.ts'

const TICKET = { ...buildTicket('medium'), teamId: '19:team' }
const CLOSED = eventOf({ kind: 'closed', reason: 'Fixed.' }, 'trello')
const TAKEN = eventOf({ kind: 'taken' }, 'slack')
const IN_TEAMS = eventOf({ kind: 'closed' }, 'teams')

function eventOf(change: Change, via: Via) {
  return buildEvent(TICKET, change, { via })
}

function card(...lines: readonly string[]): NewsCard {
  return { text: [`${TICKET.id} ${TICKET.title}`, ...lines].join('\n'), isMarked: false, isForeign: false }
}

const TOLD_CLOSED = card('Closed by Grace Hopper in Trello', 'Fixed.')
const TOLD_TAKEN = card('Taken by Grace Hopper in Slack')
const TOLD_DEATH = card('It could not be delivered. An admin was notified, and can send it again.')

function kindsOf(
  events: Case['events'] & readonly ReturnType<typeof eventOf>[],
  cards: readonly NewsCard[],
  { level = 'all', ...over }: { readonly level?: NewsLevel } & Partial<Pick<TicketEvidence, 'letter' | 'record'>> = {},
): readonly BreachKind[] {
  const kinds: BreachKind[] = []
  const sent = { serial: '1', destination: 'board', texts: [] } as const
  const none = { copies: [], notices: [], lateEffects: [], answers: [] } as const
  const ticket: TicketEvidence = { sent, id: TICKET.id, ids: new Set(), ...none, ...over }
  const life: Life = {
    said: [],
    moved: [],
    delivered: new Set(),
    notes: [],
    cards: [],
    keys: new Set(),
    letters: [],
    known: { ...newCase(TICKET, 'n'), events },
    news: { level, cards },
  }
  checkNews(ticket, { events, life }, (isKept, kind) => void (isKept || kinds.push(kind)))
  return kinds
}

it('finds nothing wrong with what was told once, on one card or several', () => {
  expect(kindsOf([CLOSED, TAKEN], [TOLD_CLOSED, TOLD_TAKEN])).toEqual([])
  expect(kindsOf([CLOSED, TAKEN], [card(TOLD_CLOSED.text, TOLD_TAKEN.text)])).toEqual([])
  expect(kindsOf([TAKEN, TAKEN], [card(TOLD_TAKEN.text, TOLD_TAKEN.text)])).toEqual([])
})

it('finds what was not told, and what was told again without a mark', () => {
  expect(kindsOf([CLOSED, TAKEN], [TOLD_TAKEN])).toEqual(['news-missing'])
  expect(kindsOf([CLOSED], [TOLD_CLOSED, TOLD_CLOSED])).toEqual(['news-repeated'])
  expect(kindsOf([CLOSED], [TOLD_CLOSED, { ...TOLD_CLOSED, isMarked: true }])).toEqual([])
})

it('goes by the level of the channel, and by where a change was made', () => {
  expect(kindsOf([CLOSED, TAKEN], [TOLD_CLOSED], { level: 'important' })).toEqual([])
  expect(kindsOf([CLOSED, TAKEN], [TOLD_CLOSED, TOLD_TAKEN], { level: 'important' })).toEqual(['news-not-asked'])
  expect(kindsOf([CLOSED], [TOLD_CLOSED], { level: 'none' })).toEqual(['news-not-asked'])
  expect(kindsOf([IN_TEAMS], [])).toEqual([])
  expect(kindsOf([IN_TEAMS], [card('Closed by Grace Hopper in Teams')])).toEqual(['news-not-asked'])
})

it('finds news in the channel of another team', () => {
  expect(kindsOf([CLOSED], [TOLD_CLOSED, { ...TOLD_CLOSED, isForeign: true }])).toEqual(['news-to-another-team'])
})

it('finds a death that was not told, or told again without a mark', () => {
  const letter = buildLetter(1, { ticket: TICKET })
  const dead = { letter, record: { state: 'dead' } as TicketEvidence['record'] }
  expect(kindsOf([], [TOLD_DEATH], dead)).toEqual([])
  expect(kindsOf([], [], dead)).toEqual(['death-not-told'])
  expect(kindsOf([], [], { ...dead, level: 'none' })).toEqual([])
  expect(kindsOf([], [], { ...dead, letter: { ...letter, redrivenAt: 1 } })).toEqual([])
  expect(kindsOf([], [TOLD_DEATH, TOLD_DEATH], dead)).toEqual(['death-told-again'])
  expect(kindsOf([], [TOLD_DEATH, { ...TOLD_DEATH, isMarked: true }], dead)).toEqual([])
})
