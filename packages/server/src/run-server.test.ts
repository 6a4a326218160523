import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '@ticketing/local-aws'
import { NOW, promised } from '../test/intake.ts'
import { runServer } from './run-server.ts'
import type { StartFailure } from './explain-start.ts'
import type { RunningServer } from './start.ts'

const UNAVAILABLE: StartFailure = { code: 'unavailable', lines: ['AWS is away.'] }

function run(starts: readonly (RunningServer | StartFailure)[], standIn?: () => Promise<{ close(): Promise<void> }>) {
  const clock = createVirtualClock(NOW)
  const signal = promised<string>()
  const errors: string[] = []
  let count = 0
  const end = runServer({
    clock,
    log: { write: () => {} },
    stopped: signal.promise,
    standIn,
    writeError: (line) => void errors.push(line),
    start: async () => {
      const next = starts.at(count) ?? UNAVAILABLE
      count += 1
      return 'code' in next ? { ok: false, failure: next } : { ok: true, value: next }
    },
  })
  return { clock, end, errors, stop: (name = 'SIGTERM') => signal.resolve(name), starts: () => count }
}

describe('the process', () => {
  it('ends with 0 only after the server has closed', async () => {
    const closing = promised<undefined>()
    const order: string[] = []
    const close = async (): Promise<void> => {
      await closing.promise
      order.push('closed')
    }
    const { end, stop, clock } = run([{ url: 'http://x', retire: () => void order.push('retired'), close }])
    const ended = (async () => order.push(`ended with ${await end}`))()
    stop()
    await clock.advance(60_000)
    expect(order).toEqual(['retired'])
    closing.resolve(undefined)
    await ended
    expect(order).toEqual(['retired', 'closed', 'ended with 0'])
  })

  it.each(['configuration', 'port-in-use'] as const)(
    'ends with 1 after %s, with one line for each cause',
    async (code) => {
      const { end, errors, starts } = run([{ code, lines: ['First.', 'Second.'] }])
      expect(await end).toBe(1)
      expect(errors).toEqual(['First.', 'Second.'])
      expect(starts()).toBe(1)
    },
  )

  it('retries while AWS does not answer, and runs when it does', async () => {
    const { end, clock, stop, starts } = run([
      UNAVAILABLE,
      UNAVAILABLE,
      { url: 'http://x', retire: () => {}, close: async () => {} },
    ])
    await clock.advance(3000)
    expect(starts()).toBe(3)
    stop('SIGINT')
    expect(await end).toBe(0)
  })

  it('answers for three more seconds after SIGTERM, and stops immediately after SIGINT', async () => {
    for (const [signal, ms] of [
      ['SIGTERM', 3000],
      ['SIGINT', 0],
    ] as const) {
      const order: string[] = []
      const close = async (): Promise<void> => void order.push(`closed after ${clock.monotonic() - stoppedAt} ms`)
      const { end, stop, clock } = run([{ url: 'http://x', retire: () => {}, close }])
      await clock.advance(1)
      const stoppedAt = clock.monotonic()
      stop(signal)
      await clock.advance(60_000)
      await end
      expect(order).toEqual([`closed after ${ms} ms`])
    }
  })

  it('gives up with 2 after fifteen seconds without AWS', async () => {
    const { end, clock, errors } = run([UNAVAILABLE])
    await clock.advance(15_000)
    expect(await end).toBe(2)
    expect(errors).toHaveLength(5)
  })

  it('stops when it is asked to while it waits for AWS', async () => {
    const { end, stop } = run([UNAVAILABLE])
    stop()
    expect(await end).toBe(0)
  })

  describe('under a supervisor that restarts whatever ends', () => {
    const WRONG: StartFailure = { code: 'configuration', lines: ['First.', 'Second.'] }
    const server: RunningServer = { url: 'http://x', retire: () => {}, close: async () => {} }

    it('stays up after a wrong configuration, says so once, and serves when it is put right', async () => {
      const order: string[] = []
      const { end, clock, errors, stop, starts } = run([WRONG, WRONG, WRONG, UNAVAILABLE, server], async () => {
        order.push('stands in')
        return { close: async () => void order.push('closed') }
      })
      await clock.advance(7000)
      expect(errors).toEqual(['First.', 'Second.', 'AWS is away.'])
      expect(starts()).toBe(4)
      await clock.advance(8000)
      expect(starts()).toBe(5)
      // Never two listeners on one port.
      expect(order).toEqual(Array.from({ length: 4 }, () => ['stands in', 'closed']).flat())
      stop('SIGINT')
      expect(await end).toBe(0)
    })

    it('says nothing of an AWS that answers at the third attempt: the network of a new pod needs a moment', async () => {
      const { end, clock, errors, stop, starts } = run([UNAVAILABLE, UNAVAILABLE, WRONG], async () => ({
        close: async () => {},
      }))
      await clock.advance(3000)
      expect(starts()).toBe(3)
      expect(errors).toEqual(WRONG.lines)
      await clock.advance(4000)
      expect(errors).toEqual([...WRONG.lines, ...UNAVAILABLE.lines])
      stop()
      expect(await end).toBe(0)
    })

    it('tries again every fifteen seconds, for as long as it takes, and ends when it is told to', async () => {
      const { end, clock, stop, starts } = run([WRONG, WRONG, WRONG, WRONG, WRONG, WRONG], async () => ({
        close: async () => {},
      }))
      await clock.advance(15_000)
      expect(starts()).toBe(5)
      await clock.advance(150_000)
      expect(starts()).toBe(15)
      stop()
      expect(await end).toBe(0)
    })
  })
})
