import { type Attempt, type LedgerRecord, type Ticket, digestTicket } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { backOff } from './back-off.ts'
import { deadUnclaimed, claimed, dead, delivered, givenUp, waiting } from './records.ts'
import { ticketSubject } from './subject.ts'

const TICKET: Ticket = {
  id: 'T-7QK2M-9XD4R',
  source: 'digest',
  title: 'Login page is blank',
  priority: 'medium',
  description: 'White.',
  links: [],
  createdAt: '2026-11-23T14:03:22.000Z',
  teamId: 'team',
}
const CLAIM = {
  subject: ticketSubject(TICKET),
  destination: 'board',
  life: 0,
  suspect: false,
  crashes: 0,
  by: 'request-1',
  until: 135,
  now: 100,
  caseKey: 'T-7QK2M-9XD4R',
  nonce: 'n1',
} as const
const FAILED: Attempt = { at: 110, outcome: 'retry', code: 'trello-429', reason: 'Slow down.' }
const first = claimed(undefined, CLAIM)
const waits = waiting(first, { attempt: FAILED, retryAt: 130, suspect: false, nonce: 'n2' })
const died = dead(waits, { cause: { code: 'c', reason: 'r' }, suspect: false, now: 150, nonce: 'n3' })

describe('a claim', () => {
  test('of a new ticket', () => {
    expect(first).toEqual({
      v: 1,
      id: 'T-7QK2M-9XD4R',
      source: 'digest',
      digest: digestTicket(TICKET),
      team: 'team',
      destination: 'board',
      life: 0,
      state: 'claimed',
      nonce: 'n1',
      claim: { by: 'request-1', until: 135 },
      crashes: 0,
      firstClaimAt: 100,
      attempts: { count: 0, last: [] },
      caseKey: 'T-7QK2M-9XD4R',
    })
  })

  test('after a failure keeps the first claim, the first failure and the attempts; the retry time goes', () => {
    const again = claimed(waits, { ...CLAIM, now: 200, nonce: 'n4' })
    expect(again).toMatchObject({ state: 'claimed', firstClaimAt: 100, firstFailureAt: 110, attempts: waits.attempts })
    expect(again).not.toHaveProperty('retryAt')
  })

  test('after a crash records a failed attempt, and counts it', () => {
    const again = claimed(first, { ...CLAIM, suspect: true, crashes: 1, now: 200 })
    expect(again).toMatchObject({
      crashes: 1,
      suspect: true,
      firstFailureAt: 135,
      attempts: {
        count: 1,
        first: {
          at: 135,
          outcome: 'crashed',
          code: 'crashed',
          reason: 'request-1 claimed it and recorded no outcome',
        },
        last: [],
      },
    })
  })

  test('in a new life counts crashes and age from zero; doubt, attempts and first claim stay', () => {
    const doubtful: LedgerRecord = { ...died, suspect: true }
    const again = claimed(doubtful, { ...CLAIM, life: 1, now: 500, nonce: 'n4' })
    expect(again).toEqual({
      ...first,
      life: 1,
      nonce: 'n4',
      attempts: waits.attempts,
      suspect: true,
    })
  })
})

