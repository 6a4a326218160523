import { describe, expect, test } from 'vitest'
import { createVirtualClock } from './virtual-clock.ts'

const START = 1_795_514_400_000

describe('a virtual clock', () => {
  test('stands still until told', async () => {
    const clock = createVirtualClock(START)
    await clock.settle()
    expect(clock.now()).toBe(START)
  })

  test.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['3m', 180_000],
    ['1.5h', 5_400_000],
    ['1d', 86_400_000],
    [42, 42],
  ] as const)('advances by %s', async (duration, ms) => {
    const clock = createVirtualClock(START)
    await clock.advance(duration)
    expect(clock.now() - START).toBe(ms)
  })

  test('fires what comes due in order, each at its own time, and leaves the rest', async () => {
    const clock = createVirtualClock(START)
    const fired: [string, number][] = []
    const note = (name: string) => (): void => void fired.push([name, clock.now() - START])
    clock.after(300, note('late'))
    clock.after(100, note('one'))
    clock.after(100, note('two'))
    clock.after(-5, note('at once'))
    clock.after(301, note('never'))
    await clock.advance(300)
    expect(fired).toEqual([
      ['at once', 0],
      ['one', 100],
      ['two', 100],
      ['late', 300],
    ])
    expect(clock.pending).toBe(1)
  })

  test('a timer that a timer sets is fired too, when it comes due in time', async () => {
    const clock = createVirtualClock(START)
    const fired: number[] = []
    const again = (): void => {
      fired.push(clock.now() - START)
      clock.after(40, again)
    }
    clock.after(40, again)
    await clock.advance(100)
    expect(fired).toEqual([40, 80])
    expect(clock.now() - START).toBe(100)
  })

  test('a timer that was cancelled does not fire', async () => {
    const clock = createVirtualClock(START)
    const fired: string[] = []
    clock.after(10, () => fired.push('no'))()
    await clock.advance(20)
    expect([fired, clock.pending]).toEqual([[], 0])
  })

  test('waits for the work that a timer begins before it fires the next', async () => {
    const clock = createVirtualClock(START)
    const order: string[] = []
    clock.after(10, () => {
      void (async () => {
        for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => void setImmediate(resolve))
        order.push(`work done at ${clock.now() - START}`)
      })()
    })
    clock.after(11, () => order.push('next'))
    await clock.advance(20)
    expect(order).toEqual(['work done at 10', 'next'])
  })

  test('moves to the next timer only, or says that there is none', async () => {
    const clock = createVirtualClock(START)
    clock.after(70, () => undefined)
    expect(await clock.advanceToNext()).toBe(true)
    expect(clock.now() - START).toBe(70)
    expect(await clock.advanceToNext()).toBe(false)
    expect(clock.now() - START).toBe(70)
  })

  test('moves until something is done, and no further', async () => {
    const clock = createVirtualClock(START)
    let count = 0
    const again = (): void => {
      count += 1
      clock.after(60_000, again)
    }
    again()
    expect(await clock.advanceUntil(() => count === 4, '1h')).toBe(true)
    expect(clock.now() - START).toBe(180_000)
    expect(await clock.advanceUntil(() => false, '90s')).toBe(false)
    expect(clock.now() - START).toBe(270_000)
  })

  test('refuses what is no duration', async () => {
    // @ts-expect-error plain JavaScript can say anything
    await expect(createVirtualClock(START).advance('soon')).rejects.toThrow('not a duration: "soon"')
  })
})
