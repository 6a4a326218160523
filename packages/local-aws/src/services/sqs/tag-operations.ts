import { findQueueByUrl } from './queue-record.ts'
import type {
  ListQueueTagsCommandInput,
  ListQueueTagsResult,
  TagQueueCommandInput,
  UntagQueueCommandInput,
} from '@aws-sdk/client-sqs'
import type { Call } from '../../service.ts'
import type { SqsContext } from './sqs-context.ts'

export function listQueueTags(
  { sql }: SqsContext,
  { QueueUrl }: ListQueueTagsCommandInput,
  call: Call,
): ListQueueTagsResult {
  const { tags } = findQueueByUrl(sql, QueueUrl, call)
  return Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } }
}

export function tagQueue(context: SqsContext, { QueueUrl, Tags = {} }: TagQueueCommandInput, call: Call): void {
  const { id, tags } = findQueueByUrl(context.sql, QueueUrl, call)
  saveTags(context, id, { ...tags, ...Tags })
}

export function untagQueue(context: SqsContext, { QueueUrl, TagKeys = [] }: UntagQueueCommandInput, call: Call): void {
  const { id, tags } = findQueueByUrl(context.sql, QueueUrl, call)
  saveTags(context, id, Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key))))
}

function saveTags({ sql }: SqsContext, queueId: number, tags: Readonly<Record<string, string>>): void {
  sql.run('UPDATE sqs_queues SET tags = ? WHERE id = ?', JSON.stringify(tags), queueId)
}
