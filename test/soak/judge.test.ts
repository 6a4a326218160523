import type { DeadLetter, LedgerRecord } from 'ticket-core'
import { expect, it } from 'vitest'
import type { Answer, Sent } from './book.ts'
import type { Copy, Evidence } from './gather-evidence.ts'
import { judge } from './judge.ts'
import type { Finding, Times } from './judge.ts'

const ID = 'T-7QK2M-9XD4R'
const SERIAL = '0000001'

function sent(answers: readonly Answer[], goesTo: Sent['goesTo'] = 'board'): Sent {
  const named = answers.some((answer) => answer === 'accepted' || answer === 'maybe')
  return { serial: SERIAL, goesTo, sentAt: 0, answers: [...answers], ids: new Set(named ? [ID] : []) }
}

function copy(over: Partial<Copy> = {}): Copy {
  return { place: 'board', ticket: ID, serial: SERIAL, at: 1000, isMarked: false, where: 'a card', ...over }
}

function message(over: Partial<Copy> = {}): Copy {
  return copy({ place: 'alert', ...over })
}

const DEAD: LedgerRecord = {
  v: 1,
  id: ID,
  source: 'a',
  life: 0,
  state: 'dead',
  nonce: 'n',
  crashes: 0,
  firstClaimAt: 1,
  attempts: { count: 0, last: [] },
}
const LETTER: DeadLetter = {
  v: 1,
  key: ID,
  nonce: 'n',
  kind: 'ticket',
  message: { messageId: 'm', body: '{}', attributes: {} },
  life: 0,
  at: 1,
  cause: { code: 'trello-400', reason: 'refused' },
  toldAt: 2,
  mayBeDelivered: false,
  history: [],
}

interface There {
  readonly copies?: readonly Copy[]
  readonly record?: LedgerRecord
  readonly letter?: DeadLetter
  readonly told?: boolean
  readonly lateAt?: number
  readonly looks?: readonly number[]
}

function kinds(entry: Sent, there: There = {}): Finding['kind'][] {
  const evidence: Evidence = {
    copies: there.copies ?? [],
    ledger: new Map(there.record ? [[ID, there.record]] : []),
    letters: new Map(there.letter ? [[ID, there.letter]] : []),
    told: new Set(there.told === true ? [ID] : []),
  }
  const lateEffects = new Map(there.lateAt === undefined ? [] : [[ID, [there.lateAt]]])
  const times: Times = { lateEffects, looks: there.looks ?? [] }
  return judge([entry], evidence, times).findings.map(({ kind }) => kind)
}

it('finds nothing wrong with a ticket that is where it belongs, once', () => {
  expect(kinds(sent(['accepted']), { copies: [copy()] })).toEqual([])
})

it('calls an acknowledged ticket that is nowhere lost', () => {
  expect(kinds(sent(['accepted']))).toEqual(['lost'])
  expect(kinds(sent(['none', 'accepted']))).toEqual(['lost'])
})

it('takes a death for one only when it is recorded, archived, noted as told, and told', () => {
  const whole = { record: DEAD, letter: LETTER, told: true }
  expect(kinds(sent(['accepted']), whole)).toEqual([])
  expect(kinds(sent(['accepted']), { ...whole, told: false })).toEqual(['lost'])
  const { toldAt: _toldAt, ...untold } = LETTER
  expect(kinds(sent(['accepted']), { ...whole, letter: untold })).toEqual(['lost'])
  expect(kinds(sent(['accepted']), { ...whole, letter: { ...LETTER, life: 1 } })).toEqual(['lost'])
  expect(kinds(sent(['accepted']), { ...whole, record: { ...DEAD, state: 'waiting' } })).toEqual(['lost', 'unsettled'])
})

it('calls a redriven ticket that nobody heard of again lost', () => {
  const redriven = { ...LETTER, redrivenAt: 3 }
  expect(kinds(sent(['accepted']), { record: DEAD, letter: redriven, told: true })).toEqual(['lost'])
  const again = { record: { ...DEAD, life: 1 }, letter: { ...LETTER, life: 1 }, told: true }
  expect(kinds(sent(['accepted']), again)).toEqual([])
})

it('finds a record that still waits although nothing is on its way', () => {
  expect(kinds(sent(['accepted']), { copies: [copy()], record: { ...DEAD, state: 'waiting' } })).toEqual(['unsettled'])
})

it('lets a message without an answer arrive or not', () => {
  for (const answer of ['none', 'maybe'] as const) {
    expect(kinds(sent([answer]))).toEqual([])
    expect(kinds(sent([answer]), { copies: [copy()] })).toEqual([])
  }
})

it('finds what was refused and came nevertheless, and what nobody sent', () => {
  expect(kinds(sent(['not-accepted']), { copies: [copy()] })).toEqual(['not-accepted-but-there'])
  expect(kinds(sent(['accepted']), { copies: [copy(), copy({ serial: '0000009' })] })).toEqual([
    'not-accepted-but-there',
  ])
})

it('finds a malformed message that was accepted, and a good one that was called malformed', () => {
  expect(kinds(sent(['not-a-ticket'], 'nowhere'))).toEqual([])
  expect(kinds(sent(['accepted'], 'nowhere'), { copies: [copy()] })).toContain('strange-answer')
  expect(kinds(sent(['not-a-ticket']))).toEqual(['strange-answer'])
})

it('finds another place, and another id', () => {
  expect(kinds(sent(['accepted'], 'alert'), { copies: [copy()] })).toEqual(['wrong-place'])
  expect(kinds(sent(['accepted']), { copies: [copy({ ticket: 'T-00000-00000' })] })).toEqual(['wrong-id'])
})

it('lets Slack have repeats that say so, one message aside', () => {
  const entry = sent(['accepted'], 'alert')
  expect(kinds(entry, { copies: [message(), message({ isMarked: true })] })).toEqual(['doubled-marked'])
  expect(kinds(entry, { copies: [message(), message()] })).toEqual(['doubled-unmarked'])
})

it('lets Trello have a second card only where the look before it could not see the first', () => {
  const first = copy({ at: 100_000 })
  const second = copy({ at: 90_000 })
  const seen = { copies: [first, second], lateAt: 1000, looks: [89_000] }
  expect(kinds(sent(['accepted']), seen)).toEqual(['doubled-late'])
  expect(kinds(sent(['accepted']), { ...seen, looks: [] })).toEqual(['doubled-unmarked'])
  const { lateAt: _lateAt, ...onTime } = seen
  expect(kinds(sent(['accepted']), onTime)).toEqual(['doubled-unmarked'])
  const looked = { copies: [copy({ at: 50_000 }), copy({ at: 90_000 })], lateAt: 1000, looks: [89_000] }
  expect(kinds(sent(['accepted']), looked)).toEqual(['doubled-unmarked'])
})

it('finds an object in the archive twice', () => {
  const twice = [copy({ place: 'archive' }), copy({ place: 'archive', where: 'another key' })]
  expect(kinds(sent(['accepted'], 'archive'), { copies: twice })).toEqual(['doubled-unmarked'])
})

it('finds a delivered ticket that is told dead without a word of doubt', () => {
  const there = { copies: [copy()], record: DEAD, letter: LETTER, told: true }
  expect(kinds(sent(['accepted']), there)).toEqual(['dead-unsaid'])
  expect(kinds(sent(['accepted']), { ...there, letter: { ...LETTER, mayBeDelivered: true } })).toEqual([])
})
