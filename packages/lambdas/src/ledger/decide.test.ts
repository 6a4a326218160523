import type { Absent, Found, LedgerRecord } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { decide, decideMoved, decideSync, isBehind } from './decide.ts'

const NOW = 1_000_000
const MINE = { source: 'digest', digest: 'words', life: 0 }

function build(change: Partial<LedgerRecord> = {}): LedgerRecord {
  return {
    v: 1,
    id: 'T-7QK2M-9XD4R',
    source: 'digest',
    digest: 'words',
    life: 0,
    state: 'waiting',
    nonce: 'n',
    crashes: 0,
    firstClaimAt: 900_000,
    attempts: { count: 0, last: [] },
    ...change,
  }
}

function claimedUntil(until: number, change: Partial<LedgerRecord> = {}): LedgerRecord {
  return build({ state: 'claimed', claim: { by: 'other', until }, ...change })
}

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
    ['waiting without a time', build(), MINE, claim],
    ['waiting, due this very millisecond', build({ retryAt: 1_000_000 }), MINE, claim],
    [
      'waiting, due in a millisecond',
      build({ retryAt: 1_000_001 }),
      MINE,
      { kind: 'later', until: 1_000_001, why: 'not-due' },
    ],
    ['waiting and suspect', build({ suspect: true }), MINE, { ...claim, suspect: true }],
    ['waiting in an older life', build(), { ...MINE, life: 1 }, { ...claim, life: 1 }],
    ['waiting in a newer life', build({ life: 3 }), MINE, { ...claim, life: 3 }],
    ['a live claim', claimedUntil(1_000_001), MINE, { kind: 'later', until: 1_000_001, why: 'claimed' }],
    [
      'a claim that ended now',
      claimedUntil(1_000_000),
      MINE,
      { kind: 'later', until: 1_060_000, why: 'too-early-to-look' },
    ],
    [
      'a claim that ended 59.999 s ago',
      claimedUntil(940_001),
      MINE,
      { kind: 'later', until: 1_000_001, why: 'too-early-to-look' },
    ],
    ['a claim that ended 60 s ago', claimedUntil(940_000), MINE, { ...claim, suspect: true, crashes: 1 }],
    ['a second crash', claimedUntil(940_000, { crashes: 1 }), MINE, { ...claim, suspect: true, crashes: 2 }],
    [
      'a claim of an older life that ended, after two crashes',
      claimedUntil(940_000, { crashes: 2 }),
      { ...MINE, life: 1 },
      { kind: 'claim', life: 1, suspect: true, crashes: 1 },
    ],
    ['delivered', build({ state: 'delivered' }), MINE, { kind: 'acknowledge', why: 'delivered' }],
    [
      'delivered, a newer life',
      build({ state: 'delivered' }),
      { ...MINE, life: 1 },
      { kind: 'acknowledge', why: 'delivered' },
    ],
    ['dead, the same life', build({ state: 'dead' }), MINE, { kind: 'acknowledge', why: 'dead' }],
    ['dead, an older life', build({ state: 'dead', life: 1 }), MINE, { kind: 'acknowledge', why: 'dead' }],
    ['dead, a newer life', build({ state: 'dead', crashes: 2 }), { ...MINE, life: 1 }, { ...claim, life: 1 }],
    [
      'dead and suspect, a newer life',
      build({ state: 'dead', suspect: true }),
      { ...MINE, life: 1 },
      { ...claim, life: 1, suspect: true },
    ],
    ['another source', build({ source: 'other' }), MINE, { kind: 'collision' }],
    ['another source, delivered', build({ source: 'other', state: 'delivered' }), MINE, { kind: 'collision' }],
    ['another source, dead', build({ source: 'other', state: 'dead' }), { ...MINE, life: 1 }, { kind: 'collision' }],
  ] as const)('%s', (...[, record, subject, expected]) => {
    expect(decide(storedOf(record), subject, NOW)).toEqual(madeOn(record, expected))
  })

  test('the third crash in a row gives up, without waiting to look', () => {
    const stored = storedOf(claimedUntil(1_000_000, { crashes: 2 }))
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
    ['due', build({ failure: NO }), MINE, { kind: 'give-up', cause: NO, suspect: false }],
    ['in doubt', build({ failure: NO, suspect: true }), MINE, { kind: 'give-up', cause: NO, suspect: true }],
    ['not due', build({ failure: NO, retryAt: 1_000_001 }), MINE, { kind: 'later', until: 1_000_001, why: 'not-due' }],
    ['of an older life', build({ failure: NO }), { ...MINE, life: 1 }, { ...claim, life: 1 }],
  ])('a final "no" whose dead letter is not confirmed (%s) is not asked for again', (_, record, subject, expected) => {
    expect(decide(storedOf(record), subject, NOW)).toEqual(madeOn(record, expected))
  })
})

describe('the table of what a sync meets', () => {
  const claim = { kind: 'claim', life: 0, suspect: false, crashes: 0 }
  test.each([
    ['no record', undefined, claim],
    ['a live claim', claimedUntil(1_000_001), { kind: 'later', until: 1_000_001, why: 'claimed' }],
    ['waiting, due', build({ syncing: 4 }), claim],
    ['an earlier sync that succeeded', build({ state: 'delivered', life: 1 }), { ...claim, life: 1 }],
    ['one that succeeded after a doubt', build({ state: 'delivered', suspect: true }), claim],
    ['one that was given up', build({ state: 'dead' }), { ...claim, life: 1 }],
    ['another source', build({ source: 'other', state: 'delivered', synced: 1 }), { kind: 'collision' }],
  ] as const)('%s', (...[, record, expected]) => {
    expect(decideSync(storedOf(record), MINE, NOW)).toEqual(madeOn(record, expected))
  })

  test.each([
    ['no record', undefined, 0, true],
    ['as many events as there are', build({ state: 'delivered', synced: 3 }), 0, false],
    ['more events than were read', build({ state: 'delivered', synced: 4 }), 0, false],
    ['fewer events', build({ state: 'delivered', synced: 2 }), 0, true],
    ['fewer events, waiting', build({ syncing: 3, synced: 2 }), 0, true],
    ['given up with as many events', build({ state: 'dead', syncing: 3 }), 0, false],
    ['given up with fewer events', build({ state: 'dead', syncing: 2 }), 0, true],
    ['given up, and redriven', build({ state: 'dead', syncing: 3 }), 1, true],
  ] as const)('%s: whether three events are news', (...[, record, life, expected]) => {
    expect(isBehind(storedOf(record), { life, events: 3 })).toBe(expected)
  })
})

test.each([
  ['delivered', build({ state: 'delivered', syncing: 1 }), { kind: 'acknowledge', why: 'delivered' }],
  ['dead, no newer event', build({ state: 'dead', syncing: 3 }), { kind: 'acknowledge', why: 'dead' }],
  ['dead, a newer event', build({ state: 'dead', syncing: 2 }), { kind: 'claim', life: 1, suspect: false, crashes: 0 }],
] as const)('a ticket that moves, at a place where it is %s', (...[, record, expected]) => {
  expect(decideMoved(storedOf(record), { ...MINE, events: 3 }, NOW)).toEqual(madeOn(record, expected))
})
