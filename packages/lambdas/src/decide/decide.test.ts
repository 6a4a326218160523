import type { Absent, Found, LedgerRecord } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { buildClaimed, buildRecord } from '../../test/build-record.ts'
import { decide, decideMoved, decideSync, isBehind } from './decide.ts'

const NOW = 1_000_000
const MINE = { source: 'digest', digest: 'words', life: 0 }

function storedOf(record: LedgerRecord | undefined): Found<LedgerRecord> | Absent {
  return record ? { kind: 'found', item: record, version: 'v' } : { kind: 'absent' }
}

/** A decision after which something is written names what it was made on. */
function madeOn(record: LedgerRecord | undefined, decision: { readonly kind: string }): object {
  return ['claim', 'give-up'].includes(decision.kind) ? { ...decision, stored: storedOf(record) } : decision
}

describe('the table of what a message meets', () => {
  const claim = { kind: 'claim', life: 0, suspect: false, crashes: 0 }
  test.each([
    ['no record', undefined, MINE, claim],
    ['no record, a redrive', undefined, { ...MINE, life: 2 }, { ...claim, life: 2 }],
    ['waiting without a time', buildRecord(), MINE, claim],
    ['waiting, due this very millisecond', buildRecord({ retryAt: 1_000_000 }), MINE, claim],
    [
      'waiting, due in a millisecond',
      buildRecord({ retryAt: 1_000_001 }),
      MINE,
      { kind: 'later', until: 1_000_001, why: 'not-due' },
    ],
    ['waiting and suspect', buildRecord({ suspect: true }), MINE, { ...claim, suspect: true }],
    ['waiting in an older life', buildRecord(), { ...MINE, life: 1 }, { ...claim, life: 1 }],
    ['waiting in a newer life', buildRecord({ life: 3 }), MINE, { ...claim, life: 3 }],
    ['a live claim', buildClaimed(1_000_001), MINE, { kind: 'later', until: 1_000_001, why: 'claimed' }],
    [
      'a claim that ended now',
      buildClaimed(1_000_000),
      MINE,
      { kind: 'later', until: 1_060_000, why: 'too-early-to-look' },
    ],
    [
      'a claim that ended 59.999 s ago',
      buildClaimed(940_001),
      MINE,
      { kind: 'later', until: 1_000_001, why: 'too-early-to-look' },
    ],
    ['a claim that ended 60 s ago', buildClaimed(940_000), MINE, { ...claim, suspect: true, crashes: 1 }],
    ['a second crash', buildClaimed(940_000, { crashes: 1 }), MINE, { ...claim, suspect: true, crashes: 2 }],
    [
      'a claim of an older life that ended, after two crashes',
      buildClaimed(940_000, { crashes: 2 }),
      { ...MINE, life: 1 },
      { kind: 'claim', life: 1, suspect: true, crashes: 1 },
    ],
    ['delivered', buildRecord({ state: 'delivered' }), MINE, { kind: 'acknowledge', why: 'delivered' }],
    [
      'delivered, a newer life',
      buildRecord({ state: 'delivered' }),
      { ...MINE, life: 1 },
      { kind: 'acknowledge', why: 'delivered' },
    ],
    ['dead, the same life', buildRecord({ state: 'dead' }), MINE, { kind: 'acknowledge', why: 'dead' }],
    ['dead, an older life', buildRecord({ state: 'dead', life: 1 }), MINE, { kind: 'acknowledge', why: 'dead' }],
    ['dead, a newer life', buildRecord({ state: 'dead', crashes: 2 }), { ...MINE, life: 1 }, { ...claim, life: 1 }],
    [
      'dead and suspect, a newer life',
      buildRecord({ state: 'dead', suspect: true }),
      { ...MINE, life: 1 },
      { ...claim, life: 1, suspect: true },
    ],
    ['another source', buildRecord({ source: 'other' }), MINE, { kind: 'collision' }],
    ['another source, delivered', buildRecord({ source: 'other', state: 'delivered' }), MINE, { kind: 'collision' }],
    [
      'another source, dead',
      buildRecord({ source: 'other', state: 'dead' }),
      { ...MINE, life: 1 },
      { kind: 'collision' },
    ],
  ] as const)('%s', (...[, record, subject, expected]) => {
    expect(decide(storedOf(record), subject, NOW)).toEqual(madeOn(record, expected))
  })

  test('the third crash in a row gives up, without waiting to look', () => {
    const stored = storedOf(buildClaimed(1_000_000, { crashes: 2 }))
    expect(decide(stored, MINE, NOW)).toEqual({
      kind: 'give-up',
      stored,
      suspect: true,
      attempt: expect.objectContaining({ outcome: 'crashed' }),
      cause: { code: 'crashed', reason: 'the delivery function ended in the middle of this ticket 3 times in a row' },
    })
  })

  const NO = { code: 'trello-400', reason: 'invalid value for name' }
  test.each([
    ['due', buildRecord({ failure: NO }), MINE, { kind: 'give-up', cause: NO, suspect: false }],
    ['in doubt', buildRecord({ failure: NO, suspect: true }), MINE, { kind: 'give-up', cause: NO, suspect: true }],
    [
      'not due',
      buildRecord({ failure: NO, retryAt: 1_000_001 }),
      MINE,
      { kind: 'later', until: 1_000_001, why: 'not-due' },
    ],
    ['of an older life', buildRecord({ failure: NO }), { ...MINE, life: 1 }, { ...claim, life: 1 }],
  ])('a final "no" whose dead letter is not confirmed (%s) is not asked for again', (_, record, subject, expected) => {
    expect(decide(storedOf(record), subject, NOW)).toEqual(madeOn(record, expected))
  })
})

