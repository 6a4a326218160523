import { startTestbed, type Fault } from '@ticketing/testbed'
import { describe, expect, it } from 'vitest'
import {
  ALERTED,
  ALERTED_MARKED,
  ALERTED_TWICE,
  DEAD_WITH_NOTICE,
  ON_THE_BOARD,
  play,
  rowsOf,
  type Outcomes,
} from './play.ts'

const CARD = { at: 'trello.createCard', times: 1 } as const
const POST = { at: 'slack.postMessage', times: 1 } as const

/** A card is looked for before it is made again: whatever is unknown ends in one card. */
const TRELLO: Outcomes<'trello.createCard'> = {
  '429': [
    [{ ...CARD, kind: '429', times: 2 }, ON_THE_BOARD],
    [{ ...CARD, kind: '429', retryAfter: 1_200 }, ON_THE_BOARD],
  ],
  '5xx': [
    [{ ...CARD, kind: '5xx' }, ON_THE_BOARD],
    [{ ...CARD, kind: '5xx', status: 504, when: 'after' }, ON_THE_BOARD],
  ],
  '4xx': [
    [
      { ...CARD, kind: '4xx', status: 400, body: 'invalid value for idList' },
      { ...DEAD_WITH_NOTICE, firstCode: 'trello-400' },
    ],
    [
      { ...CARD, kind: '4xx', status: 401, body: 'invalid token' },
      { ...DEAD_WITH_NOTICE, firstCode: 'trello-401' },
    ],
  ],
  'timeout-before-effect': [[{ ...CARD, kind: 'timeout-before-effect' }, ON_THE_BOARD]],
  'timeout-after-effect': [[{ ...CARD, kind: 'timeout-after-effect', times: 2 }, ON_THE_BOARD]],
  'timeout-late-effect': [
    [{ ...CARD, kind: 'timeout-late-effect', ms: 60_000 }, ON_THE_BOARD],
    // The residual risk of docs/promise.md: the first card appears only after the look that missed it.
    [
      { ...CARD, kind: 'timeout-late-effect', ms: 600_000 },
      { ...ON_THE_BOARD, board: 2 },
    ],
  ],
  reset: [
    [{ ...CARD, kind: 'reset' }, ON_THE_BOARD],
    [{ ...CARD, kind: 'reset', when: 'after' }, ON_THE_BOARD],
  ],
  slow: [
    [
      { ...CARD, kind: 'slow', ms: 5_000 },
      { ...ON_THE_BOARD, firstCode: 'delivered' },
    ],
    [
      { ...CARD, kind: 'slow', ms: 60_000 },
      { ...ON_THE_BOARD, firstCode: 'trello-no-answer' },
    ],
    [{ ...CARD, kind: 'slow', ms: 60_000, when: 'after' }, ON_THE_BOARD],
  ],
  'half-answer': [[{ ...CARD, kind: 'half-answer' }, ON_THE_BOARD]],
}

/** Nothing lets us look: whatever is unknown is sent again, and says that it may be a repeat. */
const SLACK: Outcomes<'slack.postMessage'> = {
  '429': [
    [{ ...POST, kind: '429', times: 2 }, ALERTED],
    [{ ...POST, kind: '429', retryAfter: 1_200 }, ALERTED],
    [{ ...POST, kind: '429', retryAfter: 'none' }, ALERTED],
  ],
  '5xx': [
    [{ ...POST, kind: '5xx' }, ALERTED_MARKED],
    [{ ...POST, kind: '5xx', when: 'after' }, ALERTED_TWICE],
  ],
  '4xx': [
    [
      { ...POST, kind: '4xx', status: 400, body: 'invalid_blocks' },
      { ...DEAD_WITH_NOTICE, firstCode: 'slack-400' },
    ],
    [
      { ...POST, kind: '4xx', status: 410, body: 'channel_is_archived' },
      { ...DEAD_WITH_NOTICE, firstCode: 'slack-410' },
    ],
  ],
  'timeout-before-effect': [[{ ...POST, kind: 'timeout-before-effect' }, ALERTED_MARKED]],
  'timeout-after-effect': [[{ ...POST, kind: 'timeout-after-effect' }, ALERTED_TWICE]],
  'timeout-late-effect': [[{ ...POST, kind: 'timeout-late-effect', ms: 60_000 }, ALERTED_TWICE]],
  reset: [
    [{ ...POST, kind: 'reset' }, ALERTED_MARKED],
    [{ ...POST, kind: 'reset', when: 'after' }, ALERTED_TWICE],
  ],
  slow: [
    [{ ...POST, kind: 'slow', ms: 5_000 }, ALERTED],
    [{ ...POST, kind: 'slow', ms: 60_000 }, ALERTED_TWICE],
  ],
  'half-answer': [[{ ...POST, kind: 'half-answer' }, ALERTED_TWICE]],
}

