import type { FunctionFailure } from './executor.ts'

/** The time-out as Lambda answers it today. The seconds always have two decimals. */
export function timedOut(requestId: string, seconds: number): FunctionFailure {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  }
}

/** A process that ended by itself in the middle of an invocation: `process.exit`, a signal, or memory used up. */
export function exited(requestId: string, end: { code: number | null; signal: string | null }): FunctionFailure {
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${reasonOf(end)}` }
}

/** Anything that a handler threw, shaped as the Node runtime reports it. */
export function thrown(error: unknown): FunctionFailure {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] }
}

/** A reply above Lambda's limit for synchronous answers. */
export function tooLarge(bytes: number): FunctionFailure {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`,
  }
}

/**
 * 6 MiB and a hundred bytes, as AWS's own message has it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAX_PAYLOAD_BYTES = 6_291_556

function reasonOf({ code, signal }: { code: number | null; signal: string | null }): string {
  if (signal !== null) return `Runtime exited with error: signal: ${SIGNALS[signal] ?? signal.toLowerCase()}`
  if (code === 0 || code === null) return 'Runtime exited without providing a reason'
  return `Runtime exited with error: exit status ${code}`
}

const SIGNALS: Readonly<Record<string, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
}
