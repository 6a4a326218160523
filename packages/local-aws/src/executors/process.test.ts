import { fork } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../system-clock.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import type { Executor, FunctionSpec, InvocationOutcome } from './executor.ts'
import { createProcessExecutor } from './process.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:worker'
const directory = mkdtempSync(join(tmpdir(), 'process-executor-'))
let executor: Executor

beforeAll(() => {
  // Installed above the folder of every function: no function may find it.
  mkdirSync(join(directory, 'node_modules', 'stray'), { recursive: true })
  writeFileSync(join(directory, 'node_modules', 'stray', 'index.js'), '')
  executor = createProcessExecutor({
    clock: systemClock,
    endpoint: () => 'http://127.0.0.1:4566',
    directory,
    credentials: () => Promise.resolve({ accessKeyId: 'ASIAROLE', secretAccessKey: 'hidden', sessionToken: 'token' }),
  })
})

afterAll(async () => {
  await executor.close()
  rmSync(directory, { recursive: true, force: true })
})

interface Ran {
  readonly outcome: InvocationOutcome
  readonly lines: readonly string[]
}

async function run(
  source: string | Record<string, string>,
  more: Partial<FunctionSpec> & { on?: Executor; payload?: string; requestId?: string } = {},
): Promise<Ran> {
  const files = typeof source === 'string' ? { 'index.mjs': source } : source
  const entries = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))
  // Without a fixed time the same files have another digest in the next second.
  const code = zipSync(entries, { mtime: new Date('2026-01-01T00:00:00Z') })
  const { on = executor, payload = '{}', requestId = 'r-1', ...spec } = more
  const lines: string[] = []
  const outcome = await on.invoke({
    spec: {
      name: 'worker',
      arn: ARN,
      version: '$LATEST',
      accountId: '000000000000',
      region: 'eu-central-1',
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      timeoutSeconds: 10,
      memoryMb: 128,
      variables: {},
      roleArn: 'arn:aws:iam::000000000000:role/worker',
      codeSha256: createHash('sha256').update(code).digest('base64'),
      ...spec,
    },
    invokedArn: ARN,
    requestId,
    payload,
    code: () => code,
    log: ({ text }) => lines.push(text),
  })
  return { outcome, lines }
}

function disposable(closing: Executor): Executor & AsyncDisposable {
  return { ...closing, [Symbol.asyncDispose]: () => closing.close() }
}

function answerOf({ outcome }: Ran): unknown {
  if (!outcome.ok) throw new Error(`the function failed: ${JSON.stringify(outcome.failure)}`)
  return JSON.parse(outcome.payload)
}

function failureOf({ outcome }: Ran): { type: string; message: string } {
  if (outcome.ok) throw new Error(`the function answered ${outcome.payload}`)
  return { type: outcome.failure.errorType, message: outcome.failure.errorMessage }
}

describe('a function that works', () => {
  test.each([
    ['an ES module by its extension', { 'index.mjs': 'export const handler = async (event) => event.n + 1' }],
    ['CommonJS', { 'index.js': 'exports.handler = async (event) => event.n + 1' }],
    [
      'an ES module by the package',
      { 'package.json': '{"type":"module"}', 'index.js': 'export const handler = async (event) => event.n + 1' },
    ],
  ])('may be %s', async (_name, files) => {
    expect(answerOf(await run(files, { payload: '{"n":41}' }))).toBe(42)
  })

  test('may use a callback on a runtime that has callbacks', async () => {
    const files = { 'index.js': 'exports.handler = (event, context, callback) => callback(null, event.n)' }
    expect(answerOf(await run(files, { payload: '{"n":7}', runtime: 'nodejs22.x' }))).toBe(7)
    expect(failureOf(await run(files, { runtime: 'nodejs24.x' })).type).toBe('Runtime.CallbackHandlerDeprecated')
  })

  test('gets its context', async () => {
    const source = `export const handler = async (_event, context) => ({ ...context, left: context.getRemainingTimeInMillis() })`
    const answer = answerOf(await run(source, { timeoutSeconds: 7, requestId: 'r-context' }))
    expect(answer).toMatchObject({
      awsRequestId: 'r-context',
      functionName: 'worker',
      functionVersion: '$LATEST',
      invokedFunctionArn: ARN,
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/worker',
    })
    const left = Number(Object(answer).left)
    expect(left).toBeGreaterThan(5000)
    expect(left).toBeLessThanOrEqual(7000)
  })

  test('sees its own variables and its role, and nothing of the process that started it', async () => {
    process.env['LEAK_OF_THE_PARENT'] = 'secret'
    const answer = answerOf(
      await run('export const handler = async () => process.env', { variables: { COLOUR: 'blue' } }),
    )
    delete process.env['LEAK_OF_THE_PARENT']
    expect(
      Object.keys(Object(answer))
        .toSorted()
        .filter((name) => name !== 'PATH'),
    ).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_DEFAULT_REGION',
      'AWS_ENDPOINT_URL',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'COLOUR',
      'HOME',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'TZ',
      '_HANDLER',
    ])
    expect(answer).toMatchObject({
      COLOUR: 'blue',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_ACCESS_KEY_ID: 'ASIAROLE',
      AWS_SESSION_TOKEN: 'token',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    })
  })

  test('keeps its process for the next invocation, and gets another for a concurrent one', async () => {
    const source = `let count = 0
export const handler = async () => { count += 1; await new Promise((resolve) => setTimeout(resolve, 20)); return { pid: process.pid, count } }`
    const first = answerOf(await run(source))
    const [second, third] = (await Promise.all([run(source), run(source)])).map((ran) => Object(answerOf(ran)))
    expect(second).toEqual({ ...Object(first), count: 2 })
    expect(third.pid).not.toBe(second?.pid)
    expect(third.count).toBe(1)
  })

  test('is started again after it was retired or its settings changed', async () => {
    const source = 'export const handler = async () => process.pid // retired'
    const first = answerOf(await run(source))
    expect(answerOf(await run(source))).toBe(first)
    expect(answerOf(await run(source, { variables: { CHANGED: 'yes' } }))).not.toBe(first)
    executor.retire(ARN)
    expect(answerOf(await run(source))).not.toBe(first)
  })

  test('has all its output read before the reply is returned, in the form of the Node runtime', async () => {
    const source = `export const handler = async () => { console.log('one', { two: 2 }); process.stdout.write('no line end') }`
    const { lines } = await run(source, { requestId: 'r-log' })
    expect(lines[0]).toBe('START RequestId: r-log Version: $LATEST')
    expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z\tr-log\tINFO\tone \{ two: 2 \}$/u)
    expect(lines[2]).toBe('no line end')
    expect(lines[3]).toBe('END RequestId: r-log')
    expect(lines[4]).toMatch(
      /^REPORT RequestId: r-log\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB$/u,
    )
  })
})

