import { describe, expect, test } from 'vitest'
import type { Duration } from './duration.ts'
import { createVirtualClock } from './virtual-clock.ts'

const START = 1_795_514_400_000

describe('a virtual clock', () => {
  test.each([
    ['"soon"', 'soon'],
    ['"-"', '-'],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['undefined', undefined],
    ['null', null],
  ] as const)('refuses %s, which is no duration, at once', async (said, duration) => {
    const clock = createVirtualClock(START)
    // JavaScript has no types.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const wrong = duration as Duration
    const refused = `not a duration: ${said}; expected milliseconds, or 90s, 3m, 6h, 1d`
    expect(() => clock.jump(wrong)).toThrow(refused)
    await expect(clock.advance(wrong)).rejects.toThrow(refused)
    await expect(clock.advanceUntil(() => true, wrong)).rejects.toThrow(refused)
  })

  test('rejects more time than a date can represent', async () => {
    const clock = createVirtualClock(START)
    await expect(clock.advance('1000001d')).rejects.toThrow('too long: "1000001d"; at most 1000000d')
    expect(() => clock.jump('-1000001d')).toThrow(RangeError)
    clock.jump('1000000d')
    expect(new Date(clock.now()).getUTCFullYear()).toBe(4764)
  })

  test('goes forward only', async () => {
    const clock = createVirtualClock(START)
    const refused = 'time does not go back: "-5s"; only a jump of the wall clock does'
    await expect(clock.advance('-5s')).rejects.toThrow(refused)
    await expect(clock.advanceUntil(() => false, '-5s')).rejects.toThrow(refused)
    await expect(clock.runUntilQuiet('-5s')).rejects.toThrow(refused)
    await expect(clock.advance(-1)).rejects.toThrow('time does not go back: -1;')
    expect(clock.elapsed).toBe(0)
  })

  test('rejects a timer with an invalid time', () => {
    expect(() => createVirtualClock(START).after(Number.NaN, () => undefined)).toThrow(
      'not a delay: NaN; expected milliseconds',
    )
  })
})
