import { AwsError, type Call } from '../../service.ts'
import { textOf } from '../../sql.ts'
import { attributeValue, checkAttributes } from './attribute-rules.ts'
import { pageOf } from './page.ts'
import { findQueueByName, findQueueByUrl, readQueue, urlOf } from './queue-record.ts'
import { checkRedriveAllowPolicy, checkRedrivePolicy } from './redrive-policy.ts'
import { invalidParameter, queueDoesNotExist } from './sqs-errors.ts'
import type {
  CreateQueueCommandInput,
  CreateQueueResult,
  DeleteQueueCommandInput,
  GetQueueUrlCommandInput,
  GetQueueUrlResult,
  ListQueuesCommandInput,
  ListQueuesResult,
  PurgeQueueCommandInput,
} from '@aws-sdk/client-sqs'
import type { SqsContext } from './sqs-context.ts'

const sixtySeconds = 60_000

/** Creates a queue, or returns the existing one with the same attributes. */
export function createQueue(
  context: SqsContext,
  { QueueName, Attributes = {}, tags = {} }: CreateQueueCommandInput,
  call: Call,
): CreateQueueResult {
  const { sql, clock, emit } = context
  const name = QueueName ?? ''
  checkName(name)
  const attributes = withoutIdleFifo(Attributes)
  checkAttributes(attributes)
  const existing = findQueueByName(sql, call.region, name)
  if (existing) {
    refuseOther(existing.attributes, attributes)
    return { QueueUrl: urlOf(existing, call.baseUrl) }
  }
  refuseDeletedRecently(context, call.region, name)
  const queue = { region: call.region, account: call.caller.accountId, name }
  checkRedrivePolicy(sql, queue, attributes['RedrivePolicy'] ?? '')
  checkRedriveAllowPolicy(attributes['RedriveAllowPolicy'] ?? '')
  const now = clock.now()
  sql.run(
    'INSERT INTO sqs_queues (region, account, name, attributes, tags, created_at, modified_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    queue.region,
    queue.account,
    name,
    JSON.stringify(attributes),
    JSON.stringify(tags),
    now,
    now,
  )
  emit({ kind: 'queue-created', queue: name })
  return { QueueUrl: urlOf(queue, call.baseUrl) }
}

function checkName(name: string): void {
  if (/^[\w-]{1,75}\.fifo$/.test(name)) {
    throw new AwsError(
      'UnsupportedOperation',
      'FIFO queues are not offered by this embedded cloud; use a standard queue.',
    )
  }
  if (/^[A-Za-z0-9_-]{1,80}$/.test(name)) return
  throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length')
}

// AWS itself rejects `FifoQueue=false`; the error for `true` without the suffix names the missing suffix.
function withoutIdleFifo(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (attributes['FifoQueue'] !== 'true') return attributes
  throw invalidParameter(
    'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length',
  )
}

function refuseOther(existing: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(wanted)) {
    if ((attributeValue(existing, name) ?? '') === value) continue
    throw new AwsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${name}`,
    )
  }
}

function refuseDeletedRecently({ sql, clock, enforceSixtySeconds }: SqsContext, region: string, name: string): void {
  const after = clock.now() - sixtySeconds
  const recent = sql.one(
    'SELECT name FROM sqs_deleted_queues WHERE region = ? AND name = ? AND deleted_at > ?',
    region,
    name,
    after,
  )
  if (!recent || !enforceSixtySeconds) return
  throw new AwsError(
    'QueueDeletedRecently',
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
  )
}

export function getQueueUrl(
  { sql }: SqsContext,
  { QueueName }: GetQueueUrlCommandInput,
  call: Call,
): GetQueueUrlResult {
  const queue = findQueueByName(sql, call.region, QueueName ?? '')
  if (!queue) throw queueDoesNotExist()
  return { QueueUrl: urlOf(queue, call.baseUrl) }
}

export function listQueues({ sql }: SqsContext, input: ListQueuesCommandInput, call: Call): ListQueuesResult {
  const { QueueNamePrefix = '' } = input
  const rows = sql.all('SELECT * FROM sqs_queues WHERE region = ? ORDER BY name', call.region)
  const names = rows
    .filter((row) => textOf(row, 'name').startsWith(QueueNamePrefix))
    .map((row) => urlOf(readQueue(row), call.baseUrl))
  const { items, next } = pageOf(names, input)
  return { ...(items.length > 0 && { QueueUrls: items }), ...(next !== undefined && { NextToken: next }) }
}

export function deleteQueue(
  { sql, clock, messageSignal, emit }: SqsContext,
  { QueueUrl }: DeleteQueueCommandInput,
  call: Call,
): void {
  const { id, name, region } = findQueueByUrl(sql, QueueUrl, call)
  sql.atomically(() => {
    sql.run('DELETE FROM sqs_messages WHERE queue_id = ?', id)
    sql.run('DELETE FROM sqs_queues WHERE id = ?', id)
    sql.run(
      'INSERT OR REPLACE INTO sqs_deleted_queues (region, name, deleted_at) VALUES (?, ?, ?)',
      region,
      name,
      clock.now(),
    )
  })
  emit({ kind: 'queue-deleted', queue: name })
  messageSignal.notify(id)
}

export function purgeQueue(context: SqsContext, { QueueUrl }: PurgeQueueCommandInput, call: Call): void {
  const { sql, clock, messageSignal, emit, enforceSixtySeconds } = context
  const { id, name, purgedAt } = findQueueByUrl(sql, QueueUrl, call)
  const now = clock.now()
  if (enforceSixtySeconds && purgedAt !== undefined && now - purgedAt < sixtySeconds) {
    throw new AwsError(
      'PurgeQueueInProgress',
      `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`,
      { status: 403 },
    )
  }
  sql.atomically(() => {
    sql.run('DELETE FROM sqs_messages WHERE queue_id = ?', id)
    sql.run('UPDATE sqs_queues SET purged_at = ? WHERE id = ?', now, id)
  })
  emit({ kind: 'queue-purged', queue: name })
  messageSignal.notify(id)
}
