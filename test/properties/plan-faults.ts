import type { CallFault, ScheduledEvent } from '@ticketing/testbed'
import * as fc from 'fast-check'

type Unfiltered<Item> = Item extends unknown ? Omit<Item, 'times' | 'ticket' | 'by' | 'chance'> : never
type BareFault = Unfiltered<CallFault>

/** Kinds that any vendor can show. */
const VENDOR_KINDS = [
  { kind: '429' },
  { kind: '429', retryAfter: 30 },
  { kind: '429', retryAfter: 'none' },
  { kind: '5xx' },
  { kind: '5xx', status: 500, when: 'after' },
  { kind: '4xx', status: 400 },
  { kind: 'timeout-before-effect' },
  { kind: 'timeout-after-effect' },
  { kind: 'timeout-late-effect', ms: 30_000 },
  { kind: 'reset' },
  { kind: 'reset', when: 'after' },
  { kind: 'slow', ms: 3_000 },
  { kind: 'slow', ms: 20_000, when: 'after' },
  { kind: 'half-answer' },
] as const

/** What becomes of a callback before it is sent. */
const DISPATCH_KINDS = [
  { kind: 'lost' },
  { kind: 'duplicate' },
  { kind: 'delayed', ms: 90_000 },
  { kind: 'reordered' },
] as const

/** Kinds that any service of AWS can show. */
const AWS_KINDS = [
  { kind: 'throttled' },
  { kind: '5xx' },
  { kind: '5xx', when: 'after' },
  { kind: 'timeout-before-effect' },
  { kind: 'timeout-after-effect' },
  { kind: 'reset' },
  { kind: 'reset', when: 'after' },
  { kind: 'slow', ms: 2_000 },
  { kind: 'slow', ms: 7_000, when: 'after' },
  { kind: 'too-many-files' },
] as const

function placed<const At, Kind extends object>(at: At, kind: Kind): { readonly at: At } & Kind {
  return { at, ...kind }
}

const vendorFaults: fc.Arbitrary<BareFault> = fc
  .tuple(
    fc.constantFrom('trello.*', 'trello.createCard', 'trello.listCards', 'slack.postMessage'),
    fc.constantFrom(...VENDOR_KINDS),
  )
  .map(([at, kind]) => placed(at, kind))

const effectFaults: fc.Arbitrary<BareFault> = fc
  .tuple(
    fc.constantFrom(
      'trello.addComment',
      'trello.getCard',
      'trello.updateCard',
      'trello.listActions',
      'workflows.postCard',
    ),
    fc.constantFrom(...VENDOR_KINDS),
  )
  .map(([at, kind]) => placed(at, kind))

/** What becomes of a callback on its way to us. */
const callbackFaults: fc.Arbitrary<BareFault> = fc.oneof(
  fc
    .tuple(fc.constantFrom('callback.trello', 'callback.slack'), fc.constantFrom(...DISPATCH_KINDS))
    .map(([at, kind]) => placed(at, kind)),
  fc
    .tuple(fc.constantFrom('callback.trello', 'callback.slack'), fc.constantFrom(...VENDOR_KINDS))
    .map(([at, kind]) => placed(at, kind)),
)

const sqsFaults: fc.Arbitrary<BareFault> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        'sqs.sendMessageBatch',
        'sqs.receiveMessage',
        'sqs.deleteMessageBatch',
        'sqs.changeMessageVisibilityBatch',
      ),
      fc.constantFrom(...AWS_KINDS),
    )
    .map(([at, kind]) => placed(at, kind)),
  fc
    .constantFrom('sqs.sendMessageBatch', 'sqs.deleteMessageBatch', 'sqs.changeMessageVisibilityBatch')
    .map((at) => ({ at, kind: 'batch-entry-failure' as const })),
  fc
    .constantFrom(
      'sqs.sendMessageBatch',
      'sqs.receiveMessage',
      'sqs.deleteMessageBatch',
      'sqs.changeMessageVisibilityBatch',
    )
    .map((at) => ({ at, kind: 'disk-full' as const })),
  fc.constantFrom('duplicate', 'reordered').map((kind) => ({ at: 'sqs.receiveMessage' as const, kind })),
)

const s3Faults: fc.Arbitrary<BareFault> = fc.oneof(
  fc
    .tuple(fc.constantFrom('s3.getObject', 's3.putObject', 's3.*'), fc.constantFrom(...AWS_KINDS))
    .map(([at, kind]) => placed(at, kind)),
  fc.constantFrom('conflict', 'disk-full').map((kind) => ({ at: 's3.putObject' as const, kind })),
)

