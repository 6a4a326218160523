import type { LedgerRecord } from 'ticket-core'
import { expect, test } from 'vitest'
import { decideDeadLetter } from './decide-dead-letter.ts'

const NOW = 1_000_000
const FIRST_LIFE = { source: 'digest', digest: 'words', life: 0 }
const SECOND_LIFE = { source: 'digest', digest: 'words', life: 1 }

function build(change: Partial<LedgerRecord>): LedgerRecord {
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

const archive = { kind: 'archive', suspect: false, isRecorded: false }
const claimed = (until: number): LedgerRecord => build({ state: 'claimed', claim: { by: 'other', until } })

test.each([
  ['waiting', build({}), FIRST_LIFE, archive],
  ['waiting, not yet due', build({ retryAt: NOW + 1 }), FIRST_LIFE, archive],
  ['waiting and suspect', build({ suspect: true }), FIRST_LIFE, { ...archive, suspect: true }],
  ['waiting in an older life', build({}), SECOND_LIFE, archive],
  ['waiting in a newer life', build({ life: 1 }), FIRST_LIFE, { kind: 'acknowledge' }],
  ['a live claim', claimed(NOW + 1), FIRST_LIFE, { kind: 'later', until: NOW + 1 }],
  ['a claim that ended now', claimed(NOW), FIRST_LIFE, { ...archive, suspect: true }],
  ['a live claim in an older life', claimed(NOW + 1), SECOND_LIFE, { kind: 'later', until: NOW + 1 }],
  ['dead, the same life', build({ state: 'dead' }), FIRST_LIFE, { ...archive, isRecorded: true }],
  ['dead in an older life', build({ state: 'dead' }), SECOND_LIFE, archive],
  ['dead in a newer life', build({ state: 'dead', life: 1 }), FIRST_LIFE, { kind: 'acknowledge' }],
  [
    'dead and suspect',
    build({ state: 'dead', suspect: true }),
    FIRST_LIFE,
    { ...archive, suspect: true, isRecorded: true },
  ],
  ['delivered', build({ state: 'delivered' }), FIRST_LIFE, { kind: 'correct' }],
  ['delivered, a newer life', build({ state: 'delivered' }), SECOND_LIFE, { kind: 'correct' }],
  ['delivered in a newer life', build({ state: 'delivered', life: 1 }), FIRST_LIFE, { kind: 'acknowledge' }],
  ['another source', build({ source: 'other' }), FIRST_LIFE, { kind: 'collision' }],
  ['another source, delivered', build({ source: 'other', state: 'delivered' }), FIRST_LIFE, { kind: 'collision' }],
  ['another source, a live claim', { ...claimed(NOW + 1), source: 'other' }, FIRST_LIFE, { kind: 'collision' }],
])('a dead letter whose record is %s', (_, item, subject, expected) => {
  const stored = { kind: 'found', item, version: 'v' } as const
  const context = expected.kind === 'archive' ? { stored } : expected.kind === 'correct' ? { record: item } : {}
  expect(decideDeadLetter(stored, subject, NOW)).toEqual({ ...expected, ...context })
})

test('a dead letter without a record: its ticket was never claimed', () => {
  const stored = { kind: 'absent' } as const
  expect(decideDeadLetter(stored, SECOND_LIFE, NOW)).toEqual({ ...archive, stored })
})
