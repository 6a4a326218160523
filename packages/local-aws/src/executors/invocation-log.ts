import type { Clock } from '../clock.ts'
import type { Invocation, InvocationOutcome } from './executor.ts'

/** Writes the lines with which Lambda frames each invocation: START, END and REPORT. */
export function frameInvocation(invocation: Invocation, clock: Clock): { end(options: FrameEnd): InvocationOutcome } {
  const { requestId, spec, log } = invocation
  const startedAt = clock.now()
  log({ stream: 'platform', text: `START RequestId: ${requestId} Version: ${spec.version}` })
  return {
    end({ result, coldStart, status }) {
      const durationMs = clock.now() - startedAt
      log({ stream: 'platform', text: `END RequestId: ${requestId}` })
      log({ stream: 'platform', text: reportOf({ invocation, durationMs, status }) })
      return { ...result, durationMs, coldStart }
    },
  }
}

interface FrameEnd {
  readonly result: { ok: true; payload: string } | { ok: false; failure: FailureOf }
  readonly coldStart: boolean
  /** Only an error that ended the environment is named. */
  readonly status?: 'timeout' | 'error' | undefined
}

type FailureOf = Extract<InvocationOutcome, { ok: false }>['failure']

function reportOf(options: { invocation: Invocation; durationMs: number; status: FrameEnd['status'] }): string {
  const { invocation, durationMs, status } = options
  return [
    `REPORT RequestId: ${invocation.requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.max(1, Math.ceil(durationMs))} ms`,
    `Memory Size: ${invocation.spec.memoryMb} MB`,
    ...(status === undefined ? [] : [`Status: ${status}`]),
  ].join('\t')
}
