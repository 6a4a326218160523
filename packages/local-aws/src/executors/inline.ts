import { UNKNOWN_CREDENTIALS } from './environment-variables.ts'
import type { Clock } from '../clock.ts'
import type { Executor, FunctionCredentials, FunctionSpec, Invocation } from './executor.ts'
import { frameInvocation } from './invocation-log.ts'
import { startInlineEnvironment, type InlineEnvironment, type InlineFunction } from './inline-environment.ts'
import { timedOut } from './failures.ts'

/** Needed to run functions inside this process. */
export interface InlineExecutorOptions {
  readonly clock: Clock
  /** By function name, or by the function's `Handler` setting. The name wins. */
  readonly functions: Readonly<Record<string, InlineFunction>>
  /** The cloud's own address, for `AWS_ENDPOINT_URL`. */
  readonly endpoint?: () => string
  /** A session of the function's role. @default unknown credentials, which are the account's root */
  readonly credentials?: (spec: FunctionSpec) => Promise<FunctionCredentials>
}

/** An environment that is idle for this long is closed, as Lambda does after some minutes. */
const IDLE_MS = 10 * 60_000
/** An environment is closed this long before its credentials expire. */
const CREDENTIALS_MARGIN_MS = 5 * 60_000

interface Warm {
  readonly key: string
  readonly arn: string
  readonly environment: InlineEnvironment
  readonly usableUntil: number
  usedAt: number
  isBusy: boolean
  isNew: boolean
  isRetired: boolean
}

/**
 * Runs functions in this process, on the injected clock. Each environment serves one request at a time and is reused
 * while it is warm, as on Lambda. After a time-out or a kill its `ended` signal is aborted: the function's author
 * must make sure that what still runs has no effect.
 */
export function createInlineExecutor(options: InlineExecutorOptions): Executor {
  const { clock, endpoint = () => '', credentials = () => Promise.resolve(UNKNOWN_CREDENTIALS) } = options
  const all = new Set<Warm>()
  let closed = false

  const refuseIfClosed = (): void => {
    if (closed) throw new Error('the executor is closed')
  }
  const drop = (warm: Warm): void => {
    all.delete(warm)
    warm.environment.end({ code: 0, signal: null })
  }
  const takeWarm = (key: string): Warm | undefined => {
    const now = clock.now()
    for (const warm of all) {
      if (warm.key !== key || warm.isBusy || warm.isRetired) continue
      if (now < Math.min(warm.usableUntil, warm.usedAt + IDLE_MS)) return warm
      drop(warm)
    }
    return undefined
  }
  const start = async (spec: FunctionSpec, key: string): Promise<Warm> => {
    const session = await credentials(spec)
    refuseIfClosed()
    const run = options.functions[spec.name] ?? options.functions[spec.handler]
    const environment = startInlineEnvironment({ spec, session, endpoint: endpoint(), run })
    const usableUntil = (session.expiration ?? Number.POSITIVE_INFINITY) - CREDENTIALS_MARGIN_MS
    return { key, arn: spec.arn, environment, usableUntil, usedAt: clock.now(), ...FRESH }
  }

  return {
    async invoke(invocation) {
      refuseIfClosed()
      const { spec } = invocation
      const key = JSON.stringify(spec)
      const warm = takeWarm(key) ?? (await start(spec, key))
      all.add(warm)
      const coldStart = warm.isNew
      warm.isBusy = true
      warm.isNew = false
      try {
        return await serve({ invocation, warm, coldStart, clock })
      } finally {
        warm.isBusy = false
        warm.usedAt = clock.now()
        if (warm.isRetired || warm.environment.ended.aborted) drop(warm)
      }
    },
    retire(functionArn) {
      for (const warm of all) {
        if (warm.arn !== functionArn) continue
        // A busy environment finishes its request first.
        if (warm.isBusy) warm.isRetired = true
        else drop(warm)
      }
    },
    close() {
      closed = true
      for (const warm of all) drop(warm)
      return Promise.resolve()
    },
  }
}

const FRESH = { isBusy: false, isNew: true, isRetired: false }

async function serve(work: {
  readonly invocation: Invocation
  readonly warm: Warm
  readonly coldStart: boolean
  readonly clock: Clock
}): ReturnType<Executor['invoke']> {
  const { invocation, warm, coldStart, clock } = work
  const { spec, requestId } = invocation
  const { environment } = warm
  const frame = frameInvocation(invocation, clock)
  const deadline = clock.now() + spec.timeoutSeconds * 1000
  const timeout = Promise.withResolvers<'timeout'>()
  const cancel = clock.after(spec.timeoutSeconds * 1000, () => timeout.resolve('timeout'))
  const outcome = await Promise.race([
    environment.serve(invocation, () => Math.max(0, deadline - clock.now())),
    timeout.promise,
  ])
  cancel()
  if (outcome !== 'timeout') {
    return frame.end({ result: outcome, coldStart, status: environment.ended.aborted ? 'error' : undefined })
  }
  environment.end({ code: null, signal: 'SIGKILL' })
  const failure = timedOut(requestId, spec.timeoutSeconds)
  return frame.end({ result: { ok: false, failure }, coldStart, status: 'timeout' })
}
