import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  type Case,
  type Change,
  type Effect,
  type Priority,
  type TicketEvent,
  type Via,
  destinationFor,
  effectKey,
  effectsOf,
  laneOfPlace,
  newCase,
  openMessage,
  PRIORITIES,
  writeEffect,
} from './index.ts'

const ID = 'T-7QK2M-9XD4R'
const SOURCE = 'ab'.repeat(32)
const BASE = { v: 1, ticket: ID, source: SOURCE } as const

function caseOf(priority: Priority, ...events: readonly unknown[]): Case {
  const ticket = {
    id: ID,
    source: SOURCE,
    createdAt: '2026-11-23T14:03:22.000Z',
    title: 'Login page is blank',
    priority,
    description: 'It stays white.',
    links: [],
  }
  return { ...newCase(ticket, 'n0'), events }
}

function event(change: Change, via: Via = 'teams', at = 1): TicketEvent {
  return { ...BASE, id: `${via}:${at}`, at, by: { via, name: 'Ada' }, ...change }
}

/** "note board", "sync alert", in order. */
function effects(known: Case, one: TicketEvent): string[] {
  return effectsOf(one, known).map(({ kind, place }) => `${kind} ${place}`)
}

const COMMENT: Change = { kind: 'commented', text: 'Looking.' }
const CLOSED: Change = { kind: 'closed', reason: 'fixed' }
const RAISED: Change = { kind: 'priority-changed', to: 'high' }

describe('where an event has an effect', () => {
  test.each<[string, Priority, Change, Via, string[]]>([
    ['a comment from Teams, on a card', 'medium', COMMENT, 'teams', ['note board']],
    ['a comment from Teams, on an alert', 'high', COMMENT, 'teams', ['note alert']],
    ['a comment from Teams, in the bucket', 'low', COMMENT, 'teams', []],
    ['a comment from Trello is on its card already', 'medium', COMMENT, 'trello', []],
    ['a button of Slack was seen there', 'high', { kind: 'acknowledged' }, 'slack', []],
    ['a closing from the command line', 'medium', CLOSED, 'cli', ['note board', 'sync board']],
    ['a closing in Trello: another sync may have undone it', 'medium', CLOSED, 'trello', ['sync board']],
    ['a closing of an alert', 'high', CLOSED, 'teams', ['note alert']],
    ['an edit', 'medium', { kind: 'edited', title: 'New' }, 'teams', ['note board', 'sync board']],
    ['a higher priority', 'medium', RAISED, 'teams', ['note board', 'note alert', 'sync board', 'sync alert']],
    ['a higher priority, set in Trello', 'medium', RAISED, 'trello', ['note alert', 'sync board', 'sync alert']],
    ['an escalation to the alert channel', 'high', { kind: 'escalated', to: 'alert' }, 'system', ['note alert']],
    ['an escalation to the team', 'high', { kind: 'escalated', to: 'team' }, 'system', []],
    ['an escalation to the admin', 'high', { kind: 'escalated', to: 'admin' }, 'system', ['note alert']],
  ])('%s', (_, priority, change, via, expected) => {
    const one = event(change, via)
    expect(effects(caseOf(priority, one), one)).toEqual(expected)
  })

  test('a change of priority brings the new destination what was said before', () => {
    const comments = [event(COMMENT, 'teams', 1), event(COMMENT, 'trello', 2), event(COMMENT, 'slack', 3)]
    const raised = event(RAISED, 'teams', 4)
    expect(
      effectsOf(raised, caseOf('medium', ...comments, raised)).flatMap((one) =>
        one.kind === 'note' ? [`${one.place} ${one.event}`] : [],
      ),
    ).toEqual(['board teams:4', 'alert teams:4', 'alert teams:1', 'alert trello:2'])
  })

  test('follows the ticket to its new destination', () => {
    const comment = event(COMMENT, 'teams', 2)
    expect(effects(caseOf('medium', event(RAISED), comment), comment)).toEqual(['note alert'])
    const closed = event(CLOSED, 'teams', 2)
    expect(effects(caseOf('medium', event(RAISED), closed), closed)).toEqual(['note alert', 'sync board'])
  })
})

const changes: fc.Arbitrary<Change> = fc.constantFrom<Change>(
  COMMENT,
  CLOSED,
  RAISED,
  { kind: 'priority-changed', to: 'low' },
  { kind: 'priority-changed', to: 'medium' },
  { kind: 'reopened' },
  { kind: 'taken' },
  { kind: 'escalated', to: 'alert' },
)
const vias = fc.constantFrom<Via>('teams', 'trello', 'slack', 'cli')
const histories = fc
  .array(fc.tuple(changes, vias, fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 8 })
  .map((drawn) =>
    drawn.map(([change, via, at], index): TicketEvent => ({ ...event(change, via, at), id: `${via}:${index}` })),
  )
