import type { Fault } from '@ticketing/testbed'
import * as fc from 'fast-check'
import type { Priority } from 'ticket-core'
import type { Fate } from './container.ts'
import type { QueueName } from './line.ts'

/** Meets the n-th call of one side within one invocation, and every later one if it lasts. */
export interface Trouble {
  /** `sqs`: of AWS's calls only those of SQS, so that the ledger is there while a queue is not. */
  readonly side: 'aws' | 'sqs' | 'vendor'
  readonly call: number
  readonly fate: Fate
  readonly lasts: boolean
}

/** What a vendor does to every call of one invocation. */
type VendorTrouble = keyof typeof VENDOR_TROUBLES

export type Step =
  | {
      readonly kind: 'run'
      readonly queue: QueueName
      /** Pass before it. */
      readonly seconds: number
      readonly milliseconds: number
      readonly trouble: Trouble | undefined
      readonly vendor: VendorTrouble
    }
  /** The same ticket, queued a second time. */
  | { readonly kind: 'send-again'; readonly ticket: number }
  | { readonly kind: 'redrive'; readonly ticket: number }

export interface Plan {
  readonly priorities: readonly Priority[]
  readonly steps: readonly Step[]
  /** Whether what is dead in the end is redriven then, with nothing in its way any more. */
  readonly isMended: boolean
}

type Unplaced<Item> = Item extends unknown ? Omit<Item, 'at'> : never

export const VENDOR_TROUBLES = {
  none: undefined,
  refuses: { kind: '4xx', status: 400 },
  busy: { kind: '429' },
  broken: { kind: '5xx' },
  'broken after the effect': { kind: '5xx', when: 'after' },
  silent: { kind: 'timeout-before-effect' },
  'silent after the effect': { kind: 'timeout-after-effect' },
  torn: { kind: 'half-answer' },
} as const satisfies Record<string, Unplaced<Fault> | undefined>

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({
    side: fc.constant('aws' as const),
    call: fc.integer({ min: 1, max: 12 }),
    fate: fc.constantFrom<Fate>('lost-before', 'lost-after', 'killed-before', 'killed-after'),
    lasts: fc.boolean(),
  }),
  fc.record({
    side: fc.constantFrom('sqs' as const, 'vendor' as const),
    call: fc.integer({ min: 1, max: 3 }),
    fate: fc.constantFrom<Fate>('lost-before', 'lost-after', 'killed-before', 'killed-after'),
    lasts: fc.boolean(),
  }),
)

function steps(priorities: readonly Priority[]): fc.Arbitrary<Step[]> {
  const ticket = fc.nat({ max: priorities.length - 1 })
  const queues: readonly QueueName[] = [...new Set(priorities)]
  const run = fc.record({
    kind: fc.constant('run' as const),
    queue: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...queues) }, fc.constant('dead' as const)),
    seconds: fc.constantFrom(0, 2, 35, 62, 181, 1000),
    milliseconds: fc.constantFrom(30_000, 30_000, 12_000),
    trouble: fc.option(trouble, { nil: undefined, freq: 3 }),
    vendor: fc.oneof(
      { weight: 3, arbitrary: fc.constant<VendorTrouble>('none') },
      { weight: 2, arbitrary: fc.constant<VendorTrouble>('refuses') },
      fc.constantFrom<VendorTrouble>('busy', 'broken', 'broken after the effect'),
      fc.constantFrom<VendorTrouble>('silent', 'silent after the effect', 'torn'),
    ),
  })
  return fc.array(
    fc.oneof(
      { weight: 8, arbitrary: run },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('send-again' as const), ticket }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('redrive' as const), ticket }) },
    ),
    { minLength: 3, maxLength: 9 },
  )
}

/** One to three tickets, and what happens to them before everything works again. */
export const plans: fc.Arbitrary<Plan> = fc
  .array(fc.constantFrom<Priority>('low', 'medium', 'high'), { minLength: 1, maxLength: 3 })
  .chain((priorities) =>
    fc.record({ priorities: fc.constant(priorities), steps: steps(priorities), isMended: fc.boolean() }),
  )
