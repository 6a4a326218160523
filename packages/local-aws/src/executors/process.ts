import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Clock } from '../clock.ts'
import { environmentVariables, UNKNOWN_CREDENTIALS } from './environment-variables.ts'
import type { Executor, FunctionSpec, Invocation, InvocationOutcome, FunctionCredentials } from './executor.ts'
import { MAX_PAYLOAD_BYTES, timedOut, tooLarge } from './failures.ts'
import { frameInvocation } from './invocation-log.ts'
import { startEnvironment, type HostOutcome, type ProcessEnvironment } from './process-environment.ts'
import { unpackCode } from './unpack-code.ts'

/** Needed to run functions as processes. */
export interface ProcessExecutorOptions {
  /** The system clock: processes run in real time. */
  readonly clock: Clock
  /** The cloud's own address, for `AWS_ENDPOINT_URL`. */
  readonly endpoint: () => string
  /** Code is unpacked here; several executors may share the folder and reuse it. */
  readonly directory: string
  /** @default the Node that runs this */
  readonly nodePath?: string
  /** Further options for Node in function processes, such as `--import=<url>`. @default none */
  readonly nodeOptions?: readonly string[]
  /** A session of the function's role. @default unknown credentials, which are the account's root */
  readonly credentials?: (spec: FunctionSpec) => Promise<FunctionCredentials>
  /** How long a warm process waits for its next request. @default 60 000 ms */
  readonly idleMs?: number
  /** Concurrent processes; further invocations wait. @default 24 */
  readonly maxProcesses?: number
}

interface Warm {
  readonly key: string
  readonly arn: string
  readonly environment: ProcessEnvironment
  readonly usableUntil: number
  served: number
  idle: (() => void) | undefined
  retired: boolean
}

/** Runs each function's real zip in Node processes of its own. Warm processes are reused, one request at a time. */
export function createProcessExecutor(options: ProcessExecutorOptions): Executor {
  const { clock, idleMs = 60_000, maxProcesses = 24 } = options
  const all = new Set<Warm>()
  const ending = new Set<Promise<void>>()
  const queue: (() => void)[] = []
  let starting = 0
  let serial = 0
  let closed = false

  const drop = (warm: Warm): void => {
    warm.idle?.()
    warm.idle = undefined
    if (!all.delete(warm)) return
    const ended = warm.environment.kill()
    ending.add(ended)
    void ended.finally(() => {
      ending.delete(ended)
      queue.shift()?.()
    })
  }

  const isFull = (): boolean => !closed && all.size + starting + ending.size >= maxProcesses
  const takeIdle = (key: string): Warm | undefined => {
    for (const warm of all) {
      if (warm.key !== key || warm.idle === undefined) continue
      warm.idle()
      warm.idle = undefined
      if (warm.environment.usable() && clock.now() < warm.usableUntil) return warm
      drop(warm)
    }
    return undefined
  }

  /** Ends another function's idle process to make room, or waits until one ends or becomes idle. */
  const waitForRoom = (): Promise<void> => {
    for (const warm of all) {
      if (warm.idle === undefined) continue
      drop(warm)
      break
    }
    return new Promise((resolve) => queue.push(resolve))
  }

  const start = async (invocation: Invocation, key: string): Promise<Warm> => {
    starting += 1
    try {
      const { spec, code } = invocation
      const taskRoot = unpackCode({ directory: options.directory, codeSha256: spec.codeSha256, code })
      const credentials = (await options.credentials?.(spec)) ?? UNKNOWN_CREDENTIALS
      if (closed) throw new Error('the executor is closed')
      serial += 1
      const warm = startProcess(options, { spec, key, taskRoot, credentials, serial })
      all.add(warm)
      return warm
    } finally {
      starting -= 1
    }
  }

  const release = (warm: Warm): void => {
    if (closed || warm.retired || !warm.environment.usable()) return drop(warm)
    warm.idle = clock.after(idleMs, () => drop(warm))
    queue.shift()?.()
  }

  return {
    async invoke(invocation) {
      const key = keyOf(invocation.spec)
      let warm = takeIdle(key)
      while (!warm && isFull()) {
        await waitForRoom()
        warm = takeIdle(key)
      }
      if (closed) {
        if (warm) drop(warm)
        throw new Error('the executor is closed')
      }
      warm ??= await start(invocation, key)
      warm.served += 1
      const outcome = await serve({ invocation, warm, clock })
      release(warm)
      return outcome
    },
    retire(functionArn) {
      for (const warm of all) {
        if (warm.arn !== functionArn) continue
        warm.retired = true
        if (warm.idle) drop(warm)
      }
    },
    async close() {
      closed = true
      for (const warm of all) drop(warm)
      for (const resume of queue.splice(0)) resume()
      await Promise.all(ending)
    },
  }
}

