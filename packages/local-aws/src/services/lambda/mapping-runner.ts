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

/** Runs a poller for each enabled mapping whose function exists. */
export function createMappingRunner(work: {
  context: LambdaContext
  runner: FunctionRunner
  openQueue: OpenQueue
  findTarget: (record: MappingRecord) => FunctionRecord | undefined
}): MappingRunner {
  const { context, runner, openQueue, findTarget } = work
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

  const invoke = async (
    record: MappingRecord,
    payload: string,
    batch: readonly SourceMessage[],
  ): Promise<BatchInvocation> => {
    const target = findTarget(record)
    if (!target) return { kind: 'failed', reason: 'the function does not exist' }
    const { qualifier } = record
    const outcome = await runner.run({
      record: target,
      requestId: context.newId(),
      payload,
      qualifier,
      traces: batch.map(traceOf),
    })
    if (outcome.kind === 'recursive') return { kind: 'failed', reason: 'the function invokes itself' }
    if (outcome.kind !== 'failed') return outcome
    return { kind: 'failed', reason: `${outcome.failure.errorType}: ${outcome.failure.errorMessage}` }
  }

  const begin = (record: MappingRecord): void => {
    const target = findTarget(record)
    if (!started || !record.enabled || !target || pollers.has(record.uuid)) return
    const { queueArn, region, batchSize, windowSeconds, maximumConcurrency, reportBatchItemFailures } = record
    const queue = openQueue({ queueArn, roleArn: target.role })
    roles.set(record.uuid, target.role)
    const fact = { source: 'lambda', mapping: record.uuid, functionName: record.functionName } as const
    pollers.set(
      record.uuid,
      startPoller({
        clock: context.clock,
        ports: {
          ...queue.ports,
          // A message of a recursive loop is left to the queue's redrive policy, and does not fail the rest of its
          // batch.
          receive: async (request) => {
            const messages = await queue.ports.receive(request)
            return messages.filter((message) => !isRecursive(context, target, [traceOf(message)]))
          },
          invoke: (payload, batch) => invoke(record, payload, batch),
        },
        source: { queueArn, region },
        batchSize,
        windowSeconds,
        ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
        reportBatchItemFailures,
        observe: (event) => context.observe({ ...fact, at: context.clock.now(), ...event }),
      }),
    )
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

function traceOf({ attributes }: SourceMessage): string | undefined {
  return attributes['AWSTraceHeader']
}
