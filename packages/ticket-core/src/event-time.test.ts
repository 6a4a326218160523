import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  type Case,
  type Change,
  type TicketEvent,
  addEvent,
  afterAllOf,
  newCase,
  placeInTime,
  stateOf,
} from './index.ts'

const ID = 'T-7QK2M-9XD4R'
const SOURCE = 'ab'.repeat(32)
const NEW: Case = newCase(
  {
    id: ID,
    source: SOURCE,
    createdAt: '2026-11-23T14:03:22.000Z',
    title: 'Login page is blank',
    priority: 'medium',
    description: 'It stays white.',
    links: [],
  },
  'n0',
)

/** Clocks that are right, a little off, and of another century. */
const instants = fc.oneof(fc.nat({ max: 20 }), fc.integer({ min: -3_600_000, max: 3_600_000 }), fc.constant(4e12))
const changes = fc.constantFrom<Change>(
  { kind: 'taken' },
  { kind: 'closed' },
  { kind: 'reopened' },
  { kind: 'priority-changed', to: 'high' },
  { kind: 'commented', text: 'Looking.' },
)
const some = fc
  .array(fc.record({ at: instants, change: changes }), { maxLength: 8 })
  .map((drawn) => drawn.map(({ at, change }, number) => event(number, at, change)))
const steps = fc.array(
  fc.record({ at: instants, change: changes, sentAt: fc.nat({ max: 20 }), passes: fc.nat({ max: 5 }) }),
  { maxLength: 8 },
)

function event(number: number, at: number, change: Change): TicketEvent {
  return { v: 1, id: `teams:${number}`, ticket: ID, source: SOURCE, at, by: { via: 'teams', name: 'Grace' }, ...change }
}

describe('whatever the clocks say', () => {
  test('a change that its sender saw confirmed is the last word of what the sender saw', () => {
    fc.assert(
      fc.property(
        fc.record({ events: some, at: instants, change: changes, took: fc.nat({ max: 5 }), now: instants }),
        ({ events, at, change, took, now }) => {
          const known: Case = { ...NEW, events }
          // The queue took it after what the sender saw, where its clock was not set back.
          const sentAt = Math.max(...events.map((one) => one.at), 0) + 1 + took
          const asked = event(99, afterAllOf(known, at), change)
          const answered = stateOf(addEvent(known, asked, 'n1'))
          const kept = stateOf(addEvent(known, placeInTime(known, asked, { sentAt, now }), 'n1'))
          expect(kept.history.at(-1)).toMatchObject({ id: asked.id })
          expect({ status: kept.status, priority: kept.priority, assignee: kept.assignee }).toEqual({
            status: answered.status,
            priority: answered.priority,
            assignee: answered.assignee,
          })
        },
      ),
    )
  })

  test('no event gets further ahead of the cloud’s clock than a millisecond for each that came', () => {
    fc.assert(
      fc.property(steps, (drawn) => {
        let now = 0
        let known = NEW
        for (const [number, { at, change, sentAt, passes }] of drawn.entries()) {
          now += passes
          const placed = placeInTime(known, event(number, at, change), { sentAt: Math.min(sentAt, now), now })
          known = addEvent(known, placed, `n${number}`)
          expect(placed.at).toBeLessThanOrEqual(now + number)
        }
      }),
    )
  })

  test('an event of the past keeps its time, and so does the order of such events', () => {
    fc.assert(
      fc.property(some, fc.constant(5e12), (events, now) => {
        const kept = events.reduce(
          (known, one) => addEvent(known, placeInTime(known, one, { sentAt: now, now }), ''),
          NEW,
        )
        expect(kept.events).toEqual(events)
      }),
    )
  })

  test('an event that the case holds is the one that it holds', () => {
    fc.assert(
      fc.property(some, instants, (events, now) => {
        const known: Case = { ...NEW, events }
        for (const one of events) expect(placeInTime(known, { ...one, at: 7 }, { sentAt: now, now })).toEqual(one)
      }),
    )
  })
})
