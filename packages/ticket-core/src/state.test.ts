import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  type Case,
  type Change,
  type Person,
  type TicketEvent,
  addEvent,
  indexKeysOf,
  isStaleKey,
  newCase,
  stateOf,
  indexPrefix,
  openEvent,
  personOf,
  showsAlready,
  ticketOfIndexKey,
  writeEvent,
} from './index.ts'

const ID = 'T-7QK2M-9XD4R'
const SOURCE = 'ab'.repeat(32)
const GRACE: Person = { via: 'teams', name: 'Grace', id: 'aad-grace' }
const LINUS: Person = { via: 'slack', name: 'linus', id: 'U1' }

const CASE: Case = newCase(
  {
    id: ID,
    source: SOURCE,
    createdAt: '2026-11-23T14:03:22.000Z',
    title: 'Login page is blank',
    priority: 'medium',
    description: 'It stays white.',
    links: [],
    teamId: '19:team',
    reporter: { name: 'Ada', aadObjectId: 'aad-ada' },
  },
  'n0',
)

function event(at: number, change: Change, id = `teams:${at}`): TicketEvent {
  return { v: 1, id, ticket: ID, source: SOURCE, at, by: GRACE, ...change }
}

function after(...events: readonly unknown[]): ReturnType<typeof stateOf> {
  return stateOf({ ...CASE, events })
}

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom<Change>(
    { kind: 'acknowledged' },
    { kind: 'taken' },
    { kind: 'assigned', to: LINUS },
    { kind: 'released' },
    { kind: 'released', from: LINUS },
    { kind: 'priority-changed', to: 'high' },
    { kind: 'priority-changed', to: 'low' },
    { kind: 'edited', title: 'Login page is white' },
    { kind: 'edited', description: '' },
    { kind: 'withdrawn' },
    { kind: 'closed', reason: 'fixed' },
    { kind: 'reopened' },
    { kind: 'closed', stage: 'Done' },
    { kind: 'reopened', stage: 'Doing' },
    { kind: 'moved', stage: 'Doing' },
    { kind: 'attached', name: 'a.png', url: 'https://example.com/a.png' },
    { kind: 'escalated', to: 'team' },
  ),
  fc.string({ unit: 'binary' }).map((text): Change => ({ kind: 'commented', text })),
)
const known: fc.Arbitrary<unknown> = fc
  .record({ at: fc.integer({ min: 0, max: 20 }), id: fc.integer({ min: 0, max: 8 }), change: changes })
  .map(({ at, id, change }) => event(at, change, `teams:${id}`))
const unknown = fc.constantFrom<unknown>({ v: 1, id: 'x', kind: 'praised', at: 3 }, { v: 2, id: 'y' }, null, 7, 'text')
/** Events in the order in which they came, each with an id of its own. */
const arrivals = fc
  .array(fc.record({ at: fc.integer({ min: 0, max: 9 }), change: changes }), { maxLength: 8 })
  .map((drawn) => drawn.map(({ at, change }, number) => event(at, change, `teams:${number}`)))
const events = fc.array(fc.oneof({ weight: 6, arbitrary: known }, unknown), { maxLength: 24 })

