import { expect, test } from 'vitest'
import { startClock, START } from '../../test/clock.ts'
import { createRateLimiter } from './rate-limiter.ts'

test('calls go in order, at least that far apart, the first immediately', async () => {
  const clock = startClock()
  const limiter = createRateLimiter(clock, 2000)
  const taken: [string, number][] = []
  for (const name of ['a', 'b', 'c']) void limiter.acquire(60_000).then(() => taken.push([name, clock.now() - START]))
  await clock.advance(10_000)
  expect(taken).toEqual([
    ['a', 0],
    ['b', 2000],
    ['c', 4000],
  ])
})

test('a call after the deadline is refused immediately and takes no slot', async () => {
  const clock = startClock()
  const limiter = createRateLimiter(clock, 2000)
  expect(await limiter.acquire(1)).toBe(true)
  expect(await limiter.acquire(2000)).toBe(false)
  const next = limiter.acquire(2001)
  await clock.advance(2000)
  expect(await next).toBe(true)
})

test('time that went by counts', async () => {
  const clock = startClock()
  const limiter = createRateLimiter(clock, 2000)
  await limiter.acquire(1)
  await clock.advance(5000)
  expect(await limiter.acquire(clock.monotonic() + 1)).toBe(true)
  expect(clock.pending).toBe(0)
})
