import { expect, test } from 'vitest'
import { createVirtualClock } from '../virtual-clock.ts'
import type { FunctionSpec, InvocationOutcome } from './executor.ts'
import { createInlineExecutor, type InlineExecutorOptions } from './inline.ts'
import type { InlineFunction, InlineProcess } from './inline-environment.ts'

const START = 1_795_514_400_000
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:worker'
const SPEC: FunctionSpec = {
  name: 'worker',
  arn: ARN,
  version: '$LATEST',
  accountId: '000000000000',
  region: 'us-east-1',
  runtime: 'nodejs24.x',
  handler: 'worker.handler',
  timeoutSeconds: 30,
  memoryMb: 128,
  variables: {},
  roleArn: 'arn:aws:iam::000000000000:role/worker',
  codeSha256: 'abc',
}

/** An executor with one function, and a call of it that returns its result and its output. */
function start(worker: InlineFunction, more: Partial<InlineExecutorOptions> = {}) {
  const clock = createVirtualClock(START)
  const lines: string[] = []
  let requests = 0
  const executor = createInlineExecutor({ clock, functions: { worker }, ...more })
  const invoke = (payload: unknown = {}, spec: Partial<FunctionSpec> = {}): Promise<InvocationOutcome> => {
    requests += 1
    return executor.invoke({
      spec: { ...SPEC, ...spec },
      invokedArn: ARN,
      requestId: `r-${requests}`,
      payload: JSON.stringify(payload),
      code: () => new Uint8Array(),
      log: ({ text }) => lines.push(text),
    })
  }
  /** Calls it and advances the clock until it has responded. */
  const run = (...args: Parameters<typeof invoke>): Promise<InvocationOutcome> => clock.runUntilSettled(invoke(...args))
  return { clock, executor, lines, invoke, run }
}

/** Counts its environments, and its requests within each: `[2, 1]` is the first request of the second. */
function counting(): { readonly worker: InlineFunction; readonly processes: InlineProcess[] } {
  const processes: InlineProcess[] = []
  const worker: InlineFunction = (process) => {
    const number = processes.push(process)
    let requests = 0
    return async () => [number, (requests += 1)]
  }
  return { worker, processes }
}

const payloadOf = (outcome: InvocationOutcome): unknown => (outcome.ok ? JSON.parse(outcome.payload) : outcome.failure)

test('a warm environment serves the next request, and a cold start is reported', async () => {
  const { run, clock } = start(counting().worker)
  const first = await run()
  await clock.advance('9m')
  const second = await run()
  expect([payloadOf(first), payloadOf(second)]).toEqual([
    [1, 1],
    [1, 2],
  ])
  expect([first.coldStart, second.coldStart]).toEqual([true, false])
})

test('an environment that is idle for ten minutes is closed', async () => {
  const { worker, processes } = counting()
  const { run, clock } = start(worker)
  await run()
  await clock.advance('10m')
  expect(payloadOf(await run())).toEqual([2, 1])
  expect(processes.map(({ ended }) => ended.aborted)).toEqual([true, false])
})

test('each serves one request at a time: two concurrent requests have two', async () => {
  let begun = 0
  const worker: InlineFunction = () => {
    const number = (begun += 1)
    return async () => {
      await new Promise<void>((resolve) => void clock.after(1_000, resolve))
      return number
    }
  }
  const { clock, invoke, run } = start(worker)
  const both = await clock.runUntilSettled(Promise.all([invoke(), invoke()]))
  expect(new Set(both.map(payloadOf))).toEqual(new Set([1, 2]))
  await run()
  expect(begun).toBe(2)
})

test('it has what a process of its own has: variables, request and remaining time', async () => {
  const worker: InlineFunction =
    ({ variables }) =>
    async (event, context) => {
      await new Promise<void>((resolve) => void clock.after(12_000, resolve))
      return [
        event,
        variables['TABLE'],
        variables['AWS_REGION'],
        context.awsRequestId,
        context.getRemainingTimeInMillis(),
      ]
    }
  const { clock, run } = start(worker)
  expect(payloadOf(await run({ n: 1 }, { variables: { TABLE: 't' } }))).toEqual([
    { n: 1 },
    't',
    'us-east-1',
    'r-1',
    18_000,
  ])
})

