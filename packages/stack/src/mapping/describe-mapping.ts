import type { Lane, StackNames } from 'ticket-core'
import type { Arns } from '../desired/arns.ts'
import type { DesiredMapping } from '../desired/desired-stack.ts'
import { tagsFor } from '../desired/tags.ts'

const BATCH_SIZE = 10

/**
 * How many executions may run concurrently; Lambda's minimum is 2. Trello and Slack have limits that all executions share,
 * and the dead-letter function writes to Slack as well. S3 has none that matters here: 5 keep a backlog of low tickets, or
 * of events, from using up an account's executions (a new account has 10).
 */
const MAXIMUM_CONCURRENCY: Readonly<Record<Lane, number>> = { low: 5, medium: 2, high: 2, news: 2, events: 5, dead: 2 }

/** The event source mapping from one lane's queue to its function, with partial batch responses. */
export function describeMapping({
  prefix,
  lane,
  names,
  arns,
}: {
  readonly prefix: string
  readonly lane: Lane
  readonly names: StackNames
  readonly arns: Arns
}): DesiredMapping {
  const own = names.lanes[lane]
  const wanted = {
    name: `${own.queue} -> ${own.function}`,
    functionName: own.function,
    functionArn: arns.function(own.function),
    queueName: own.queue,
    queueArn: arns.queue(own.queue),
    batchSize: BATCH_SIZE,
    maximumConcurrency: MAXIMUM_CONCURRENCY[lane],
  }
  return { ...wanted, tags: tagsFor(prefix, wanted) }
}
