import { startTestbed, type Fault } from '@ticketing/testbed'
import { describe, expect, it } from 'vitest'
import { acceptedId, placesOf } from '../support/bed.ts'
import { ALERTED, DEAD_WITH_NOTICE, ON_THE_BOARD, play, rowsOf, type Outcomes } from './play.ts'

const SEND = { at: 'sqs.sendMessageBatch', times: 1 } as const
const RECEIVE = { at: 'sqs.receiveMessage', times: 1 } as const
const DELETE = { at: 'sqs.deleteMessageBatch', times: 1 } as const
const HIDE = { at: 'sqs.changeMessageVisibilityBatch', times: 1 } as const
const NOTHING_KEPT = { reply: 'not accepted', board: 0, state: 'none', notices: 0 } as const
const NOBODY_KNOWS = { ...ON_THE_BOARD, reply: 'may or may not arrive' } as const
/** A 5xx leaves open whether SQS has it. */
const NEVER_STORED = { ...NOBODY_KNOWS, board: 0, state: 'none' } as const

/** The card says what is so: accepted, not accepted, or not known yet. */
const SENDING: Outcomes<'sqs.sendMessageBatch'> = {
  throttled: [[{ ...SEND, kind: 'throttled' }, ON_THE_BOARD]],
  '5xx': [
    [{ ...SEND, kind: '5xx' }, ON_THE_BOARD],
    // It was queued twice; the ledger lets one through.
    [{ ...SEND, kind: '5xx', when: 'after' }, ON_THE_BOARD],
  ],
  denied: [[{ ...SEND, kind: 'denied' }, NOTHING_KEPT]],
  'timeout-before-effect': [
    [
      { ...SEND, kind: 'timeout-before-effect' },
      { ...NOBODY_KNOWS, board: 0, state: 'none' },
    ],
  ],
  'timeout-after-effect': [[{ ...SEND, kind: 'timeout-after-effect' }, NOBODY_KNOWS]],
  reset: [
    [{ ...SEND, kind: 'reset' }, ON_THE_BOARD],
    [{ ...SEND, kind: 'reset', when: 'after' }, ON_THE_BOARD],
  ],
  // Not stored is not acknowledged: the sender learns of a disk that stays full.
  'disk-full': [
    [{ ...SEND, kind: 'disk-full' }, ON_THE_BOARD],
    [{ ...SEND, kind: 'disk-full', times: 20 }, NEVER_STORED],
  ],
  'too-many-files': [
    [{ ...SEND, kind: 'too-many-files' }, ON_THE_BOARD],
    [{ ...SEND, kind: 'too-many-files', times: 20 }, NEVER_STORED],
  ],
  'damaged-page': [[{ ...SEND, kind: 'damaged-page' }, ON_THE_BOARD]],
  slow: [
    [{ ...SEND, kind: 'slow', ms: 2_000 }, ON_THE_BOARD],
    [{ ...SEND, kind: 'slow', ms: 20_000, when: 'after' }, NOBODY_KNOWS],
  ],
  'batch-entry-failure': [
    [{ ...SEND, kind: 'batch-entry-failure' }, ON_THE_BOARD],
    [{ ...SEND, kind: 'batch-entry-failure', times: 20 }, NOTHING_KEPT],
  ],
}

