import type { DeliveryOutcome } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { createCircuitBreaker } from './circuit-breaker.ts'

const START = 1_795_514_400_000
const down = (more: object = {}): DeliveryOutcome => ({
  kind: 'retry',
  code: 'slack-429',
  reason: 'slack answered 429',
  vendorDown: true,
  ...more,
})
const doubtful: DeliveryOutcome = {
  kind: 'unknown',
  code: 'trello-503',
  reason: 'trello answered 503',
  vendorDown: true,
}
const delivered: DeliveryOutcome = { kind: 'delivered', receipt: { destination: 'alert', where: 'x' } }
const refused: DeliveryOutcome = { kind: 'rejected', code: 'trello-400', reason: 'invalid value for name' }

describe('a vendor that is down', () => {
  test('is not called for 10 s: after one refusal, or after two 5xx in a row', () => {
    const breaker = createCircuitBreaker()
    breaker.note(doubtful, START)
    expect(breaker.downFor(START)).toBeUndefined()
    breaker.note(doubtful, START)
    expect(breaker.downFor(START)).toBe(10_000)
    const other = createCircuitBreaker()
    other.note(down(), START)
    expect(other.downFor(START + 9_999)).toBe(1)
    expect(other.downFor(START + 10_000)).toBeUndefined()
  })

  test('is called once after each pause; the pauses double up to five minutes', () => {
    const breaker = createCircuitBreaker()
    const pauses: number[] = []
    let now = START
    breaker.note(doubtful, now)
    for (let call = 0; call < 6; call += 1) {
      breaker.note(doubtful, now)
      const until = now + (breaker.downFor(now) ?? 0)
      pauses.push((until - now) / 1000)
      now = until
    }
    expect(pauses).toEqual([10, 20, 40, 80, 160, 300])
  })

  test('gets the time that it asks for: a second is enough, an hour is the most', () => {
    const breaker = createCircuitBreaker()
    breaker.note(down({ after: 1000 }), START)
    expect(breaker.downFor(START + 999)).toBe(1)
    expect(breaker.downFor(START + 1000)).toBeUndefined()
    breaker.note(down({ after: 900_000 }), START)
    expect(breaker.downFor(START)).toBe(900_000)
    breaker.note(down({ after: 7_200_000 }), START)
    expect(breaker.downFor(START)).toBe(3_600_000)
  })

  test.each([refused, delivered])(
    'is back with its first real answer, and its pauses start at the beginning',
    (answer) => {
      const breaker = createCircuitBreaker()
      breaker.note(down(), START)
      breaker.note(down(), START + 30_000)
      breaker.note(answer, START + 90_000)
      expect(breaker.downFor(START + 90_000)).toBeUndefined()
      breaker.note(doubtful, START + 90_000)
      expect(breaker.downFor(START + 90_000)).toBeUndefined()
      breaker.note(doubtful, START + 90_000)
      expect(breaker.downFor(START + 90_000)).toBe(10_000)
    },
  )
})