interface Start {
  readonly spec: FunctionSpec
  readonly key: string
  readonly taskRoot: string
  readonly credentials: FunctionCredentials
  /** Counts the executor's processes. */
  readonly serial: number
}

function startProcess(options: ProcessExecutorOptions, { spec, key, taskRoot, credentials, serial }: Start): Warm {
  const { clock, directory, endpoint, nodePath = process.execPath, nodeOptions = [] } = options
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/')
  const logStream = `${day}/[${spec.version}]${serial}`
  const home = join(directory, 'home')
  mkdirSync(home, { recursive: true })
  const variables = {
    ...platformVariables({ nodePath, home, taskRoot }),
    ...environmentVariables({ spec, credentials, endpoint: endpoint(), logStream }),
  }
  const environment = startEnvironment({ nodePath, nodeOptions, taskRoot, memoryMb: spec.memoryMb, variables })
  const usableUntil = (credentials.expiration ?? Infinity) - 5 * 60_000
  return { key, arn: spec.arn, environment, usableUntil, served: 0, idle: undefined, retired: false }
}

/**
 * Lambda restarts a longer init within the invocation's time-out; here it just continues.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
const INIT_LIMIT_MS = 10_000

async function serve(options: { invocation: Invocation; warm: Warm; clock: Clock }): Promise<InvocationOutcome> {
  const { invocation, warm, clock } = options
  const { spec, requestId, log } = invocation
  const frame = frameInvocation(invocation, clock)
  const timeout = Promise.withResolvers<'timeout'>()
  const expire = (): void => timeout.resolve('timeout')
  const limit = (): number => {
    cancel = clock.after(spec.timeoutSeconds * 1000, expire)
    return clock.now() + spec.timeoutSeconds * 1000
  }
  let deadline: number | undefined
  let cancel = clock.after(INIT_LIMIT_MS, () => (deadline = limit()))
  const begin = (): number => {
    if (deadline !== undefined) return deadline
    cancel()
    return limit()
  }
  const { invokedArn, payload, traceId, clientContext } = invocation
  const request = { requestId, invokedArn, payload, traceId, clientContext }
  const first = await Promise.race([warm.environment.serve({ request, log, begin }), timeout.promise])
  cancel()
  const coldStart = warm.served === 1
  if (first !== 'timeout') {
    const status = warm.environment.usable() ? undefined : 'error'
    return frame.end({ result: withinLimit(first), coldStart, status })
  }
  await warm.environment.kill()
  const failure = timedOut(requestId, spec.timeoutSeconds)
  log({ stream: 'platform', text: `${new Date(clock.now()).toISOString()} ${failure.errorMessage}` })
  return frame.end({ result: { ok: false, failure }, coldStart, status: 'timeout' })
}

function withinLimit(outcome: HostOutcome): HostOutcome {
  if (!outcome.ok || outcome.payload.length * 3 < MAX_PAYLOAD_BYTES) return outcome
  const bytes = Buffer.byteLength(outcome.payload)
  return bytes > MAX_PAYLOAD_BYTES ? { ok: false, failure: tooLarge(bytes) } : outcome
}

/** Everything that a process depends on: if it has changed, a warm process cannot be reused. */
function keyOf(spec: FunctionSpec): string {
  return JSON.stringify(spec)
}

/** Variables that Lambda's machine sets, and those that Windows needs to start a process. */
function platformVariables(options: { nodePath: string; home: string; taskRoot: string }): Record<string, string> {
  const { nodePath, home, taskRoot } = options
  const unixPath = ['/usr/local/bin', '/usr/bin', '/bin']
  if (process.platform !== 'win32') {
    return { PATH: [dirname(nodePath), ...unixPath].join(':'), HOME: home, LAMBDA_TASK_ROOT: taskRoot }
  }
  const root = join(dirname(nodePath).slice(0, 3), 'Windows')
  return {
    Path: dirname(nodePath),
    SystemRoot: root,
    USERPROFILE: home,
    TEMP: home,
    TMP: home,
    LAMBDA_TASK_ROOT: taskRoot,
  }
}