test('a function loses no line, however many it writes', async () => {
  const source = 'export const handler = async () => { for (let n = 0; n < 5000; n += 1) console.log(n) }'
  const { lines } = await run(source)
  expect(lines.filter((line) => line.includes('INFO'))).toHaveLength(5000)
  expect(lines.at(-3)).toMatch(/INFO\t4999$/u)
})

/** Loads until the file `flag` exists; `then` gets the executor's clock. */
async function loadSlowly(
  then: (hand: { clock: ReturnType<typeof createManualClock>; flag: string }) => Promise<void>,
) {
  const clock = createManualClock(Date.now())
  await using slow = disposable(createProcessExecutor({ clock, endpoint: () => 'http://127.0.0.1:4566', directory }))
  const flag = join(directory, `loaded-${randomUUID()}`)
  const source = `
    import { existsSync } from 'node:fs'
    while (!existsSync(${JSON.stringify(flag)})) await new Promise((resolve) => setTimeout(resolve, 5))
    export const handler = async () => 'fine'`
  const running = run(source, { on: slow, timeoutSeconds: 2 })
  await clock.waiting(1)
  await clock.advance(10_000)
  await then({ clock, flag })
  return await running
}

describe('a function that takes longer than ten seconds to load', () => {
  test('continues loading within the time-out of its invocation', async () => {
    const ran = await loadSlowly(async ({ clock, flag }) => {
      await clock.advance(1_999)
      writeFileSync(flag, '')
    })
    expect(answerOf(ran)).toBe('fine')
  })

  test('is killed after that time-out', async () => {
    const ran = await loadSlowly(({ clock }) => clock.advance(2_000))
    expect(failureOf(ran)).toEqual({
      type: 'Sandbox.Timedout',
      message: 'RequestId: r-1 Error: Task timed out after 2.00 seconds',
    })
  })
})

