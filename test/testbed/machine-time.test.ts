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

const waitsAndFetches: FunctionMaker = ({ clock, fetch }) =>
  async function handle() {
    await new Promise<void>((resolve) => void clock.after(10, resolve))
    await fetch('https://api.trello.com/1/boards/x')
    return { batchItemFailures: [] }
  }

const clocksOfTheMachine = (): unknown[] => [Date.now, setTimeout, Reflect.get(performance, 'now')]

/** What the function said when it failed; empty if it did not. */
async function errorOf(medium: FunctionMaker): Promise<string> {
  await using bed = await startTestbed({ clock: 'virtual', functions: { medium } })
  await bed.teams.send(FORM)
  await bed.clock.advance('1s')
  return failures(bed).join('\n')
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
])('a function that calls %s fails, and is told who did it, where, and what to do instead', async (call, reach) => {
  const said = await errorOf(asks(reach))
  expect(said).toContain(`function.medium reached for the machine's time: ${call}, called at `)
  expect(said).toMatch(/machine-time\.test\.ts:\d+:\d+\)?\. /)
  expect(said).toContain('use the clock that was passed in, its now() and after().')
})

it('one that asks the clock it was given is fine, and so are the libraries that it uses', async () => {
  expect(await errorOf(waitsAndFetches)).toBe('')
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