const RECEIVING: Outcomes<'sqs.receiveMessage'> = {
  throttled: [[{ ...RECEIVE, kind: 'throttled' }, ON_THE_BOARD]],
  '5xx': [
    [{ ...RECEIVE, kind: '5xx' }, ON_THE_BOARD],
    // Received by no function: it comes back when it is visible again.
    [{ ...RECEIVE, kind: '5xx', when: 'after' }, ON_THE_BOARD],
  ],
  denied: [[{ ...RECEIVE, kind: 'denied' }, ON_THE_BOARD]],
  'timeout-before-effect': [[{ ...RECEIVE, kind: 'timeout-before-effect' }, ON_THE_BOARD]],
  'timeout-after-effect': [[{ ...RECEIVE, kind: 'timeout-after-effect' }, ON_THE_BOARD]],
  reset: [
    [{ ...RECEIVE, kind: 'reset' }, ON_THE_BOARD],
    [{ ...RECEIVE, kind: 'reset', when: 'after' }, ON_THE_BOARD],
  ],
  slow: [[{ ...RECEIVE, kind: 'slow', ms: 5_000 }, ON_THE_BOARD]],
  'disk-full': [[{ ...RECEIVE, kind: 'disk-full', times: 3 }, ON_THE_BOARD]],
  'too-many-files': [[{ ...RECEIVE, kind: 'too-many-files', times: 3 }, ON_THE_BOARD]],
  'damaged-page': [[{ ...RECEIVE, kind: 'damaged-page' }, ON_THE_BOARD]],
  duplicate: [[{ at: 'sqs.receiveMessage', kind: 'duplicate', times: 20 }, ON_THE_BOARD]],
  reordered: [[{ at: 'sqs.receiveMessage', kind: 'reordered', times: 20 }, ON_THE_BOARD]],
}

/** What is delivered and not acknowledged comes again, and the ledger knows it. */
const ACKNOWLEDGING: Outcomes<'sqs.deleteMessageBatch'> = {
  throttled: [[{ ...DELETE, kind: 'throttled' }, ON_THE_BOARD]],
  '5xx': [
    [{ ...DELETE, kind: '5xx' }, ON_THE_BOARD],
    [{ ...DELETE, kind: '5xx', when: 'after' }, ON_THE_BOARD],
  ],
  denied: [[{ ...DELETE, kind: 'denied' }, ON_THE_BOARD]],
  'timeout-before-effect': [[{ ...DELETE, kind: 'timeout-before-effect' }, ON_THE_BOARD]],
  'timeout-after-effect': [[{ ...DELETE, kind: 'timeout-after-effect' }, ON_THE_BOARD]],
  reset: [
    [{ ...DELETE, kind: 'reset' }, ON_THE_BOARD],
    [{ ...DELETE, kind: 'reset', when: 'after' }, ON_THE_BOARD],
  ],
  slow: [[{ ...DELETE, kind: 'slow', ms: 5_000 }, ON_THE_BOARD]],
  'disk-full': [[{ ...DELETE, kind: 'disk-full', times: 3 }, ON_THE_BOARD]],
  'too-many-files': [[{ ...DELETE, kind: 'too-many-files', times: 3 }, ON_THE_BOARD]],
  'damaged-page': [[{ ...DELETE, kind: 'damaged-page' }, ON_THE_BOARD]],
  'batch-entry-failure': [[{ ...DELETE, kind: 'batch-entry-failure', times: 2 }, ON_THE_BOARD]],
}

/** What cannot be hidden for its back-off stays hidden as long as its queue says: later, and once. */
const POSTPONING: Outcomes<'sqs.changeMessageVisibilityBatch'> = {
  throttled: [[{ ...HIDE, kind: 'throttled' }, ALERTED]],
  '5xx': [
    [{ ...HIDE, kind: '5xx' }, ALERTED],
    [{ ...HIDE, kind: '5xx', when: 'after' }, ALERTED],
  ],
  denied: [[{ ...HIDE, kind: 'denied' }, ALERTED]],
  'timeout-before-effect': [[{ ...HIDE, kind: 'timeout-before-effect' }, ALERTED]],
  'timeout-after-effect': [[{ ...HIDE, kind: 'timeout-after-effect' }, ALERTED]],
  reset: [
    [{ ...HIDE, kind: 'reset' }, ALERTED],
    [{ ...HIDE, kind: 'reset', when: 'after' }, ALERTED],
  ],
  slow: [[{ ...HIDE, kind: 'slow', ms: 5_000 }, ALERTED]],
  'disk-full': [[{ ...HIDE, kind: 'disk-full', times: 3 }, ALERTED]],
  'too-many-files': [[{ ...HIDE, kind: 'too-many-files', times: 3 }, ALERTED]],
  'damaged-page': [[{ ...HIDE, kind: 'damaged-page' }, ALERTED]],
  'batch-entry-failure': [[{ ...HIDE, kind: 'batch-entry-failure' }, ALERTED]],
}

