import { createHash } from 'node:crypto'
import type { Lane, StackNames } from 'ticket-core'
import type { Arns } from '../desired/arns.ts'
import type { DesiredFunction, EnvironmentValue } from '../desired/desired-stack.ts'
import { tagsFor } from '../desired/tags.ts'

/** A function's code: a zip that holds an ES module, and `file.export` of the handler. */
export interface FunctionCode {
  readonly zip: Uint8Array
  readonly handler: string
}

const FUNCTION_TIMEOUT_SECONDS = 30
/** Lambda allots CPU by memory: at 128 MB the TLS handshakes of a cold start take seconds. */
const FUNCTION_MEMORY_MEGABYTES = 256

const DESCRIPTIONS: Readonly<Record<Lane, string>> = {
  low: 'Delivers low-priority tickets to S3',
  medium: 'Delivers medium-priority tickets to Trello',
  high: 'Delivers high-priority tickets to Slack',
  news: 'Tells teams in Teams what happened to their tickets',
  events: 'Adds what happens to tickets to their cases',
  dead: 'Archives dead letters and notifies an admin',
}

/** One lane's function. Its environment names its resources and settings; it never holds a secret. */
export function describeFunction(options: {
  readonly prefix: string
  readonly lane: Lane
  readonly names: StackNames
  readonly arns: Arns
  readonly secretId: string
  readonly code: FunctionCode
  readonly settings: Readonly<Record<string, string>>
}): DesiredFunction {
  const { prefix, lane, names, arns, code } = options
  const own = names.lanes[lane]
  const environment: Record<string, EnvironmentValue> = {
    TICKETING_GIVE_UP_AFTER: '24h',
    TICKETING_LOG_LEVEL: 'info',
    ...options.settings,
    TICKETING_SECRET_ID: options.secretId,
    TICKETING_PREFIX: prefix,
    TICKETING_BUCKET: names.bucket,
    TICKETING_QUEUE_URL: { urlOfQueue: own.queue },
    ...((lane === 'events' || lane === 'dead') && effectQueues(names)),
    ...(lane !== 'dead' && { TICKETING_DLQ_URL: { urlOfQueue: names.lanes.dead.queue } }),
  }
  const wanted = {
    name: own.function,
    roleArn: arns.role(own.role),
    description: DESCRIPTIONS[lane],
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    handler: code.handler,
    timeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
    memoryMegabytes: FUNCTION_MEMORY_MEGABYTES,
    environment,
    codeSha256: createHash('sha256').update(code.zip).digest('base64'),
  } as const
  return {
    ...wanted,
    arn: arns.function(own.function),
    roleName: own.role,
    zip: code.zip,
    tags: tagsFor(prefix, wanted),
  }
}

/** Events send what they cause to the lanes of the places that have the ticket. */
function effectQueues({ lanes }: StackNames): Record<string, EnvironmentValue> {
  return {
    TICKETING_LOW_QUEUE_URL: { urlOfQueue: lanes.low.queue },
    TICKETING_MEDIUM_QUEUE_URL: { urlOfQueue: lanes.medium.queue },
    TICKETING_HIGH_QUEUE_URL: { urlOfQueue: lanes.high.queue },
    TICKETING_NEWS_QUEUE_URL: { urlOfQueue: lanes.news.queue },
  }
}