describe('the table of what a sync meets', () => {
  const claim = { kind: 'claim', life: 0, suspect: false, crashes: 0 }
  test.each([
    ['no record', undefined, claim],
    ['a live claim', buildClaimed(1_000_001), { kind: 'later', until: 1_000_001, why: 'claimed' }],
    ['waiting, due', buildRecord({ syncing: 4 }), claim],
    ['an earlier sync that succeeded', buildRecord({ state: 'delivered', life: 1 }), { ...claim, life: 1 }],
    ['one that succeeded after a doubt', buildRecord({ state: 'delivered', suspect: true }), claim],
    ['one that was given up', buildRecord({ state: 'dead' }), { ...claim, life: 1 }],
    ['another source', buildRecord({ source: 'other', state: 'delivered', synced: 1 }), { kind: 'collision' }],
  ] as const)('%s', (...[, record, expected]) => {
    expect(decideSync(storedOf(record), MINE, NOW)).toEqual(madeOn(record, expected))
  })

  test.each([
    ['no record', undefined, 0, true],
    ['as many events as there are', buildRecord({ state: 'delivered', synced: 3 }), 0, false],
    ['more events than were read', buildRecord({ state: 'delivered', synced: 4 }), 0, false],
    ['fewer events', buildRecord({ state: 'delivered', synced: 2 }), 0, true],
    ['fewer events, waiting', buildRecord({ syncing: 3, synced: 2 }), 0, true],
    ['given up with as many events', buildRecord({ state: 'dead', syncing: 3 }), 0, false],
    ['given up with fewer events', buildRecord({ state: 'dead', syncing: 2 }), 0, true],
    ['given up, and redriven', buildRecord({ state: 'dead', syncing: 3 }), 1, true],
  ] as const)('%s: whether three events are news', (...[, record, life, expected]) => {
    expect(isBehind(storedOf(record), { life, events: 3 })).toBe(expected)
  })
})

test.each([
  ['delivered', buildRecord({ state: 'delivered', syncing: 1 }), { kind: 'acknowledge', why: 'delivered' }],
  ['dead, no newer event', buildRecord({ state: 'dead', syncing: 3 }), { kind: 'acknowledge', why: 'dead' }],
  [
    'dead, a newer event',
    buildRecord({ state: 'dead', syncing: 2 }),
    { kind: 'claim', life: 1, suspect: false, crashes: 0 },
  ],
] as const)('a ticket that moves, at a place where it is %s', (...[, record, expected]) => {
  expect(decideMoved(storedOf(record), { ...MINE, events: 3 }, NOW)).toEqual(madeOn(record, expected))
})