describe('a ticket that the server sends to its queue', () => {
  it.each(rowsOf(SENDING))('%s', async (_name, fault, seen) => {
    expect(await play({ priority: 'medium', faults: [fault] })).toMatchObject(seen)
  })
})

describe('a message that a function is to receive', () => {
  it.each(rowsOf(RECEIVING))('%s', async (_name, fault, seen) => {
    expect(await play({ priority: 'medium', faults: [fault] })).toMatchObject(seen)
  })
})

describe('a message that was delivered and is acknowledged', () => {
  it.each(rowsOf(ACKNOWLEDGING))('%s', async (_name, fault, seen) => {
    expect(await play({ priority: 'medium', faults: [fault] })).toMatchObject(seen)
  })
})

describe('a message that goes back for a while', () => {
  it.each(rowsOf(POSTPONING))('%s', async (_name, fault, seen) => {
    const faults: Fault[] = [{ at: 'slack.postMessage', kind: '429', retryAfter: 30, times: 1 }, fault]
    expect(await play({ priority: 'high', faults })).toMatchObject(seen)
  })
})

describe('a ticket that a function sends to the dead-letter queue', () => {
  const refused = { at: 'trello.createCard', kind: '4xx', status: 400 } as const
  const SEND_DEAD = { at: 'sqs.sendMessageBatch', by: 'function.medium', times: 1 } as const

  it.each([
    [{ ...SEND_DEAD, kind: 'throttled' }],
    [{ ...SEND_DEAD, kind: '5xx', when: 'after' }],
    [{ ...SEND_DEAD, kind: 'denied' }],
    [{ ...SEND_DEAD, kind: 'timeout-before-effect' }],
    [{ ...SEND_DEAD, kind: 'timeout-after-effect' }],
    [{ ...SEND_DEAD, kind: 'reset', when: 'after' }],
    [{ ...SEND_DEAD, kind: 'batch-entry-failure' }],
  ] satisfies [Fault][])('%j: it dies all the same, and an admin is notified once', async (fault) => {
    expect(await play({ priority: 'medium', faults: [refused, fault] })).toMatchObject(DEAD_WITH_NOTICE)
  })
})

describe('a queue that delivers twice and in any order, for a whole burst', () => {
  it.each([
    ['medium', 'board'],
    ['high', 'alert'],
    ['low', 'bucket'],
  ] as const)('%s: each ticket is delivered once', async (priority, place) => {
    await using bed = await startTestbed({ clock: 'virtual', seed: 22 })
    bed.faults.add({ at: 'sqs.receiveMessage', kind: 'duplicate', times: 30, chance: 0.5 })
    bed.faults.add({ at: 'sqs.receiveMessage', kind: 'reordered', times: 30 })
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        bed.teams.send({ title: `Ticket ${n}`, priority, description: 'One of many.' }),
      ),
    )
    await bed.clock.runUntilQuiet()
    for (const id of replies.map(acceptedId))
      expect(await placesOf(bed, id)).toEqual({ bucket: 0, board: 0, alert: 0, [place]: 1 })
  })
})

it('of a burst in one batch, the entries that SQS failed are sent again, and those only', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  bed.faults.add({ at: 'sqs.sendMessageBatch', kind: 'slow', ms: 500, times: 1 })
  bed.faults.add({ at: 'sqs.sendMessageBatch', kind: 'batch-entry-failure', times: 1 })
  const replies = await Promise.all(
    Array.from({ length: 9 }, (_, n) => bed.teams.send({ title: `Ticket ${n}`, priority: 'low', description: 'x' })),
  )
  await bed.clock.runUntilQuiet()
  expect(bed.journal.count({ source: 'sqs', kind: 'message-sent' })).toBe(9)
  for (const id of replies.map(acceptedId)) expect(await placesOf(bed, id)).toEqual({ bucket: 1, board: 0, alert: 0 })
})
