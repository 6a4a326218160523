import { expect, test } from 'vitest'
import { startClock } from '../../test/clock.ts'
import { watch } from '../../test/watch.ts'
import { sleep, systemClock } from './index.ts'
import { withDeadline } from './with-deadline.ts'

test('the system clock runs what is due and not what was cancelled', async () => {
  const ran: string[] = []
  await new Promise<void>((resolve) => {
    const cancel = systemClock.after(1, () => ran.push('cancelled'))
    systemClock.after(2, () => {
      ran.push('due')
      resolve()
    })
    cancel()
  })
  expect(ran).toEqual(['due'])
})

test('a timer longer than Node can hold does not fire immediately', async () => {
  let fired = false
  const cancel = systemClock.after(2_147_483_648, () => {
    fired = true
  })
  await new Promise<void>((resolve) => {
    systemClock.after(3, resolve)
  })
  cancel()
  expect(fired).toBe(false)
})

test('sleep lasts as long as the clock says', async () => {
  const clock = startClock()
  const asleep = watch(sleep(clock, 1000))
  await clock.advance(999)
  expect(asleep.ended()).toBe(false)
  await clock.advance(1)
  expect(asleep.ended()).toBe(true)
})

test('a call that ends in time gives its value and leaves no timer behind', async () => {
  const clock = startClock()
  expect(await withDeadline(clock, clock.monotonic() + 100, async () => 'value')).toEqual({
    kind: 'done',
    value: 'value',
  })
  expect(clock.pending).toBe(0)
})

test('what a call throws is handed on as a value', async () => {
  const clock = startClock()
  const error = new Error('broken')
  expect(await withDeadline(clock, clock.monotonic() + 100, () => Promise.reject(error))).toEqual({
    kind: 'threw',
    error,
  })
})

test('nothing is started after the deadline', async () => {
  const clock = startClock()
  let started = false
  const outcome = await withDeadline(clock, clock.monotonic(), async () => {
    started = true
  })
  expect(outcome).toEqual({ kind: 'late', started: false })
  expect(started).toBe(false)
})

test('at the deadline a call is aborted and awaited', async () => {
  const clock = startClock()
  const steps: string[] = []
  const call = withDeadline(clock, clock.monotonic() + 100, async (signal) => {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    await sleep(clock, 50)
    steps.push('closed')
    throw new Error('aborted')
  })
  const outcome = watch(call)
  await clock.advance(149)
  expect(outcome.ended()).toBe(false)
  await clock.advance(1)
  expect(steps).toEqual(['closed'])
  expect(outcome.value()).toEqual({ kind: 'late', started: true })
})

test('a call that is deaf to the abort is waited for no longer than 250 ms', async () => {
  const clock = startClock()
  const outcome = watch(withDeadline(clock, clock.monotonic() + 100, () => new Promise<never>(() => {})))
  await clock.advance(349)
  expect(outcome.ended()).toBe(false)
  await clock.advance(1)
  expect(outcome.value()).toEqual({ kind: 'late', started: true })
})
