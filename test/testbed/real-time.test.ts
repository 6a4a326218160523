import { setInterval as importedInterval, setTimeout as importedTimeout } from 'node:timers'
import { scheduler, setInterval as ticks, setTimeout as sleep } from 'node:timers/promises'
import { startTestbed } from '@ticketing/testbed'
import type { FunctionMaker, VirtualTestbed } from '@ticketing/testbed'
import { expect, it } from 'vitest'

const FORM = { title: 'Login page is blank', priority: 'medium', description: 'It stays white.' }

/** A function that takes its batch for done after it has asked somebody for the time. */
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
    // As a function that logs whatever goes wrong, and goes on.
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

/** What the function said when it failed, empty if it did not, and what the testbed says at its end. */
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
  // oxlint-disable-next-line unicorn/new-for-builtins -- a text of the time, which is another way to ask for it
  ['Date()', () => Date()],
])('a function that calls %s fails, and is told who did it, where, and what to do instead', async (call, reach) => {
  const { said, stop } = await run(asks(reach))
  await expect(stop).rejects.toThrow(`used real time: ${call}, called at `)
  expect(said).toContain(`function.medium used real time: ${call}, called at `)
  expect(said).toMatch(/real-time\.test\.ts:\d+:\d+\)?\. /)
  expect(said).toContain('use the clock that was passed in, its now() and after().')
})

it('one that asks the clock it was given is fine, and so are the libraries that it uses', async () => {
  const { said, stop } = await run(waitsAndFetches)
  expect(said).toBe('')
  await stop
})

it('one that keeps the error to itself is told of when its testbed stops, once', async () => {
  const bed = await startTestbed({ clock: 'virtual', functions: { medium: asks(swallow) } })
  await bed.teams.send(FORM)
  await bed.clock.advance('1s')
  expect(failures(bed).join('')).toBe('')
  await expect(bed.stop()).rejects.toThrow('function.medium used real time: Date.now(), called at swallow (')
  await bed.stop()
})

it('a date that is given asks nobody for the time, and is a date as ever', async () => {
  const seen: unknown[] = []
  const { stop } = await run(
    asks(() => seen.push(new Date(0) instanceof Date, new Date(0).toISOString(), Date.UTC(1970))),
  )
  await stop
  expect(seen).toEqual([true, '1970-01-01T00:00:00.000Z', 0])
})

it('the test itself may look at its watch, and so may everybody once the last bed has stopped', async () => {
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