describe('an outcome', () => {
  test('retry waits, ends a series of crashes and never clears the doubt', () => {
    const before: LedgerRecord = { ...first, crashes: 2, suspect: true }
    expect(waiting(before, { attempt: FAILED, retryAt: 130, suspect: false, nonce: 'n2' })).toEqual({
      v: 1,
      id: 'T-7QK2M-9XD4R',
      source: 'digest',
      digest: digestTicket(TICKET),
      team: 'team',
      destination: 'board',
      life: 0,
      state: 'waiting',
      nonce: 'n2',
      crashes: 0,
      firstClaimAt: 100,
      firstFailureAt: 110,
      attempts: { count: 1, first: FAILED, last: [] },
      caseKey: 'T-7QK2M-9XD4R',
      retryAt: 130,
      suspect: true,
    })
  })

  test('unknown makes it a suspect', () => {
    expect(waiting(first, { attempt: FAILED, retryAt: 130, suspect: true, nonce: 'n2' }).suspect).toBe(true)
  })

  test('the first failure is that of this life', () => {
    const later: Attempt = { ...FAILED, at: 300 }
    expect(waiting(waits, { attempt: later, retryAt: 400, suspect: false, nonce: 'n' }).firstFailureAt).toBe(110)
    const reborn = claimed(died, { ...CLAIM, life: 1, now: 250 })
    expect(waiting(reborn, { attempt: later, retryAt: 400, suspect: false, nonce: 'n' }).firstFailureAt).toBe(300)
  })

  test('a final "no" waits with its cause for its dead letter; a claim of the next life forgets it', () => {
    const cause = { code: 'trello-400', reason: 'no' }
    const no: Attempt = { at: 120, outcome: 'rejected', ...cause }
    const kept = givenUp(first, { cause, attempt: no, suspect: false, life: 0, now: 120, retryAt: 300, nonce: 'n2' })
    expect(kept).toMatchObject({ state: 'waiting', failure: cause, retryAt: 300, firstFailureAt: 120 })
    expect(kept).not.toHaveProperty('claim')
    const again = givenUp(kept, { cause, suspect: false, life: 0, now: 300, retryAt: 480, nonce: 'n3' })
    expect(again.attempts).toEqual({ count: 1, first: no, last: [] })
    expect(claimed(again, { ...CLAIM, life: 1, now: 500 })).not.toHaveProperty('failure')
  })

  test('delivered keeps the proof; claim and retry time go', () => {
    const receipt = { destination: 'board', where: 'card x', found: true } as const
    expect(delivered({ ...first, suspect: true }, { receipt, now: 120, nonce: 'n2' })).toEqual({
      v: 1,
      id: 'T-7QK2M-9XD4R',
      source: 'digest',
      digest: digestTicket(TICKET),
      team: 'team',
      destination: 'board',
      life: 0,
      state: 'delivered',
      nonce: 'n2',
      crashes: 0,
      firstClaimAt: 100,
      caseKey: 'T-7QK2M-9XD4R',
      attempts: {
        count: 1,
        first: { at: 120, outcome: 'delivered', code: 'delivered', reason: 'found already there' },
        last: [],
      },
      suspect: true,
      receipt,
      deliveredAt: 120,
    })
  })

  test('dead keeps the doubt, and takes the newer of two lives', () => {
    const step = { cause: { code: 'c', reason: 'r' }, suspect: false, life: 2, now: 150, nonce: 'n3' }
    expect(dead({ ...waits, suspect: true }, step)).toMatchObject({
      state: 'dead',
      life: 2,
      suspect: true,
      failure: { code: 'c', reason: 'r' },
      diedAt: 150,
    })
    expect(dead({ ...waits, life: 3 }, step).life).toBe(3)
    expect(died).not.toHaveProperty('retryAt')
  })

  test('dead without any claim', () => {
    const step = { cause: { code: 'c', reason: 'r' }, suspect: false, life: 1, now: 150, nonce: 'n' }
    expect(deadUnclaimed(ticketSubject(TICKET), step)).toEqual({
      v: 1,
      id: 'T-7QK2M-9XD4R',
      source: 'digest',
      digest: digestTicket(TICKET),
      team: 'team',
      life: 1,
      state: 'dead',
      nonce: 'n',
      crashes: 0,
      firstClaimAt: 150,
      attempts: { count: 0, last: [] },
      failure: { code: 'c', reason: 'r' },
      diedAt: 150,
    })
  })

  test('of many attempts the first, the last twenty and the count are kept', () => {
    let record = first
    for (let at = 1; at <= 50; at += 1)
      record = waiting(record, { attempt: { ...FAILED, at }, retryAt: at, suspect: false, nonce: 'n' })
    expect(record.attempts.count).toBe(50)
    expect(record.attempts.first?.at).toBe(1)
    expect(record.attempts.last.map(({ at }) => at)).toEqual([
      31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50,
    ])
  })
})

describe('back-off', () => {
  test.each([
    ['the first, least', { failures: 1, jitter: 0, unknown: false }, 10_000],
    ['the first, most', { failures: 1, jitter: 1, unknown: false }, 20_000],
    ['the third', { failures: 3, jitter: 1, unknown: false }, 80_000],
    ['never above 15 min', { failures: 40, jitter: 1, unknown: false }, 900_000],
    ['an unknown outcome, 60 s at least', { failures: 1, jitter: 0, unknown: true }, 60_000],
    ['what the vendor asked for', { failures: 1, jitter: 0, unknown: false, after: 42_000 }, 42_000],
    ['at most an hour of it', { failures: 1, jitter: 1, unknown: false, after: 7_200_000 }, 3_600_000],
  ])('%s', (_, wait, ms) => {
    expect(backOff(wait)).toBe(ms)
  })
})
