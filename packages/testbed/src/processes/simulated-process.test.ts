import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import { createInProcessHandler, createVirtualClock } from '@ticketing/local-aws'
import { createSqsClient } from 'ticket-adapters/aws'
import { expect, test } from 'vitest'
import { callingProcess, runAs, simulateProcess, type SimulatedProcess } from './simulated-process.ts'

const URL = 'http://vendor.internal/'
const AWS = {
  region: 'us-east-1',
  endpoint: 'http://cloud.internal',
  credentials: { accessKeyId: 'function', secretAccessKey: 'none' },
}

/** A process, with the calls that reached its ports. */
function start() {
  const clock = createVirtualClock(1_795_514_400_000)
  const reached: string[] = []
  const end = new AbortController()
  /** Answers a second later, and records the calling process. */
  const answer = async (what: string): Promise<void> => {
    reached.push(`${callingProcess()?.name} ${what}`)
    await new Promise<void>((resolve) => void clock.after(1_000, resolve))
  }
  const process = simulateProcess(
    'function.medium',
    {
      clock,
      fetch: async (_input, init) => {
        const gone = Promise.withResolvers<never>()
        init?.signal?.addEventListener('abort', () => gone.reject(init.signal?.reason))
        await Promise.race([answer('fetch'), gone.promise])
        return new Response('done')
      },
      requestHandler: createInProcessHandler(async () => {
        await answer('aws')
        return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: Buffer.from('{}') }
      }),
    },
    { ended: end.signal, exit: () => end.abort(), reportViolation: () => undefined },
  )
  return { clock, process, reached, end }
}

/** Everything that a process can do by its ports. */
const deeds: Readonly<Record<string, (process: SimulatedProcess) => Promise<unknown>>> = {
  'a request': ({ fetch }) => fetch(URL),
  'a call of AWS': ({ requestHandler }) => createSqsClient({ ...AWS, requestHandler }).send(new ListQueuesCommand()),
  'a timer': ({ clock }) => new Promise<void>((resolve) => void clock.after(1_000, resolve)),
}

/** Whether the process has got an answer by now. */
function watch(deed: Promise<unknown>): () => 'open' | 'answered' | 'failed' {
  let state: 'open' | 'answered' | 'failed' = 'open'
  deed.then(
    () => (state = 'answered'),
    () => (state = 'failed'),
  )
  return () => state
}

test('the calling process is known in every call', async () => {
  const { process, reached, clock } = start()
  await clock.runUntilSettled(Promise.all(Object.values(deeds).map((deed) => deed(process))))
  expect(reached).toEqual(['function.medium fetch', 'function.medium aws'])
  expect(runAs(process, () => callingProcess()?.name)).toBe('function.medium')
  expect(callingProcess()).toBeUndefined()
})

test('a timer of a process runs as that process', async () => {
  const { process, clock } = start()
  const callers: (string | undefined)[] = []
  process.clock.after(1_000, () => callers.push(callingProcess()?.name))
  await clock.advance('1s')
  expect(callers).toEqual(['function.medium'])
})

const stops = [
  ['that has ended', ({ exit }: SimulatedProcess) => exit({ code: null, signal: 'SIGKILL' })],
  ['that hangs', (process: SimulatedProcess) => process.freeze()],
] as const

for (const [name, stop] of stops) {
  test.each(Object.entries(deeds))(
    `a process ${name} learns nothing more of %s that was under way`,
    async (_deed, attempt) => {
      const { clock, process } = start()
      const state = watch(attempt(process))
      await clock.advance(500)
      stop(process)
      await clock.advance('1h')
      expect(state()).toBe('open')
      expect(process.isStopped()).toBe(true)
    },
  )

  test.each(Object.entries(deeds))(`a process ${name} does nothing outside any more: %s`, async (_deed, attempt) => {
    const { clock, process, reached } = start()
    stop(process)
    const state = watch(attempt(process))
    await clock.advance('1h')
    expect([state(), reached]).toEqual(['open', []])
  })
}

test('the timers of a process that has ended do not keep the clock busy', async () => {
  const { clock, process, end } = start()
  process.clock.after(3_600_000, () => undefined)
  const cancelled = process.clock.after(7_200_000, () => undefined)
  cancelled()
  expect(clock.pending).toBe(1)
  end.abort()
  expect(clock.pending).toBe(0)
})

test('a request is aborted when its process ends', async () => {
  const { clock, process, end } = start()
  let gone: AbortSignal | null | undefined
  const { fetch } = simulateProcess(
    'server',
    {
      clock,
      requestHandler: process.requestHandler,
      fetch: (_input, init) => {
        gone = init?.signal
        return new Promise(() => {})
      },
    },
    process,
  )
  void fetch(URL)
  await clock.settle()
  expect(gone?.aborted).toBe(false)
  end.abort()
  expect(gone?.aborted).toBe(true)
})