describe('the fold', () => {
  test('gives one state in any order', () => {
    fc.assert(
      fc.property(events, fc.func(fc.integer()), (some, key) => {
        const other = some.map((one, index) => ({ one, at: key(index) })).toSorted((a, b) => a.at - b.at)
        expect(after(...other.map(({ one }) => one))).toEqual(after(...some))
      }),
    )
  })

  test('gives one state however often an event comes', () => {
    fc.assert(
      fc.property(events, (some) => {
        expect(after(...some, ...some)).toEqual(after(...some))
      }),
    )
  })

  test('has an assignee in progress, and an ending exactly while it is closed', () => {
    fc.assert(
      fc.property(events, (some) => {
        const { status, assignee, ending, acknowledged } = after(...some)
        expect(ending !== undefined).toBe(status === 'closed')
        expect(status === 'in-progress' && !assignee).toBe(false)
        expect(status === 'open' && acknowledged !== undefined).toBe(false)
      }),
    )
  })

  test('keeps events that it does not know, and skips them', () => {
    fc.assert(
      fc.property(events, (some) => {
        const praised = { v: 1, id: 'x', kind: 'praised', at: 3 }
        expect(after(praised, ...some)).toEqual(after(...some))
        const added = addEvent({ ...CASE, events: [praised] }, event(1, { kind: 'taken' }), 'n1')
        expect(added.events[0]).toEqual(praised)
      }),
    )
  })

  test.each<[string, readonly TicketEvent[], object]>([
    ['nothing yet', [], { status: 'open', priority: 'medium' }],
    ['acknowledged', [event(1, { kind: 'acknowledged' })], { status: 'acknowledged', acknowledged: { by: GRACE } }],
    ['taken', [event(1, { kind: 'taken' })], { status: 'in-progress', assignee: GRACE }],
    ['assigned', [event(1, { kind: 'assigned', to: LINUS })], { status: 'in-progress', assignee: LINUS }],
    [
      'released',
      [event(1, { kind: 'taken' }), event(2, { kind: 'released' })],
      { status: 'acknowledged', assignee: undefined },
    ],
    [
      'left by another than its assignee: it stays with them',
      [event(1, { kind: 'taken' }), event(2, { kind: 'released', from: LINUS })],
      { status: 'in-progress', assignee: GRACE },
    ],
    [
      'left by its assignee, known elsewhere by the same name',
      [event(1, { kind: 'taken' }), event(2, { kind: 'released', from: { via: 'trello', name: 'Grace', id: 'm1' } })],
      { status: 'acknowledged', assignee: undefined },
    ],
    [
      'closed and reopened by moves: it is where it was moved last',
      [event(1, { kind: 'closed', stage: 'Done' }), event(2, { kind: 'reopened', stage: 'Doing' })],
      { status: 'open', stage: 'Doing' },
    ],
    ['moved on the board', [event(1, { kind: 'moved', stage: 'Doing' })], { status: 'acknowledged', stage: 'Doing' }],
    [
      'closed twice: the first counts',
      [event(1, { kind: 'closed', reason: 'fixed' }), event(2, { kind: 'closed', reason: 'again' })],
      { status: 'closed', ending: { at: 1, by: GRACE, reason: 'fixed', isWithdrawn: false } },
    ],
    [
      'assigned after it was closed: it stays closed',
      [event(1, { kind: 'closed' }), event(2, { kind: 'assigned', to: LINUS })],
      { status: 'closed', assignee: LINUS },
    ],
    [
      'reopened: an escalation may begin again',
      [event(1, { kind: 'acknowledged' }), event(2, { kind: 'closed' }), event(3, { kind: 'reopened' })],
      { status: 'open', ending: undefined, acknowledged: undefined },
    ],
    ['withdrawn', [event(1, { kind: 'withdrawn' })], { status: 'closed', ending: { isWithdrawn: true } }],
    ['edited', [event(1, { kind: 'edited', title: 'White' })], { title: 'White', description: 'It stays white.' }],
  ])('%s', (_name, some, expected) => {
    expect(after(...some)).toMatchObject(expected)
  })
})

test('an event that is there already changes nothing', () => {
  const taken = event(1, { kind: 'taken' })
  const once = addEvent(CASE, taken, 'n1')
  expect(once).toMatchObject({ events: [taken], nonce: 'n1' })
  expect(addEvent(once, taken, 'n2')).toBe(once)
})

test('an event that says what the state shows is a repeat; a comment never is', () => {
  const closed = addEvent(CASE, event(1, { kind: 'closed' }), 'n1')
  expect(showsAlready(closed, event(2, { kind: 'closed' }))).toBe(true)
  expect(showsAlready(closed, event(0, { kind: 'reopened' }))).toBe(true)
  expect(showsAlready(closed, event(2, { kind: 'reopened' }))).toBe(false)
  expect(showsAlready(CASE, event(2, { kind: 'moved', stage: 'Doing' }))).toBe(false)
  expect(showsAlready(closed, event(2, { kind: 'commented', text: '' }))).toBe(false)
})

