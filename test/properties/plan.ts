import type { CallFault, ScheduledEvent } from '@ticketing/testbed'
import * as fc from 'fast-check'
import type { NewsLevel, Priority } from 'ticket-core'
import { type Act, acts } from './acts.ts'
import { callFaults, callFaultsOfEvents, scheduledEvents } from './plan-faults.ts'

/** A person writes a ticket; seconds count from the beginning of the run. */
export interface Send {
  readonly at: number
  readonly priority: Priority
  readonly replica: 0 | 1
  /** Characters of its description, should they be many: more than a card, or a message, takes. */
  readonly length?: number
  /** Teams posts the same activity again, after so many seconds, at either replica. */
  readonly again?: { readonly after: number; readonly replica: 0 | 1 }
}

/** A message that stands in a queue and is no envelope of ours. */
interface Stray {
  readonly at: number
  readonly priority: Priority
  readonly body: string
}

/** A fault that stands for a while. */
export interface Storm {
  readonly from: number
  readonly seconds: number
  readonly fault: CallFault
}

/** Everything until all works again. */
export interface Plan {
  /** Of what is random: ids, jitter, faults with a chance. */
  readonly seed: number
  readonly giveUpAfter: '20m' | '24h'
  /** SQS itself moves a message to the dead-letter queue after so many receives. @default as the stack says */
  readonly maxReceives?: number
  readonly sends: readonly Send[]
  /** What people do with the tickets afterwards. @default nothing, and it is not looked at */
  readonly acts?: readonly Act[] | undefined
  /** What the reporters' team is told. @default nothing */
  readonly news?: NewsLevel
  readonly strays: readonly Stray[]
  readonly storms: readonly Storm[]
  readonly scheduledEvents: readonly (ScheduledEvent & { readonly in: number })[]
  /** An operator has the first of the people forgotten, and once more at the end. @default never */
  readonly forgets?: readonly number[]
  /** An operator redrives everything that is dead by then. */
  readonly redrives: readonly number[]
}

/** Within the first quarter of an hour everything is sent; faults begin within the first half hour. */
const SENT_WITHIN = 900
const STORMS_WITHIN = 1800

const priorities = fc.constantFrom<Priority>('low', 'medium', 'high')
const replicas = fc.constantFrom<0 | 1>(0, 1)

/** A key that may be left out is there half the time. */
const longs = fc.oneof(
  { weight: 9, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(17_000, 26_000) },
)

const send: fc.Arbitrary<Send> = fc.record(
  {
    at: fc.oneof(fc.constant(0), fc.nat({ max: SENT_WITHIN })),
    priority: priorities,
    replica: replicas,
    length: longs,
    again: fc.record({ after: fc.constantFrom(0, 1, 15, 240), replica: replicas }),
  },
  { requiredKeys: ['at', 'priority', 'replica'] },
)

/** Fifteen tickets in the middle; a few runs are short, and a few are bursts of two hundred. */
const sends: fc.Arbitrary<readonly Send[]> = fc.oneof(
  { weight: 5, arbitrary: fc.array(send, { minLength: 1, maxLength: 6, size: 'max' }) },
  { weight: 13, arbitrary: fc.array(send, { minLength: 10, maxLength: 24, size: 'max' }) },
  { weight: 1, arbitrary: fc.array(send, { minLength: 40, maxLength: 80, size: 'max' }) },
)
const bursts = fc.array(send, { minLength: 200, maxLength: 200, size: 'max' })

const stray: fc.Arbitrary<Stray> = fc.record({
  at: fc.nat({ max: SENT_WITHIN }),
  priority: priorities,
  body: fc.oneof(
    fc.constantFrom('{"v":1,"ticket":{"id":"T-00000-00000"', 'not JSON', '{"v":99}', '[]'),
    fc.nat({ max: 1000 }).map((n) => `stray ${n}`),
  ),
})

const storm: fc.Arbitrary<Storm> = fc.record({
  from: fc.oneof(fc.constant(0), fc.nat({ max: STORMS_WITHIN })),
  seconds: fc.constantFrom(20, 90, 300, 900, 2400),
  fault: callFaults,
})

function plansOf(some: fc.Arbitrary<readonly Send[]>, followed: fc.Arbitrary<Plan['acts']>): fc.Arbitrary<Plan> {
  return fc.record({
    seed: fc.nat({ max: 1_000_000 }),
    giveUpAfter: fc.constantFrom<Plan['giveUpAfter']>('24h', '20m'),
    sends: some,
    strays: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(stray, { minLength: 1, maxLength: 2 }) },
    ),
    storms: fc.array(storm, { minLength: 1, maxLength: 6 }),
    scheduledEvents,
    redrives: fc.array(fc.nat({ max: 2 * STORMS_WITHIN }), { maxLength: 2 }),
    acts: followed,
  })
}

/** Schedules of everything at once. In some, vendors call back, two servers sweep, and what the tickets became is looked at. */
export const plans: fc.Arbitrary<Plan> = plansOf(sends, fc.constantFrom(undefined, undefined, undefined, []))
/** The same without that: a planted defect is tried on many. */
export const plainPlans: fc.Arbitrary<Plan> = plansOf(sends, fc.constant(undefined))
/** The same with two hundred tickets. */
export const burstPlans: fc.Arbitrary<Plan> = plansOf(bursts, fc.constant(undefined))

/** A few tickets that people then work with, in Teams, on the board and in Slack. */
export const eventPlans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat({ max: 1_000_000 }),
  giveUpAfter: fc.constantFrom<Plan['giveUpAfter']>('24h', '24h', '20m'),
  sends: fc.array(fc.record({ at: fc.constantFrom(0, 0, 5, 300), priority: priorities, replica: replicas }), {
    minLength: 1,
    maxLength: 4,
  }),
  acts,
  forgets: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: 20, max: 400 }), { minLength: 1, maxLength: 2 }) },
  ),
  news: fc.constantFrom<NewsLevel>('all', 'all', 'important', 'none'),
  strays: fc.constant([]),
  storms: fc.array(
    fc.record({
      from: fc.oneof(fc.constant(0), fc.integer({ min: 20, max: 60 }), fc.nat({ max: 1500 })),
      seconds: fc.constantFrom(20, 90, 300, 900, 2400),
      fault: callFaultsOfEvents,
    }),
    { minLength: 1, maxLength: 5 },
  ),
  scheduledEvents: fc.constant([]),
  // Also while people work on them.
  redrives: fc.array(fc.oneof(fc.integer({ min: 20, max: 400 }), fc.nat({ max: 2 * STORMS_WITHIN })), { maxLength: 2 }),
})