describe('a card that Trello is asked to make', () => {
  it.each(rowsOf(TRELLO))('%s', async (_name, fault, seen) => {
    expect(await play({ priority: 'medium', faults: [fault] })).toMatchObject(seen)
  })
})

describe('a message that Slack is asked to post', () => {
  it.each(rowsOf(SLACK))('%s', async (_name, fault, seen) => {
    expect(await play({ priority: 'high', faults: [fault] })).toMatchObject(seen)
  })
})

/** Looking is harmless: whatever goes wrong with it, the card is made once. */
const LOOKS = ['429', '5xx', 'timeout-before-effect', 'timeout-after-effect', 'reset', 'half-answer'] as const

describe('looking at the board', () => {
  it.each(LOOKS)('for its list: %s', async (kind) => {
    const faults: Fault[] = [{ at: 'trello.listLists', kind, times: 1 }]
    expect(await play({ priority: 'medium', faults })).toMatchObject(ON_THE_BOARD)
  })

  it.each(LOOKS)('for a card that may be there: %s', async (kind) => {
    const faults: Fault[] = [
      { at: 'trello.createCard', kind: 'timeout-after-effect', times: 1 },
      { at: 'trello.listCards', kind, times: 2 },
    ]
    expect(await play({ priority: 'medium', faults })).toMatchObject(ON_THE_BOARD)
  })
})

describe('the notice of a death', () => {
  it.each([
    ['429', 1],
    ['5xx', 1],
    ['timeout-before-effect', 1],
    ['timeout-after-effect', 2],
    ['reset', 1],
    ['half-answer', 2],
  ] as const)('is sent again until Slack has surely taken it: %s', async (kind, notices) => {
    const faults: Fault[] = [
      { at: 'trello.createCard', kind: '4xx', status: 400, times: 1 },
      { at: 'slack.postMessage', kind, times: 1 },
    ]
    expect(await play({ priority: 'medium', faults })).toMatchObject({ ...DEAD_WITH_NOTICE, notices })
  })
})

describe('an outage of a whole vendor', () => {
  it('for six hours: what was sent meanwhile waits, lands once each, and no admin is notified', async () => {
    await using bed = await startTestbed({ clock: 'virtual' })
    const outage = bed.faults.add({ at: 'trello.*', kind: '5xx' })
    const sent = Array.from({ length: 12 }, (_, n) =>
      bed.teams.send({ title: `Ticket ${n}`, priority: 'medium', description: 'Wait.' }),
    )
    await Promise.all(sent)
    await bed.clock.advance('6h')
    expect(bed.trello.cards).toEqual([])
    outage.remove()
    await bed.clock.runUntilQuiet()
    expect(bed.trello.cards.map(({ name }) => name).toSorted()).toEqual(sent.map((_, n) => `Ticket ${n}`).toSorted())
    expect(bed.slack.messages).toEqual([])
  })

  it('for longer than a ticket is tried: it dies, and the notice says that it may have been delivered', async () => {
    const functionSettings = { TICKETING_GIVE_UP_AFTER: '3h' }
    const faults: Fault[] = [{ at: 'trello.createCard', kind: '5xx' }]
    const seen = await play({ priority: 'medium', faults, functionSettings })
    expect(seen).toMatchObject({ ...DEAD_WITH_NOTICE, mayBeDelivered: true, firstCode: 'trello-503' })
    expect(seen.minutes / 60).toBeGreaterThan(3)
  })
})

it('a misspelt fault, or one that its place does not know, does not compile', () => {
  const faults: Fault[] = [
    // @ts-expect-error there is no such place
    { at: 'trello.createCrad', kind: '5xx' },
    // @ts-expect-error there is no such fault
    { at: 'trello.createCard', kind: '5x' },
    // @ts-expect-error a status that the kind does not have
    { at: 'trello.createCard', kind: '5xx', status: 404 },
    // @ts-expect-error Trello has no batches
    { at: 'trello.createCard', kind: 'batch-entry-failure' },
    // @ts-expect-error S3 delivers nothing twice
    { at: 's3.getObject', kind: 'duplicate' },
    // @ts-expect-error a field that belongs to another kind
    { at: 'slack.postMessage', kind: 'reset', retryAfter: 3 },
    // @ts-expect-error no such function
    { at: 'function.urgent', kind: 'killed', call: 's3.putObject' },
  ]
  expect(faults).toHaveLength(7)
})
