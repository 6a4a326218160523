import { startPoller, type Poller } from '../../event-sources/poller.ts'
import type { BatchInvocation, SourceMessage } from '../../event-sources/event-source-ports.ts'
import type { FunctionRecord } from './function-record.ts'
import type { LambdaContext } from './lambda-context.ts'
import { findMapping, listMappings, type MappingRecord } from './mapping-record.ts'
import type { OpenQueue } from './direct-queue.ts'
import { isRecursive } from './recursion-operations.ts'
import type { FunctionRunner } from './run-function.ts'

/** The pollers of all enabled mappings. */
export interface MappingRunner {
  /** Starts the stored mappings. */
  start(): void
  /** Reconciles one mapping's poller with the store, after its running batches. */
  apply(uuid: string): Promise<void>
  /** Reconciles the mappings of a function that was created, changed or deleted. */
  functionChanged(region: string, name: string): void
  stop(): Promise<void>
}

interface Work {
  readonly context: LambdaContext
  readonly runner: FunctionRunner
  readonly openQueue: OpenQueue
  readonly findTarget: (record: MappingRecord) => FunctionRecord | undefined
}

/** Runs a poller for each enabled mapping whose function exists. */
export function createMappingRunner(work: Work): MappingRunner {
  const { context, findTarget } = work
  const pollers = new Map<string, Poller>()
  const stopping = new Set<Promise<void>>()
  const roles = new Map<string, string>()
  let started = false

  const halt = (uuid: string): Promise<void> => {
    const poller = pollers.get(uuid)
    if (!poller) return Promise.resolve()
    pollers.delete(uuid)
    roles.delete(uuid)
    const stopped = poller.stop().finally(() => stopping.delete(stopped))
    stopping.add(stopped)
    return stopped
  }

  const begin = (record: MappingRecord): void => {
    const target = findTarget(record)
    if (!started || !record.enabled || !target || pollers.has(record.uuid)) return
    roles.set(record.uuid, target.role)
    pollers.set(record.uuid, pollFor(work, record, target))
  }

  const apply = async (uuid: string): Promise<void> => {
    await halt(uuid)
    // Read only now: it may have been changed or deleted while its batches finished.
    const record = findMapping(context.sql, uuid)
    if (record) begin(record)
  }

  return {
    start() {
      started = true
      for (const record of listMappings(context.sql)) begin(record)
    },
    apply,
    functionChanged(region, name) {
      for (const record of listMappings(context.sql, region)) {
        if (record.functionName !== name) continue
        const role = findTarget(record)?.role
        // A poller acts as the role that the function had when it started.
        if (roles.get(record.uuid) !== role) void apply(record.uuid)
      }
    },
    async stop() {
      started = false
      for (const uuid of pollers.keys()) void halt(uuid)
      await Promise.all(stopping)
    },
  }
}

/** Starts the poller of a mapping, whose function is `target` now. */
function pollFor(work: Work, record: MappingRecord, target: FunctionRecord): Poller {
  const { context, openQueue } = work
  const { queueArn, region, batchSize, windowSeconds, maximumConcurrency, reportBatchItemFailures } = record
  const { ports } = openQueue({ queueArn, roleArn: target.role })
  const fact = { source: 'lambda', mapping: record.uuid, functionName: record.functionName } as const
  return startPoller({
    clock: context.clock,
    ports: {
      ...ports,
      // A message of a recursive loop is left to the queue's redrive policy; the rest of its batch goes on.
      receive: async (request) => {
        const messages = await ports.receive(request)
        return messages.filter((message) => !isRecursive(context, target, [traceOf(message)]))
      },
      invoke: (payload, batch) => invoke(work, record, { payload, batch }),
    },
    source: { queueArn, region },
    batchSize,
    windowSeconds,
    ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
    reportBatchItemFailures,
    observe: (event) => context.observe({ ...fact, at: context.clock.now(), ...event }),
  })
}

/** Invokes a mapping's function, which may have changed since its poller started. */
async function invoke(
  { context, runner, findTarget }: Work,
  record: MappingRecord,
  { payload, batch }: { readonly payload: string; readonly batch: readonly SourceMessage[] },
): Promise<BatchInvocation> {
  const target = findTarget(record)
  if (!target) return { kind: 'failed', reason: 'the function does not exist' }
  const { qualifier } = record
  const traces = batch.map(traceOf)
  const outcome = await runner.run({ record: target, requestId: context.newId(), payload, qualifier, traces })
  if (outcome.kind === 'recursive') return { kind: 'failed', reason: 'the function invokes itself' }
  if (outcome.kind !== 'failed') return outcome
  return { kind: 'failed', reason: `${outcome.failure.errorType}: ${outcome.failure.errorMessage}` }
}

function traceOf({ attributes }: SourceMessage): string | undefined {
  return attributes['AWSTraceHeader']
}
