import { expect, test } from 'vitest'
import { createManualClock, MONOTONIC_START, START } from '../../test/manual-clock.ts'
import { createPace } from './index.ts'

test('turns come in order, at least that far apart, the first at once', async () => {
  const clock = createManualClock()
  const pace = createPace(clock, 2000)
  const taken: [string, number][] = []
  for (const name of ['a', 'b', 'c'])
    void pace.turn(MONOTONIC_START + 60_000).then(() => taken.push([name, clock.now() - START]))
  await clock.advance(10_000)
  expect(taken).toEqual([
    ['a', 0],
    ['b', 2000],
    ['c', 4000],
  ])
})

test('a turn after the deadline is refused at once and takes nobody’s place', async () => {
  const clock = createManualClock()
  const pace = createPace(clock, 2000)
  expect(await pace.turn(MONOTONIC_START + 1)).toBe(true)
  expect(await pace.turn(MONOTONIC_START + 2000)).toBe(false)
  const next = pace.turn(MONOTONIC_START + 2001)
  await clock.advance(2000)
  expect(await next).toBe(true)
})

test('time that went by counts', async () => {
  const clock = createManualClock()
  const pace = createPace(clock, 2000)
  await pace.turn(MONOTONIC_START + 1)
  await clock.advance(5000)
  expect(await pace.turn(clock.monotonic() + 1)).toBe(true)
  expect(clock.pending()).toBe(0)
})
