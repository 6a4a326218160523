import type { FunctionFailure } from '../../executors/executor.ts'
import { AwsError } from '../../service.ts'
import { functionArn, specOf, type FunctionRecord } from './function-record.ts'
import type { LambdaContext } from './lambda-context.ts'
import { extendChain } from './lineage.ts'
import { isRecursive } from './recursion-operations.ts'

/** One invocation of a function. */
interface FunctionRun {
  readonly record: FunctionRecord
  readonly requestId: string
  /** JSON text. */
  readonly payload: string
  /** The requested alias or version. */
  readonly qualifier?: string | undefined
  readonly clientContext?: string | undefined
  /** `X-Amzn-Trace-Id` of the caller; for a batch, one for each message. */
  readonly traces?: readonly (string | undefined)[]
}

/**
 * The result: `throttled` if the reserved concurrency is used up, `recursive` if the function invokes itself in a
 * loop.
 */
type RunOutcome =
  | { readonly kind: 'answered'; readonly payload: string; readonly log: string }
  | { readonly kind: 'failed'; readonly failure: FunctionFailure; readonly log: string }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'recursive' }

/** Runs functions and counts them. */
export interface FunctionRunner {
  run(request: FunctionRun): Promise<RunOutcome>
}

/** Runs functions on the context's executor, within their reserved concurrency; emits what they log. */
export function createFunctionRunner(context: LambdaContext): FunctionRunner {
  const running = new Map<string, number>()
  const count = (arn: string, by: 1 | -1): void => void running.set(arn, (running.get(arn) ?? 0) + by)

  return {
    async run({ record, requestId, payload, qualifier, clientContext, traces = [] }) {
      const arn = functionArn(record)
      if (isRecursive(context, record, traces)) return { kind: 'recursive' }
      const limit = context.functions.find(record.version === '$LATEST' ? record : { ...record, version: '$LATEST' })
      if ((running.get(arn) ?? 0) >= (limit?.reservedConcurrency ?? Infinity)) return { kind: 'throttled' }
      const fact = { source: 'lambda', functionName: record.name, requestId } as const
      const tail: string[] = []
      const log = ({ text }: { text: string }): void => {
        tail.push(text)
        context.observe({ ...fact, at: context.clock.now(), kind: 'function-log', line: text })
      }
      const startedAt = context.clock.now()
      const ended = (error: string | undefined): void =>
        context.observe({
          ...fact,
          at: context.clock.now(),
          kind: 'invocation-ended',
          error,
          durationMs: context.clock.now() - startedAt,
        })
      count(arn, 1)
      context.observe({ ...fact, at: startedAt, kind: 'invocation-started' })
      try {
        const outcome = await context.executor.invoke({
          spec: specOf(record),
          invokedArn: qualifier === undefined ? arn : `${arn}:${qualifier}`,
          requestId,
          payload,
          clientContext,
          traceId: extendChain(traces, { functionArn: arn, requestId, now: startedAt }),
          code: () => context.functions.zip(record.codeSha256),
          log,
        })
        ended(outcome.ok ? undefined : `${outcome.failure.errorType}: ${outcome.failure.errorMessage}`)
        const written = `${tail.join('\n')}\n`
        if (outcome.ok) return { kind: 'answered', payload: outcome.payload, log: written }
        return { kind: 'failed', failure: outcome.failure, log: written }
      } catch (error) {
        ended(error instanceof Error ? error.message : String(error))
        // The error's text may contain paths of this machine: it is only for the local log.
        throw new AwsError('ServiceException', 'This embedded cloud could not run the function: see what it logs.', {
          status: 500,
          details: { Type: 'Service' },
        })
      } finally {
        count(arn, -1)
      }
    },
  }
}
