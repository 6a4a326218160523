import { expect, test } from 'vitest'
import { buildClaimed, buildRecord } from '../../test/build-record.ts'
import { decideDeadLetter } from './decide-dead-letter.ts'

const NOW = 1_000_000
const FIRST_LIFE = { source: 'digest', digest: 'words', life: 0 }
const SECOND_LIFE = { source: 'digest', digest: 'words', life: 1 }

const archive = { kind: 'archive', suspect: false, isRecorded: false }

test.each([
  ['waiting', buildRecord(), FIRST_LIFE, archive],
  ['waiting, not yet due', buildRecord({ retryAt: NOW + 1 }), FIRST_LIFE, archive],
  ['waiting and suspect', buildRecord({ suspect: true }), FIRST_LIFE, { ...archive, suspect: true }],
  ['waiting in an older life', buildRecord(), SECOND_LIFE, archive],
  ['waiting in a newer life', buildRecord({ life: 1 }), FIRST_LIFE, { kind: 'acknowledge' }],
  ['a live claim', buildClaimed(NOW + 1), FIRST_LIFE, { kind: 'later', until: NOW + 1 }],
  ['a claim that ended now', buildClaimed(NOW), FIRST_LIFE, { ...archive, suspect: true }],
  ['a live claim in an older life', buildClaimed(NOW + 1), SECOND_LIFE, { kind: 'later', until: NOW + 1 }],
  ['dead, the same life', buildRecord({ state: 'dead' }), FIRST_LIFE, { ...archive, isRecorded: true }],
  ['dead in an older life', buildRecord({ state: 'dead' }), SECOND_LIFE, archive],
  ['dead in a newer life', buildRecord({ state: 'dead', life: 1 }), FIRST_LIFE, { kind: 'acknowledge' }],
  [
    'dead and suspect',
    buildRecord({ state: 'dead', suspect: true }),
    FIRST_LIFE,
    { ...archive, suspect: true, isRecorded: true },
  ],
  ['delivered', buildRecord({ state: 'delivered' }), FIRST_LIFE, { kind: 'correct' }],
  ['delivered, a newer life', buildRecord({ state: 'delivered' }), SECOND_LIFE, { kind: 'correct' }],
  ['delivered in a newer life', buildRecord({ state: 'delivered', life: 1 }), FIRST_LIFE, { kind: 'acknowledge' }],
  ['another source', buildRecord({ source: 'other' }), FIRST_LIFE, { kind: 'collision' }],
  [
    'another source, delivered',
    buildRecord({ source: 'other', state: 'delivered' }),
    FIRST_LIFE,
    { kind: 'collision' },
  ],
  ['another source, a live claim', { ...buildClaimed(NOW + 1), source: 'other' }, FIRST_LIFE, { kind: 'collision' }],
])('a dead letter whose record is %s', (_, item, subject, expected) => {
  const stored = { kind: 'found', item, version: 'v' } as const
  const context = expected.kind === 'archive' ? { stored } : expected.kind === 'correct' ? { record: item } : {}
  expect(decideDeadLetter(stored, subject, NOW)).toEqual({ ...expected, ...context })
})

test('a dead letter without a record: its ticket was never claimed', () => {
  const stored = { kind: 'absent' } as const
  expect(decideDeadLetter(stored, SECOND_LIFE, NOW)).toEqual({ ...archive, stored })
})
