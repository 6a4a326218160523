import { environmentVariables } from './environment-variables.ts'
import type { FunctionCredentials, FunctionFailure, FunctionSpec, Invocation } from './executor.ts'
import { exited, MAX_PAYLOAD_BYTES, thrown, tooLarge } from './failures.ts'

/** The context object of Lambda's Node runtime, as far as a function can use it. */
export interface InlineContext {
  readonly awsRequestId: string
  readonly functionName: string
  readonly functionVersion: string
  readonly invokedFunctionArn: string
  readonly memoryLimitInMB: string
  readonly logGroupName: string
  readonly logStreamName: string
  /** What a process has as `_X_AMZN_TRACE_ID`. */
  readonly xRayTraceId: string | undefined
  /** Counts down on the injected clock. */
  getRemainingTimeInMillis(): number
}

/** A handler that runs in this process. */
export type InlineHandler = (event: unknown, context: InlineContext) => Promise<unknown>

/** The process of one environment, as its function sees it. */
export interface InlineProcess {
  readonly functionName: string
  /** What `process.env` would hold. */
  readonly variables: Readonly<Record<string, string>>
  /** A line of output. */
  readonly log: (line: string) => void
  /** Ends the process at once. */
  readonly exit: (end: ProcessEnd) => void
  /** Aborted when the process has ended, by itself or by the executor. */
  readonly ended: AbortSignal
}

/** An exit status, or the signal that killed it. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: string | null
}

/** Loads a function into a new environment; an exception is the function's init error. */
export type InlineFunction = (process: InlineProcess) => InlineHandler

type Served = { ok: true; payload: string } | { ok: false; failure: FunctionFailure }

export interface InlineEnvironment {
  readonly ended: AbortSignal
  end(end: ProcessEnd): void
  serve(invocation: Invocation, remaining: () => number): Promise<Served>
}

export function startInlineEnvironment(options: {
  readonly spec: FunctionSpec
  readonly session: FunctionCredentials
  readonly endpoint: string
  readonly run: InlineFunction | undefined
}): InlineEnvironment {
  const { spec, session, endpoint, run } = options
  const logStream = 'inline'
  const ended = new AbortController()
  const processEnd = Promise.withResolvers<ProcessEnd>()
  let current: Invocation | undefined
  const end = (how: ProcessEnd): void => {
    ended.abort()
    processEnd.resolve(how)
  }
  let handler: InlineHandler | undefined

  return {
    ended: ended.signal,
    end,
    async serve(invocation, remaining) {
      current = invocation
      const { requestId } = invocation
      const died = processEnd.promise.then((how): Served => ({ ok: false, failure: exited(requestId, how) }))
      try {
        if (!run) return { ok: false, failure: noFunction(spec) }
        handler ??= run({
          functionName: spec.name,
          variables: environmentVariables({ spec, credentials: session, endpoint, logStream }),
          log: (text) => {
            if (!ended.signal.aborted) current?.log({ stream: 'stdout', text })
          },
          exit: end,
          ended: ended.signal,
        })
        const context = contextOf({ invocation, logStream, remaining })
        return await Promise.race([died, call(handler, invocation.payload, context)])
      } catch (error) {
        // It could not be loaded: the next request gets a new environment.
        end({ code: 1, signal: null })
        return { ok: false, failure: thrown(error) }
      } finally {
        current = undefined
      }
    },
  }
}

async function call(handler: InlineHandler, payload: string, context: InlineContext): Promise<Served> {
  try {
    const event: unknown = JSON.parse(payload)
    const answer = JSON.stringify(await handler(event, context)) ?? 'null'
    const bytes = Buffer.byteLength(answer)
    return bytes > MAX_PAYLOAD_BYTES ? { ok: false, failure: tooLarge(bytes) } : { ok: true, payload: answer }
  } catch (error) {
    return { ok: false, failure: thrown(error) }
  }
}

function contextOf(options: {
  readonly invocation: Invocation
  readonly logStream: string
  readonly remaining: () => number
}): InlineContext {
  const { spec, requestId, invokedArn, traceId } = options.invocation
  return {
    awsRequestId: requestId,
    functionName: spec.name,
    functionVersion: spec.version,
    invokedFunctionArn: invokedArn,
    memoryLimitInMB: String(spec.memoryMb),
    logGroupName: `/aws/lambda/${spec.name}`,
    logStreamName: options.logStream,
    xRayTraceId: traceId,
    getRemainingTimeInMillis: options.remaining,
  }
}

function noFunction(spec: FunctionSpec): FunctionFailure {
  return {
    errorType: 'Runtime.ImportModuleError',
    errorMessage: `Error: no inline function is registered for '${spec.name}' or handler '${spec.handler}'`,
    trace: [],
  }
}
