import { textOf, type Sql } from '../../sql.ts'
import { pageOf } from './page.ts'
import { arnOf, findQueueByUrl, readQueue, urlOf, type QueueRecord } from './queue-record.ts'
import { redrivePolicyOf } from './redrive-policy.ts'
import type { ListDeadLetterSourceQueuesCommandInput, ListDeadLetterSourceQueuesResult } from '@aws-sdk/client-sqs'
import type { Call } from '../../service.ts'
import type { SqsContext } from './sqs-context.ts'

/** Queues whose redrive policy names this one. */
export function listDeadLetterSourceQueues(
  { sql }: SqsContext,
  input: ListDeadLetterSourceQueuesCommandInput,
  call: Call,
): ListDeadLetterSourceQueuesResult {
  const queue = findQueueByUrl(sql, input.QueueUrl, call)
  const urls = findSources(sql, queue).map((source) => urlOf(source, call.baseUrl))
  const { items, next } = pageOf(urls, input)
  return { queueUrls: items, ...(next !== undefined && { NextToken: next }) }
}

/** Queues that send their dead letters to this one, by name. */
export function findSources(sql: Sql, target: QueueRecord): readonly QueueRecord[] {
  const arn = arnOf(target)
  return sql
    .all('SELECT * FROM sqs_queues WHERE region = ? ORDER BY name', target.region)
    .filter((row) => textOf(row, 'attributes').includes(arn))
    .map(readQueue)
    .filter(({ attributes }) => redrivePolicyOf(attributes)?.deadLetterTargetArn === arn)
}