const secretFaults: fc.Arbitrary<BareFault> = fc
  .constantFrom(...AWS_KINDS, { kind: 'denied' } as const)
  .map((kind) => placed('secretsManager.getSecretValue', kind))

const when = fc.constantFrom('before', 'after')

/** Line 4 ends around one of its calls. */
const eventFunctionFaults: fc.Arbitrary<BareFault> = fc
  .tuple(
    fc.constantFrom('crash', 'killed', 'timed-out'),
    when,
    fc.constantFrom('s3.getObject', 's3.putObject', 's3.deleteObject', 'sqs.sendMessageBatch'),
  )
  .map(([kind, around, call]) => ({ at: 'function.events', kind, when: around, call }))

/** A function ends around one of its calls. */
const functionFaults: fc.Arbitrary<BareFault> = fc
  .tuple(
    fc.constantFrom(
      'function.*',
      'function.low',
      'function.medium',
      'function.high',
      'function.events',
      'function.news',
      'function.dead',
    ),
    fc.constantFrom('crash', 'killed', 'timed-out'),
    when,
    fc.constantFrom(
      's3.putObject',
      's3.getObject',
      'trello.createCard',
      'trello.listCards',
      'slack.postMessage',
      'workflows.postCard',
      'sqs.sendMessageBatch',
      'sqs.changeMessageVisibilityBatch',
      'secretsManager.getSecretValue',
    ),
  )
  .map(([at, kind, around, call]) => ({ at, kind, when: around, call }))

const serverFaults: fc.Arbitrary<BareFault> = when.map((around) => ({
  at: 'server',
  kind: 'killed',
  when: around,
  call: 'sqs.sendMessageBatch',
}))

/** A few calls, or each with a chance. */
const filters = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((times) => ({ times })),
  fc.constantFrom(0.15, 0.5, 1).map((chance) => ({ chance })),
)

/** Any fault of a call. */
export const callFaults: fc.Arbitrary<CallFault> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: vendorFaults },
      { weight: 3, arbitrary: sqsFaults },
      { weight: 3, arbitrary: s3Faults },
      { weight: 1, arbitrary: secretFaults },
      { weight: 3, arbitrary: functionFaults },
      { weight: 1, arbitrary: serverFaults },
    ),
    filters,
  )
  .map(([fault, filter]) => Object.assign({}, fault, filter))

/** Any fault of a call, and those of what follows a delivery. */
export const callFaultsOfEvents: fc.Arbitrary<CallFault> = fc.oneof(
  { weight: 3, arbitrary: callFaults },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.oneof(
          { weight: 3, arbitrary: effectFaults },
          { weight: 2, arbitrary: callbackFaults },
          { weight: 3, arbitrary: eventFunctionFaults },
        ),
        filters,
      )
      .map(([fault, filter]) => Object.assign({}, fault, filter)),
  },
)

type Event = ScheduledEvent & { readonly in: number }

const instants = fc.nat({ max: 1_800_000 })

const jumps: fc.Arbitrary<Event> = fc
  .tuple(fc.constantFrom(-3_600_000, -600_000, -2_000, 2_000, 90_000, 3_600_000), instants)
  .map(([by, after]) => ({ at: 'clock', kind: 'jump', by, in: after }))

const rotations: fc.Arbitrary<Event> = fc
  .tuple(fc.constantFrom('trello', 'slack', 'teams'), instants, fc.constantFrom(0, 5_000, 400_000))
  .map(([what, after, writtenAfter]) => ({ at: 'secret', kind: 'rotated', what, in: after, writtenAfter }))

/** Teams' token is replaced within a few minutes of a jump, before it or after. */
const jumpsAroundRotations: fc.Arbitrary<readonly Event[]> = fc
  .tuple(jumps, fc.integer({ min: -300_000, max: 300_000 }), fc.constantFrom(0, 5_000))
  .map(([jump, later, writtenAfter]) => [
    jump,
    { at: 'secret', kind: 'rotated', what: 'teams', in: Math.max(0, jump.in + later), writtenAfter },
  ])

/** Clocks that jump, credentials that are replaced. */
export const scheduledEvents: fc.Arbitrary<readonly Event[]> = fc.oneof(
  { weight: 6, arbitrary: fc.constant([]) },
  { weight: 2, arbitrary: fc.array(fc.oneof(jumps, rotations), { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: jumpsAroundRotations },
)
