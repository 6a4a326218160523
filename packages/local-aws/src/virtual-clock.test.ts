import { pbkdf2 } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createVirtualClock } from './virtual-clock.ts'

const derive = promisify(pbkdf2)
const START = 1_795_514_400_000

describe('a virtual clock', () => {
  test('stands still until it is moved', async () => {
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

  test('fires due timers in order, each at its own time, and leaves the rest', async () => {
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

  test('fires a timer that a timer sets, if it is due in time', async () => {
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

  test('waits for the work that a timer starts before it fires the next', async () => {
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

  test('moves to the next timer only, or returns that there is none', async () => {
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
})

/** Acts as a poller: long polls without end. */
function pollFor(clock: ReturnType<typeof createVirtualClock>, ms: number): void {
  clock.after(ms, () => pollFor(clock, ms), 'idle')
}

describe('a virtual clock runs until quiet', () => {
  test('through all timers, also those that they set, but not for an idle wait', async () => {
    const clock = createVirtualClock(START)
    const fired: number[] = []
    pollFor(clock, 20_000)
    clock.after(1_000, () => {
      fired.push(clock.now() - START)
      clock.after(90_000, () => fired.push(clock.now() - START))
    })
    await clock.runUntilQuiet()
    expect(fired).toEqual([1_000, 91_000])
    expect([clock.now() - START, clock.pending]).toEqual([91_000, 1])
  })

  test('and does not move if no timer waits', async () => {
    const clock = createVirtualClock(START)
    await clock.runUntilQuiet()
    expect(clock.now()).toBe(START)
  })

  test('or rejects, with the timers that still wait', async () => {
    const clock = createVirtualClock(START)
    const again = (): void => void clock.after(60_000, again)
    again()
    pollFor(clock, 20_000)
    await expect(clock.runUntilQuiet('10m')).rejects.toMatchObject({
      name: 'NeverQuiet',
      message:
        'after 10m of virtual time work still goes on: 1 timer waits, the next comes due in 60000 ms. ' +
        'Something is tried again and again, or keeps time for ever; give it longer, or mark idle waits as idle.',
    })
  })
})

describe('a virtual clock runs until something is settled', () => {
  test('and returns its value; later timers wait', async () => {
    const clock = createVirtualClock(START)
    const work = new Promise<string>((resolve) => void clock.after(500, () => resolve('done')))
    clock.after(501, () => undefined)
    expect(await clock.runUntilSettled(work)).toBe('done')
    expect([clock.now() - START, clock.pending]).toEqual([500, 1])
  })

  test('and passes on its failure', async () => {
    const clock = createVirtualClock(START)
    const work = new Promise((_resolve, reject) => void clock.after(500, () => reject(new Error('no'))))
    await expect(clock.runUntilSettled(work)).rejects.toThrow('no')
  })

  test('a long poll without messages ends too', async () => {
    const clock = createVirtualClock(START, { realPatienceMs: 20 })
    pollFor(clock, 7_000)
    const poll = new Promise<string>((resolve) => void clock.after(20_000, () => resolve('nothing'), 'idle'))
    expect(await clock.runUntilSettled(poll)).toBe('nothing')
    expect(clock.now() - START).toBe(20_000)
  })

  test.each([
    ['no timer waits', () => undefined],
    ['pollers wait, as they always do', (clock: ReturnType<typeof createVirtualClock>) => pollFor(clock, 20_000)],
  ])('work that no timer completes is rejected: %s', async (_name, begin) => {
    const clock = createVirtualClock(START, { realPatienceMs: 20 })
    begin(clock)
    await expect(clock.runUntilSettled(new Promise(() => {}))).rejects.toMatchObject({
      name: 'NeverQuiet',
      message: 'what is awaited waits for something that no timer brings: it would never end',
    })
  })
})

test('concurrent moves run one after the other, and no timer is fired twice or too late', async () => {
  const clock = createVirtualClock(START)
  const fired: number[] = []
  for (const ms of [10_000, 40_000, 70_000]) clock.after(ms, () => fired.push(clock.now() - START))
  await Promise.all([clock.advance('30s'), clock.advanceUntil(() => fired.length === 2, '1h'), clock.advance('20s')])
  expect(fired).toEqual([10_000, 40_000])
  expect(clock.now() - START).toBe(60_000)
})

test('a move that failed does not stop the next', async () => {
  const clock = createVirtualClock(START, { realPatienceMs: 20 })
  await expect(clock.runUntilSettled(new Promise(() => {}))).rejects.toThrow('never end')
  await clock.advance(5)
  expect(clock.now() - START).toBe(5)
})

test.each([
  ['read', (file: FileHandle) => file.readFile()],
  ['closed', (file: FileHandle) => file.close()],
])('a file that is being %s is work', async (_name, handle) => {
  await using file = await open(new URL(import.meta.url))
  const clock = createVirtualClock(START)
  const order: string[] = []
  clock.after(10, () => {
    // Files wait for a thread: make all of them busy for a while.
    const busy = Array.from({ length: 8 }, () => derive('password', 'salt', 50_000, 32, 'sha256'))
    void handle(file).then(() => order.push(`done at ${clock.now() - START}`))
    void Promise.all(busy)
  })
  clock.after(11, () => order.push('next'))
  await clock.advance(20)
  expect(order).toEqual(['done at 10', 'next'])
})

test('work that fails during another move rejects for its caller, and is not unhandled', async () => {
  const clock = createVirtualClock(START)
  const slow = clock.runUntilSettled(new Promise<void>((resolve) => void clock.after(1_000, resolve)))
  const failed = clock.runUntilSettled(Promise.reject(new Error('no')))
  expect(await Promise.allSettled([slow, failed])).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { message: 'no' } },
  ])
})

test('a jump of the wall clock, forward and back, moves no timer and no monotonic reading', async () => {
  const clock = createVirtualClock(START)
  const fired: number[] = []
  clock.after(1_000, () => fired.push(clock.now() - START))
  clock.jump('3h')
  expect(clock.now() - START).toBe(10_800_000)
  clock.after(2_000, () => fired.push(clock.now() - START))
  await clock.advance(1_500)
  clock.jump('-4h')
  await clock.advance(1_000)
  expect(fired).toEqual([10_801_000, 2_000 - 3_600_000])
  expect(clock.now() - START).toBe(2_500 - 3_600_000)
  expect(clock.monotonic()).toBe(2_500)
})
