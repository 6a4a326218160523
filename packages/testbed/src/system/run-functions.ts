import { randomInt, randomUUID } from 'node:crypto'
import type { FunctionRuntime, QueueHandler } from '@ticketing/lambdas'
import { createSqsPorts, startPoller, type Poller } from '@ticketing/local-aws'
import { LANES, type Lane, type Clock } from 'ticket-core'
import type { DesiredStack, EnvironmentValue, StackClients } from '@ticketing/stack'
import type { JournalWriter } from '../journal/create-journal.ts'
import { noteLogLine } from '../journal/note-log-line.ts'
import { FUNCTION_MAKERS } from './inline-functions.ts'

export interface RunFunctionsOptions {
  readonly desired: DesiredStack
  /** By queue name. */
  readonly queueUrls: Readonly<Record<string, string>>
  readonly clients: StackClients
  /** The cloud's address, or empty for AWS. */
  readonly endpoint: string
  readonly clock: Clock
  readonly journal: JournalWriter
}

/** Milliseconds for running batches to end. */
const STOP_TIMEOUT_MS = 30_000

/**
 * Runs the stack's functions in this process, for a cloud that has queues but cannot run our functions. Pollers feed them
 * as the event source mappings say. They use the testbed's credentials, not their roles. The returned function resolves
 * when all batches have ended.
 */
export function runFunctions(options: RunFunctionsOptions): () => Promise<void> {
  const pollers = LANES.map((lane) => startLane(lane, options))
  return async () => {
    await Promise.all(pollers.map((poller) => poller.stop(STOP_TIMEOUT_MS)))
  }
}

function startLane(lane: Lane, options: RunFunctionsOptions): Poller {
  const { desired, queueUrls, clients, endpoint, clock, journal } = options
  const name = desired.names.lanes[lane].function
  const spec = desired.functions.find((each) => each.name === name)
  const mapping = desired.mappings.find((each) => each.functionName === name)
  if (!spec || !mapping) throw new Error(`the stack has no function ${name} with an event source mapping`)
  const queueUrl = queueUrls[mapping.queueName] ?? ''
  const textOf = (value: EnvironmentValue): string =>
    typeof value === 'string' ? value : (queueUrls[value.urlOfQueue] ?? '')
  const runtime: FunctionRuntime = {
    env: {
      ...Object.fromEntries(Object.entries(spec.environment).map(([key, value]) => [key, textOf(value)])),
      ...(endpoint !== '' && { AWS_ENDPOINT_URL: endpoint }),
    },
    clock,
    fetch,
    clients,
    writeLine: (line) => noteLogLine(journal, { source: 'function', line: line.trimEnd(), by: name }),
    newNonce: () => randomUUID(),
    jitter: () => randomInt(1_000_000) / 1_000_000,
  }
  // As on Lambda, an environment serves one batch at a time: two batches never share its memory.
  const idle: QueueHandler[] = []
  return startPoller({
    clock,
    ports: {
      ...createSqsPorts({ sqs: clients.sqs, queueUrl }),
      invoke: async (payload) => {
        const end = clock.monotonic() + spec.timeoutSeconds * 1_000
        const context = {
          awsRequestId: randomUUID(),
          getRemainingTimeInMillis: () => Math.max(0, end - clock.monotonic()),
        }
        const handle = idle.pop() ?? FUNCTION_MAKERS[lane](runtime)
        try {
          return { kind: 'answered', payload: JSON.stringify(await handle(JSON.parse(payload), context)) }
        } finally {
          idle.push(handle)
        }
      },
    },
    source: { queueArn: mapping.queueArn, region: desired.region },
    batchSize: mapping.batchSize,
    maximumConcurrency: mapping.maximumConcurrency,
    reportBatchItemFailures: true,
  })
}
