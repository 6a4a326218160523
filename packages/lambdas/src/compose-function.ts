import { randomInt, randomUUID } from 'node:crypto'
import { type Redaction, createLog, createRedaction } from 'ticket-adapters/log'
import type { AwsClientOptions, AwsClients } from 'ticket-adapters/aws'
import { systemClock } from 'ticket-adapters/clock'
import { describeSettingProblem, type Clock, type Log, type Metrics, type DeliveryLane } from 'ticket-core'
import type { Execution } from './execution.ts'
import type { BatchAnswer } from './batch.ts'
import { type FunctionSettings, readFunctionSettings } from './settings.ts'

/** What a function needs of its process: environment, clock, network, randomness. Tests pass their own. */
export interface FunctionRuntime<Clients = AwsClients> {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly fetch: typeof fetch
  readonly clients: Clients
  /** Takes a log line, its line feed included. */
  writeLine(line: string): void
  newNonce(): string
  /** 0 to 1. */
  jitter(): number
}

/** The part of Lambda's context that the functions use. */
interface LambdaContext {
  readonly awsRequestId: string
  getRemainingTimeInMillis(): number
}

export type QueueHandler = (event: unknown, context: LambdaContext) => Promise<BatchAnswer>

/** What every function is composed of. */
export interface FunctionContext {
  readonly settings: FunctionSettings
  readonly log: Log
  readonly metrics: Metrics
  /** Learns each secret before its first use. */
  readonly redaction: Redaction
}

type Line = (event: unknown, execution: Execution) => Promise<BatchAnswer>

/** The stack writes the environment: what is wrong with it is fixed there. */
const APPLY_AGAIN = 'Apply the stack again: npx -y pnpm@12 ticketing up'

/** Where a function sends what it gives up. Only the function for dead letters itself has no such queue. */
export function deadLetterQueueOf({ deadLetterQueueUrl }: FunctionSettings): string {
  if (deadLetterQueueUrl !== undefined) return deadLetterQueueUrl
  throw new Error(
    `the function's environment lacks TICKETING_DLQ_URL, the URL of the dead-letter queue. ${APPLY_AGAIN}`,
  )
}

/** Where a function sends what events and deaths cause, and how long news waits there. */
export function effectQueuesOf({ effectQueueUrls, newsDelayMs }: FunctionSettings): {
  readonly queueUrls: Readonly<Record<DeliveryLane, string>>
  readonly newsDelaySeconds: number
} {
  if (effectQueueUrls !== undefined) return { queueUrls: effectQueueUrls, newsDelaySeconds: newsDelayMs / 1000 }
  throw new Error(
    `the function's environment lacks TICKETING_LOW_QUEUE_URL, TICKETING_MEDIUM_QUEUE_URL, TICKETING_HIGH_QUEUE_URL or TICKETING_NEWS_QUEUE_URL, the URLs of the queues of what it causes. ${APPLY_AGAIN}`,
  )
}

/** Composes a function from its environment. A wrong environment is a defect: the error names every wrong setting. */
export function composeFunction(
  runtime: FunctionRuntime<unknown>,
  makeLine: (context: FunctionContext) => Line,
): QueueHandler {
  const read = readFunctionSettings(runtime.env)
  if (!read.ok) {
    const wrong = read.failure.map(describeSettingProblem).join(' ')
    throw new Error(`the function's environment is wrong. ${wrong} ${APPLY_AGAIN}`)
  }
  const { clock } = runtime
  const redaction = createRedaction()
  const log = createLog({ write: (line) => runtime.writeLine(line), clock, redaction, level: read.value.logLevel })
  const line = makeLine({ settings: read.value, log, metrics: logMetrics(log), redaction })
  return (event, context) =>
    line(event, { id: context.awsRequestId, deadline: clock.monotonic() + context.getRemainingTimeInMillis() })
}

/** The entry of a deployed function: takes what it needs from the process, at the first invocation. */
export function lambdaEntry<Clients>(
  create: (runtime: FunctionRuntime<Clients>) => QueueHandler,
  createClients: (options: AwsClientOptions) => Clients,
): QueueHandler {
  let handler: QueueHandler | undefined
  return (event, context) => {
    const endpoint = process.env['AWS_ENDPOINT_URL']
    handler ??= create({
      env: process.env,
      clock: systemClock,
      fetch,
      clients: createClients(endpoint === undefined ? {} : { endpoint }),
      writeLine: (line) => process.stdout.write(line),
      newNonce: () => randomUUID(),
      jitter: () => randomInt(1_000_000) / 1_000_000,
    })
    return handler(event, context)
  }
}

/** Functions have no /metrics: their counts go into the log, for a metric filter. */
function logMetrics(log: Log): Metrics {
  return {
    count: (name, labels, by = 1) => log.write('info', 'metric', { name, by, ...labels }),
    observe: (name, seconds, labels) => log.write('info', 'metric', { name, seconds, ...labels }),
  }
}
