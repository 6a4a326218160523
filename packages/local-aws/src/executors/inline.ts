import type { Clock } from '../clock.ts'
import { environmentVariables } from './environment-variables.ts'
import type { Executor, FunctionFailure, FunctionSpec, Invocation, FunctionCredentials } from './executor.ts'
import { MAX_PAYLOAD_BYTES, thrown, timedOut, tooLarge } from './failures.ts'
import { frameInvocation } from './invocation-log.ts'

/** The context object of Lambda's Node runtime, as far as a function can use it. */
export interface InlineContext {
  readonly awsRequestId: string
  readonly functionName: string
  readonly functionVersion: string
  readonly invokedFunctionArn: string
  readonly memoryLimitInMB: string
  readonly logGroupName: string
  readonly logStreamName: string
  /** Counts down on the injected clock. */
  getRemainingTimeInMillis(): number
  /** Not Lambda's: what `process.env` would hold, since these handlers share a process. */
  readonly variables: Readonly<Record<string, string>>
  /** Not Lambda's: a line for the function's log. */
  log(line: string): void
}

/** A handler that runs in this process. */
export type InlineHandler = (event: unknown, context: InlineContext) => Promise<unknown>

/** Needed to run functions inside this process. */
export interface InlineExecutorOptions {
  readonly clock: Clock
  /** By function name, or by the function's `Handler` setting. The name wins. */
  readonly handlers: Readonly<Record<string, InlineHandler>>
  /** The cloud's own address, for `AWS_ENDPOINT_URL`. */
  readonly endpoint?: () => string
  readonly credentials?: (spec: FunctionSpec) => Promise<FunctionCredentials>
}

/**
 * Runs handlers in this process, on the injected clock. A handler that outlives its function's time-out is reported as
 * timed out; it cannot be killed, so what it still does is its own affair.
 */
export function createInlineExecutor(options: InlineExecutorOptions): Executor {
  const known = new Map<string, Promise<FunctionCredentials>>()
  const seen = new Set<string>()
  const running = new Set<(failure: FunctionFailure) => void>()
  let closed = false

  const credentialsOf = (spec: FunctionSpec): Promise<FunctionCredentials> => {
    const session = known.get(spec.roleArn)
    if (session) return session
    const fresh = options.credentials?.(spec) ?? Promise.resolve(LOCAL_CREDENTIALS)
    known.set(spec.roleArn, fresh)
    fresh.catch(() => known.delete(spec.roleArn))
    return fresh
  }

  return {
    async invoke(invocation) {
      if (closed) throw new Error('the executor is closed')
      const { spec } = invocation
      const credentials = await credentialsOf(spec)
      const coldStart = !seen.has(spec.arn)
      seen.add(spec.arn)
      const frame = frameInvocation(invocation, options.clock)
      const handler = options.handlers[spec.name] ?? options.handlers[spec.handler]
      if (!handler) return frame.end({ result: { ok: false, failure: noHandler(spec) }, coldStart, status: 'error' })
      const variables = environmentVariables({
        spec,
        credentials,
        endpoint: options.endpoint?.() ?? '',
        logStream: 'inline',
      })
      const deadline = options.clock.now() + spec.timeoutSeconds * 1000
      return new Promise((settle) => {
        const finish = (result: Result, status?: 'timeout'): void => {
          if (!running.delete(abandon)) return
          cancel()
          settle(frame.end({ result, coldStart, status }))
        }
        const abandon = (failure: FunctionFailure): void => finish({ ok: false, failure })
        running.add(abandon)
        const cancel = options.clock.after(spec.timeoutSeconds * 1000, () =>
          finish({ ok: false, failure: timedOut(invocation.requestId, spec.timeoutSeconds) }, 'timeout'),
        )
        const context = contextOf({ invocation, variables, remaining: () => deadline - options.clock.now() })
        void runHandler({ handler, payload: invocation.payload, context }).then(finish)
      })
    },
    retire(functionArn) {
      seen.delete(functionArn)
    },
    close() {
      closed = true
      for (const abandon of running) abandon({ errorType: 'Runtime.ExitError', errorMessage: 'the cloud was closed' })
      return Promise.resolve()
    },
  }
}

type Result = { ok: true; payload: string } | { ok: false; failure: FunctionFailure }

const LOCAL_CREDENTIALS: FunctionCredentials = { accessKeyId: 'local', secretAccessKey: 'local', sessionToken: 'local' }

async function runHandler(options: {
  handler: InlineHandler
  payload: string
  context: InlineContext
}): Promise<Result> {
  try {
    const event: unknown = JSON.parse(options.payload)
    const answer: unknown = await options.handler(event, options.context)
    const payload = JSON.stringify(answer) ?? 'null'
    const bytes = Buffer.byteLength(payload)
    return bytes > MAX_PAYLOAD_BYTES ? { ok: false, failure: tooLarge(bytes) } : { ok: true, payload }
  } catch (error) {
    return { ok: false, failure: thrown(error) }
  }
}

function contextOf(options: {
  invocation: Invocation
  variables: Readonly<Record<string, string>>
  remaining: () => number
}): InlineContext {
  const { spec, requestId, invokedArn, log } = options.invocation
  return {
    awsRequestId: requestId,
    functionName: spec.name,
    functionVersion: spec.version,
    invokedFunctionArn: invokedArn,
    memoryLimitInMB: String(spec.memoryMb),
    logGroupName: `/aws/lambda/${spec.name}`,
    logStreamName: 'inline',
    getRemainingTimeInMillis: () => Math.max(0, options.remaining()),
    variables: options.variables,
    log: (text) => log({ stream: 'stdout', text }),
  }
}

function noHandler(spec: FunctionSpec): FunctionFailure {
  return {
    errorType: 'Runtime.ImportModuleError',
    errorMessage: `Error: no inline handler is registered for function '${spec.name}' or handler '${spec.handler}'`,
    trace: [],
  }
}