describe('a function that fails', () => {
  test('returns the error it threw, and its process is reused', async () => {
    const source = `export const handler = async (event) => { if (event.fail) throw new RangeError('too far'); return process.pid }`
    const before = answerOf(await run(source))
    const failed = await run(source, { payload: '{"fail":true}' })
    expect(failureOf(failed)).toEqual({ type: 'RangeError', message: 'too far' })
    expect(failed.outcome.ok || failed.outcome.failure.trace?.[0]).toBe('RangeError: too far')
    expect(answerOf(await run(source))).toBe(before)
  })

  test.each([
    [
      'leaves',
      'process.exit(3)',
      { type: 'Runtime.ExitError', message: 'RequestId: r-1 Error: Runtime exited with error: exit status 3' },
    ],
    [
      'leaves without a code',
      'process.exit()',
      { type: 'Runtime.ExitError', message: 'RequestId: r-1 Error: Runtime exited without providing a reason' },
    ],
    [
      'throws where nothing catches it',
      `setTimeout(() => { throw new TypeError('late') }); await new Promise((r) => setTimeout(r, 9000))`,
      { type: 'TypeError', message: 'late' },
    ],
    [
      'rejects where nothing catches it',
      `Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 9000))`,
      { type: 'Runtime.UnhandledPromiseRejection', message: 'Error: lost' },
    ],
  ])('and %s is reported, and the next invocation gets a new process', async (_how, body, failure) => {
    const source = `export const handler = async (event) => { if (event.ok) return 'fine'; ${body} }`
    expect(failureOf(await run(source))).toEqual(failure)
    expect(answerOf(await run(source, { payload: '{"ok":true}' }))).toBe('fine')
  })

  test('by awaiting a promise that never settles is reported at once, not at its time-out', async () => {
    const failed = failureOf(await run('export const handler = () => new Promise(() => {})'))
    expect(failed.type).toBe('Runtime.NodeJsExit')
  })

  test('by using too much memory is killed', async () => {
    const source =
      'export const handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)) }'
    expect(failureOf(await run(source))).toEqual({
      type: 'Runtime.ExitError',
      message: 'RequestId: r-1 Error: Runtime exited with error: signal: aborted',
    })
  })

  test('by never yielding is killed at its time-out', async () => {
    const source = 'export const handler = async () => { console.log(process.pid); for (;;); }'
    const failed = await run(source, { timeoutSeconds: 1 })
    expect(failureOf(failed)).toEqual({
      type: 'Sandbox.Timedout',
      message: 'RequestId: r-1 Error: Task timed out after 1.00 seconds',
    })
    expect(failed.lines.at(-1)).toMatch(/\tStatus: timeout$/u)
    expect(isAlive(Number(failed.lines[1]?.split('\t').at(-1)))).toBe(false)
  })

  test.each([
    [
      'no such file',
      { 'other.mjs': '' },
      { type: 'Runtime.ImportModuleError', message: "Error: Cannot find module 'index'" },
    ],
    [
      'no such export',
      { 'index.mjs': 'export const other = 1' },
      { type: 'Runtime.HandlerNotFound', message: 'index.handler is undefined or not exported' },
    ],
    [
      'no valid code',
      { 'index.mjs': 'export const = 1' },
      { type: 'Runtime.UserCodeSyntaxError', message: "SyntaxError: Unexpected token '='" },
    ],
    [
      'an error of its own at load',
      { 'index.mjs': `throw new Error('at load')` },
      { type: 'Error', message: 'at load' },
    ],
    [
      'a package that is not in the zip',
      { 'index.mjs': `import 'stray'` },
      { type: 'Runtime.ImportModuleError', message: "Error: Cannot find module 'stray'" },
    ],
  ])('to load for %s is reported by the names of the Node runtime', async (_what, files, failure) => {
    expect(failureOf(await run(files))).toEqual(failure)
  })
})

test('a function finds the AWS SDK of the runtime', async () => {
  const source = `import { SQSClient } from '@aws-sdk/client-sqs'\nexport const handler = async () => typeof SQSClient`
  expect(answerOf(await run(source))).toBe('function')
})

test('a function process can load a module first', async () => {
  const nodeOptions = ['--import=data:text/javascript,globalThis.loadedFirst=true']
  const prepared = createProcessExecutor({ clock: systemClock, endpoint: () => '', directory, nodeOptions })
  const source = 'export const handler = async () => globalThis.loadedFirst ?? false'
  expect([answerOf(await run(source, { on: prepared })), answerOf(await run(source))]).toEqual([true, false])
  await prepared.close()
})

test('a zip with a path outside its folder is rejected and writes nothing', async () => {
  await expect(run({ '../escaped.mjs': 'export const handler = async () => 1' })).rejects.toThrow(
    'would leave its folder',
  )
  expect(existsSync(join(directory, 'escaped.mjs'))).toBe(false)
})

test('the number of processes is limited: an invocation waits, or another function’s idle process ends', async () => {
  const narrow = createProcessExecutor({ clock: systemClock, endpoint: () => '', directory, maxProcesses: 1 })
  const pid = 'export const handler = async () => process.pid'
  const [a, b] = await Promise.all([run(pid, { on: narrow }), run(pid, { on: narrow })])
  expect(answerOf(b)).toBe(answerOf(a))
  const other = answerOf(await run(pid, { on: narrow, name: 'stranger', arn: `${ARN}-stranger` }))
  expect(other).not.toBe(answerOf(a))
  expect(isAlive(Number(answerOf(a)))).toBe(false)
  await narrow.close()
  expect(isAlive(Number(other))).toBe(false)
})

test('functions end with the process that started them, whatever they do', async () => {
  const script = fileURLToPath(new URL('../testing/busy-parent.ts', import.meta.url))
  const parent = fork(script, [directory], { execArgv: ['--conditions=source'], stdio: 'ignore' })
  const pids = await new Promise<number[]>((resolve) => {
    const pids: number[] = []
    parent.on('message', (pid) => {
      pids.push(Number(pid))
      if (pids.length === 2) resolve(pids)
    })
  })
  expect(pids.map((pid) => isAlive(pid))).toEqual([true, true])
  parent.kill('SIGKILL')
  await expect.poll(() => pids.map((pid) => isAlive(pid)), { interval: 10, timeout: 4000 }).toEqual([false, false])
})

/** A zombie process counts as ended. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  try {
    return !/^\d+ \(.*\) Z/u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
