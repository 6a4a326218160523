import { setInterval as importedInterval, setTimeout as importedTimeout } from 'node:timers'
import { scheduler, setInterval as ticks, setTimeout as sleep } from 'node:timers/promises'
import { startTestbed, type FunctionMaker, type VirtualTestbed } from '@ticketing/testbed'
import { expect, it } from 'vitest'

const FORM = { title: 'Login page is blank', priority: 'medium', description: 'It stays white.' }

/** A function that uses real time and then reports its batch as done. */
function asks(reach: () => unknown): FunctionMaker {
  return () => async () => {
    reach()
    return { batchItemFailures: [] }
  }
}

function swallow(): void {
  try {
    Date.now()
  } catch {
    // Like a function that logs an error and continues.
  }
}

const waitsAndFetches: FunctionMaker = ({ clock, fetch }) =>
  async function handle() {
    await new Promise<void>((resolve) => void clock.after(10, resolve))
    await fetch('https://api.trello.com/1/boards/x')
    return { batchItemFailures: [] }
  }

const clocksOfTheMachine = (): unknown[] => [
  Date,
  Date.now,
  setTimeout,
  importedTimeout,
  sleep,
  process.hrtime,
  Reflect.get(performance, 'now'),
]

/** The error of the function, empty if it did not fail, and the stop of the testbed. */
async function run(medium: FunctionMaker): Promise<{ readonly said: string; readonly stop: Promise<void> }> {
  const bed = await startTestbed({ clock: 'virtual', functions: { medium } })
  await bed.teams.send(FORM)
  await bed.clock.advance('1s')
  return { said: failures(bed).join('\n'), stop: bed.stop() }
}

function failures(bed: VirtualTestbed): string[] {
  return bed.journal
    .all({ source: 'lambda', kind: 'invocation-ended' })
    .flatMap(({ detail }) => String(detail['error'] ?? ''))
}

it.each([
  ['setTimeout()', () => setTimeout(() => undefined, 1)],
  ['setInterval()', () => setInterval(() => undefined, 1)],
  ['Date.now()', () => Date.now()],
  ['performance.now()', () => performance.now()],
  ['AbortSignal.timeout()', () => AbortSignal.timeout(1)],
  ['setTimeout() of node:timers', () => importedTimeout(() => undefined, 1)],
  ['setInterval() of node:timers', () => importedInterval(() => undefined, 1)],
  ['setTimeout() of node:timers/promises', () => sleep(1)],
  ['setInterval() of node:timers/promises', () => ticks(1)],
  ['scheduler.wait()', () => scheduler.wait(1)],
  ['process.hrtime()', () => process.hrtime()],
  ['process.hrtime.bigint()', () => process.hrtime.bigint()],
  ['new Date()', () => new Date()],
  // oxlint-disable-next-line unicorn/new-for-builtins -- `Date()` without `new` also reads the time
  ['Date()', () => Date()],
])('a function that calls %s fails with its name, the place and what to do', async (call, reach) => {
  const { said, stop } = await run(asks(reach))
  await expect(stop).rejects.toThrow(`used real time: ${call}, called at `)
  expect(said).toContain(`function.medium used real time: ${call}, called at `)
  expect(said).toMatch(/real-time\.test\.ts:\d+:\d+\)?\. /)
  expect(said).toContain('use now() and after() of the clock that was passed in.')
})

it('a function may use its own clock, and libraries may use real time', async () => {
  const { said, stop } = await run(waitsAndFetches)
  expect(said).toBe('')
  await stop
})

it('a swallowed error is reported when the testbed stops, once', async () => {
  const bed = await startTestbed({ clock: 'virtual', functions: { medium: asks(swallow) } })
  await bed.teams.send(FORM)
  await bed.clock.advance('1s')
  expect(failures(bed).join('')).toBe('')
  await expect(bed.stop()).rejects.toThrow('function.medium used real time: Date.now(), called at swallow (')
  await bed.stop()
})

it('`new Date` with an argument does not read the time, and works as always', async () => {
  const seen: unknown[] = []
  const { stop } = await run(
    asks(() => seen.push(new Date(0) instanceof Date, new Date(0).toISOString(), Date.UTC(1970))),
  )
  await stop
  expect(seen).toEqual([true, '1970-01-01T00:00:00.000Z', 0])
})

it('the test itself may use real time, and so may all code after the last testbed has stopped', async () => {
  const before = clocksOfTheMachine()
  {
    await using first = await startTestbed({ clock: 'virtual' })
    await first.stop()
    await using second = await startTestbed({ clock: 'virtual' })
    expect(Date.now()).toBeGreaterThan(second.clock.now() - 10 * 365 * 86_400_000)
    await new Promise((resolve) => void setTimeout(resolve, 1))
  }
  expect(clocksOfTheMachine()).toEqual(before)
})