const priorities = fc.constantFrom(...PRIORITIES)

/** The place that has seen an event of this origin. */
const OWN: Partial<Record<Via, string>> = { trello: 'board', slack: 'alert' }

/** Each event with the effects that it has in the case as it was when the event was added. */
function atFirst(priority: Priority, events: readonly TicketEvent[]): readonly Effect[][] {
  return events.map((one, index) => [...effectsOf(one, caseOf(priority, ...events.slice(0, index + 1)))])
}

describe('the effects of an event', () => {
  test('are the same whatever came after it', () => {
    fc.assert(
      fc.property(priorities, histories, (priority, events) => {
        const known = caseOf(priority, ...events)
        expect(events.map((one) => effectsOf(one, known))).toEqual(atFirst(priority, events))
      }),
    )
  })

  test('are the same before and after it is in the case', () => {
    fc.assert(
      fc.property(priorities, histories, (priority, events) => {
        const [last] = events.slice(-1)
        if (!last) return
        expect(effectsOf(last, caseOf(priority, ...events.slice(0, -1)))).toEqual(
          effectsOf(last, caseOf(priority, ...events)),
        )
      }),
    )
  })

  test('hold no note to the place that the event came from', () => {
    fc.assert(
      fc.property(priorities, histories, (priority, events) => {
        const byId = new Map(events.map((one) => [one.id, one]))
        const back = atFirst(priority, events)
          .flat()
          .filter((effect) => {
            const one = effect.kind === 'note' ? byId.get(effect.event) : undefined
            return one !== undefined && one.kind !== 'escalated' && effect.place === OWN[one.by.via]
          })
        expect(back).toEqual([])
      }),
    )
  })

  test('reach only places that the ticket was sent to', () => {
    fc.assert(
      fc.property(priorities, histories, (priority, events) => {
        const sent = [priority, ...events.flatMap((one) => (one.kind === 'priority-changed' ? [one.to] : []))]
        const places = sent.map(destinationFor)
        for (const { place } of atFirst(priority, events).flat()) expect(places).toContain(place)
      }),
    )
  })

  test('have names of their own: a note by event and place, a sync by ticket and place', () => {
    fc.assert(
      fc.property(priorities, histories, (priority, events) => {
        const all = atFirst(priority, events).flat()
        const named = new Map(all.map((effect) => [JSON.stringify(effect), effectKey(effect)]))
        expect(new Set(named.values()).size).toBe(named.size)
        for (const key of named.values()) expect(key).toMatch(/^(?:note-[0-9a-f]{32}|sync-\w+-T-7QK2M-9XD4R)$/)
      }),
    )
  })
})

function open(body: string): unknown {
  const opened = openMessage({ body, messageId: 'm', attributes: {} })
  return opened.ok ? opened.value : opened.failure.reason
}

describe('the queue message of an effect', () => {
  const NOTE: Effect = { kind: 'note', place: 'board', ticket: ID, source: SOURCE, event: 'trello:é🍺\ud800' }

  test('opens to what it was written with', () => {
    fc.assert(
      fc.property(priorities, histories, fc.nat({ max: 9 }), (priority, events, life) => {
        for (const effect of atFirst(priority, events).flat())
          expect(open(writeEffect({ effect, life }))).toEqual({ kind: 'effect', effect, life })
      }),
    )
  })

  test('is pure ASCII, and small', () => {
    const body = writeEffect({ effect: { ...NOTE, event: '\uffff'.repeat(256) }, life: 3 })
    expect(body).toMatch(/^[\x20-\x7e]+$/)
    expect(body.length).toBeLessThan(4096)
    expect(open(writeEffect({ effect: NOTE, life: 3 }))).toEqual({ kind: 'effect', effect: NOTE, life: 3 })
  })

  test.each<[string, object]>([
    ['no kind', { kind: 'shout' }],
    ['no place', { place: 'street' }],
    ['a note for the bucket', { place: 'bucket' }],
    ['no ticket id', { ticket: 'T-1' }],
    ['no source', { source: 'x' }],
    ['no event', { event: '' }],
    ['an event id that is too long', { event: 'x'.repeat(257) }],
  ])('with %s is unreadable', (_, change) => {
    expect(open(JSON.stringify({ v: 1, life: 0, effect: { ...NOTE, ...change } }))).toBe('the effect is damaged')
  })

  test('goes to the lane of its place', () => {
    expect(['bucket', 'board', 'alert'].map((place) => laneOfPlace(place as Effect['place']))).toEqual([
      'low',
      'medium',
      'high',
    ])
  })
})
