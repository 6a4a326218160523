import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { START } from '../../test/clock.ts'
import { classify, readRetryAfter } from './classify.ts'

function classifyStatus(status: number, retryAfter?: string): unknown {
  const answer = {
    kind: 'answered',
    status,
    body: 'no_service',
    ...(retryAfter !== undefined && { retryAfter }),
  } as const
  return classify(answer, { vendor: 'slack', now: START, explain: (body) => body })
}

describe('an answer', () => {
  test.each([200, 201, 202, 204, 299])('%d is ok', (status) => {
    expect(classifyStatus(status)).toEqual({ kind: 'ok', status, body: 'no_service' })
  })

  test.each([301, 302, 400, 401, 403, 404, 405, 409, 410, 413, 414, 418, 422, 499])('%d is rejected', (status) => {
    const reason = `slack answered ${status}: no_service.`
    expect(classifyStatus(status)).toEqual({ kind: 'rejected', code: `slack-${status}`, reason })
  })

  test.each([500, 502, 503, 504, 599])('%d is unknown, and the vendor is down', (status) => {
    expect(classifyStatus(status)).toMatchObject({ kind: 'unknown', code: `slack-${status}`, vendorDown: true })
  })

  test('429 is a retry after the time that it names, and the vendor is down for others, too', () => {
    const reason = 'slack answered 429: no_service.'
    expect(classifyStatus(429, '30')).toEqual({
      kind: 'retry',
      code: 'slack-429',
      reason,
      after: 30_000,
      vendorDown: true,
    })
    expect(classifyStatus(429)).toEqual({ kind: 'retry', code: 'slack-429', reason, vendorDown: true })
  })

  test.each([408, 425])('%d is a retry of this one alone', (status) => {
    expect(classifyStatus(status)).toMatchObject({ kind: 'retry', vendorDown: false })
  })

  test('shows nothing of its body without `explain`', () => {
    const answer = { kind: 'answered', status: 401, body: 'sig=s3cret' } as const
    expect(classify(answer, { vendor: 'teams', now: START })).toEqual({
      kind: 'rejected',
      code: 'teams-401',
      reason: 'teams answered 401.',
    })
  })
})

test('not sent is a retry, no answer is unknown', () => {
  expect(classify({ kind: 'not-sent', code: 'ENOTFOUND' }, { vendor: 'trello', now: START })).toEqual({
    kind: 'retry',
    code: 'trello-not-sent',
    reason: 'The request to trello was not sent (ENOTFOUND).',
    vendorDown: true,
  })
  expect(classify({ kind: 'no-answer', code: 'timeout' }, { vendor: 'trello', now: START })).toEqual({
    kind: 'unknown',
    code: 'trello-no-answer',
    reason: 'trello was asked and gave no readable answer (timeout).',
  })
})

describe('Retry-After', () => {
  test.each([
    ['30', 30_000],
    ['0', 0],
    [' 5 ', 5000],
    ['1.5', 1500],
    ['3600', 3_600_000],
    ['86400', 3_600_000],
    ['Mon, 23 Nov 2026 14:03:52 GMT', 30_000],
    ['Mon, 23 Nov 2026 13:00:00 GMT', 0],
    ['Tue, 24 Nov 2026 14:03:22 GMT', 3_600_000],
    ['', undefined],
    ['-1', undefined],
    ['soon', undefined],
    ['Monday', undefined],
  ])('%j is %s ms', (value, expected) => {
    expect(readRetryAfter(value, START)).toBe(expected)
  })

  test('is never negative and never more than an hour', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const ms = readRetryAfter(value, START) ?? 0
        expect(ms >= 0 && ms <= 3_600_000).toBe(true)
      }),
    )
  })
})