test('an event comes out of its message as it went in', () => {
  fc.assert(
    fc.property(changes, (change) => {
      const sent = event(5, change)
      const body = writeEvent(sent)
      expect(body.ok && openEvent(body.value)).toEqual({ ok: true, value: sent })
    }),
  )
})

test.each([
  ['no JSON', '{', 'it is not JSON'],
  ['a list', '[]', 'there is no event in it'],
  ['another version', '{"v":2}', 'its version is not 1'],
  ['no id', '{"v":1}', 'its id is not the id of an event'],
  ['another ticket id', '{"v":1,"id":"a","ticket":"7QK2M"}', 'its ticket is not a ticket id'],
  ['no source', `{"v":1,"id":"a","ticket":"${ID}"}`, 'its source is not a SHA-256 in hex'],
  ['a kind of another version', JSON.stringify({ ...event(1, { kind: 'taken' }), kind: 'praised' }), 'its kind'],
])('a message with %s is refused, and says why', (_name, body, reason) => {
  const read = openEvent(body)
  expect(read.ok ? '' : read.failure).toContain(reason)
})

function list(known: Case, ...query: Parameters<typeof indexPrefix>): number {
  return [...indexKeysOf(known)].filter((key) => key.startsWith(indexPrefix(...query))).length
}

describe('the index', () => {
  test('lists an open ticket by priority, by its reporter, and as unassigned, in its own team only', () => {
    const ada = personOf({ name: 'Ada Lovelace', aadObjectId: 'aad-ada' })
    expect(list(CASE, '19:team', { kind: 'open' })).toBe(1)
    expect(list(CASE, '19:team', { kind: 'open', priority: 'medium' })).toBe(1)
    expect(list(CASE, '19:team', { kind: 'open', priority: 'high' })).toBe(0)
    expect(list(CASE, '19:team', { kind: 'unassigned' })).toBe(1)
    expect(list(CASE, '19:team', { kind: 'person', person: ada })).toBe(1)
    expect(list(CASE, '19:team', { kind: 'closed' })).toBe(0)
    expect(list(CASE, '19:other', { kind: 'open' })).toBe(0)
  })

  test('lists it under its assignee, and a closed one as closed only', () => {
    const taken = addEvent(CASE, event(1, { kind: 'taken' }), 'n1')
    expect(list(taken, '19:team', { kind: 'unassigned' })).toBe(0)
    expect(list(taken, '19:team', { kind: 'person', person: GRACE })).toBe(1)
    const closed = addEvent(taken, event(2, { kind: 'closed' }), 'n2')
    expect([...indexKeysOf(closed)]).toHaveLength(1)
    expect(list(closed, '19:team', { kind: 'closed' })).toBe(1)
  })

  test('has the newest first, and says which ticket a key stands for', () => {
    const later = { ...CASE, ticket: { ...CASE.ticket, createdAt: '2026-11-24T00:00:00.000Z' } }
    const [older, newer] = [CASE, later].map((one) => [...indexKeysOf(one)][0] ?? '')
    expect(newer?.localeCompare(older ?? '')).toBe(-1)
    expect(ticketOfIndexKey(older ?? '')).toBe(ID)
    expect(ticketOfIndexKey('index/open/x/0/note.txt')).toBeUndefined()
  })

  test('lets no one who has read an earlier version remove a key of a later one, and the other way round', () => {
    fc.assert(
      fc.property(arrivals, (events) => {
        const versions = [CASE, ...events.map((_, at) => ({ ...CASE, events: events.slice(0, at + 1) }))]
        for (const [at, earlier] of versions.entries())
          for (const later of versions.slice(at)) {
            const [old, current] = [indexKeysOf(earlier), indexKeysOf(later)]
            for (const key of current) expect(isStaleKey(key, earlier)).toBe(false)
            for (const key of old) expect(isStaleKey(key, later)).toBe(!current.has(key))
          }
      }),
    )
  })

  test('holds no name, no text and no id of a person or team', () => {
    const keys = [...indexKeysOf(addEvent(CASE, event(1, { kind: 'taken' }), 'n1'))].join('\n')
    expect(keys).not.toMatch(/ada|grace|team'|19:|login/i)
  })
})