test('a time-out is reported as by Lambda and ends the environment; later output is ignored', async () => {
  const worker: InlineFunction =
    ({ log }) =>
    async () => {
      log('begun')
      await new Promise<void>((resolve) => void clock.after(31_000, resolve))
      log('too late')
      return 'too late'
    }
  const { clock, lines, run } = start(worker)
  const outcome = await run()
  expect(payloadOf(outcome)).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: 'RequestId: r-1 Error: Task timed out after 30.00 seconds',
  })
  expect(clock.now() - START).toBe(30_000)
  await clock.advance('1m')
  expect(lines).toEqual([
    'START RequestId: r-1 Version: $LATEST',
    'begun',
    'END RequestId: r-1',
    'REPORT RequestId: r-1\tDuration: 30000.00 ms\tBilled Duration: 30000 ms\tMemory Size: 128 MB\tStatus: timeout',
  ])
  expect((await run()).coldStart).toBe(true)
})

test.each([
  [{ code: 1, signal: null }, 'exit status 1'],
  [{ code: null, signal: 'SIGKILL' }, 'signal: killed'],
])('a process that ends during a request, %j, fails it at once and serves no other', async (end, expected) => {
  const worker: InlineFunction =
    ({ exit }) =>
    async () => {
      exit(end)
      return new Promise(() => {})
    }
  const { clock, run } = start(worker)
  expect(payloadOf(await run())).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: r-1 Error: Runtime exited with error: ${expected}`,
  })
  expect([clock.now() - START, clock.pending]).toEqual([0, 0])
  expect((await run()).coldStart).toBe(true)
})

test('a function that cannot be loaded fails the request, and is loaded again for the next', async () => {
  let loads = 0
  const { run } = start(() => {
    loads += 1
    if (loads === 1) throw new TypeError('TICKETING_BUCKET is missing')
    return async () => 'loaded'
  })
  expect(payloadOf(await run())).toMatchObject({
    errorType: 'TypeError',
    errorMessage: 'TICKETING_BUCKET is missing',
  })
  expect(payloadOf(await run())).toBe('loaded')
})

test('a handler that throws fails its request only', async () => {
  const { run } = start(() => async (event) => {
    if (event === 'bad') throw new RangeError('out of reach')
    return 'fine'
  })
  expect(payloadOf(await run('bad'))).toMatchObject({ errorType: 'RangeError', errorMessage: 'out of reach' })
  expect(await run('good')).toMatchObject({ ok: true, payload: '"fine"', coldStart: false })
})

test('the error for an unregistered function names it', async () => {
  const { run } = start(() => async () => 1, { functions: {} })
  expect(payloadOf(await run())).toMatchObject({
    errorMessage: "Error: no inline function is registered for 'worker' or handler 'worker.handler'",
  })
})

const showToken: InlineFunction =
  ({ variables }) =>
  async () =>
    variables['AWS_SESSION_TOKEN']

test('an environment is closed before its credentials expire: the next has new ones', async () => {
  let sessions = 0
  const { run, clock } = start(showToken, {
    credentials: async () => {
      sessions += 1
      const expiration = clock.now() + 12 * 60_000
      return { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: `session ${sessions}`, expiration }
    },
  })
  expect(payloadOf(await run())).toBe('session 1')
  await clock.advance(7 * 60_000 - 1)
  expect(payloadOf(await run())).toBe('session 1')
  await clock.advance(1)
  expect(payloadOf(await run())).toBe('session 2')
})

test('once retired it is not used again; a busy one finishes its request first', async () => {
  const { worker, processes } = counting()
  const { run, invoke, executor, clock } = start((process) => {
    const handle = worker(process)
    return async (event, context) => {
      await new Promise<void>((resolve) => void clock.after(1_000, resolve))
      return handle(event, context)
    }
  })
  const atWork = invoke()
  await clock.advance(500)
  executor.retire(ARN)
  expect(payloadOf(await clock.runUntilSettled(atWork))).toEqual([1, 1])
  expect(processes[0]?.ended.aborted).toBe(true)
  expect(payloadOf(await run())).toEqual([2, 1])
  executor.retire(ARN)
  expect(payloadOf(await run())).toEqual([3, 1])
})

test('closed, it ends running requests, starts none, and leaves no timer', async () => {
  const held = Promise.withResolvers<void>()
  const { worker, processes } = counting()
  const { executor, invoke, clock } = start(worker, {
    credentials: async () => {
      await held.promise
      return { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't' }
    },
  })
  const beginning = invoke()
  await executor.close()
  held.resolve()
  await expect(beginning).rejects.toThrow('the executor is closed')
  await expect(invoke()).rejects.toThrow('the executor is closed')
  expect([processes, clock.pending]).toEqual([[], 0])
})
