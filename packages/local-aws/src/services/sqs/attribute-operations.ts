import { invalidAttributeValue, unknownAttribute } from './sqs-errors.ts'
import { attributeValue, checkAttributes, settableAttributes } from './attribute-rules.ts'
import { countMessages } from './count-messages.ts'
import { arnOf, findQueueByUrl, type QueueRecord } from './queue-record.ts'
import { checkRedriveAllowPolicy, checkRedrivePolicy } from './redrive-policy.ts'
import type {
  GetQueueAttributesCommandInput,
  GetQueueAttributesResult,
  SetQueueAttributesCommandInput,
} from '@aws-sdk/client-sqs'
import type { Call } from '../../service.ts'
import type { SqsContext } from './sqs-context.ts'

const computed = [
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
]

// Attributes of AWS that a standard queue never has.
const fifoOnly = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']

/** The requested attributes; `All` for all that have a value. Counts are of the current time. */
export function getQueueAttributes(
  context: SqsContext,
  input: GetQueueAttributesCommandInput,
  call: Call,
): GetQueueAttributesResult {
  const queue = findQueueByUrl(context.sql, input.QueueUrl, call)
  const names: readonly string[] = input.AttributeNames ?? []
  const allowed = new Set(['All', ...computed, ...settableAttributes, ...fifoOnly])
  for (const name of names) if (!allowed.has(name)) throw unknownAttribute(name)
  const wanted = names.includes('All') ? [...computed, ...settableAttributes] : [...new Set(names)]
  const values = wanted.some((name) => computed.includes(name)) ? computeValues(context, queue) : {}
  const found = wanted.flatMap((name): [string, string][] => {
    const value = values[name] ?? attributeValue(queue.attributes, name)
    return value === undefined || value === '' ? [] : [[name, value]]
  })
  return found.length === 0 ? {} : { Attributes: Object.fromEntries(found) }
}

function computeValues({ sql, clock }: SqsContext, queue: QueueRecord): Readonly<Record<string, string>> {
  const { visible, inFlight, delayed } = countMessages(sql, queue, clock.now())
  return {
    QueueArn: arnOf(queue),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  }
}

/** Sets the given attributes; an empty policy removes the policy. A lower retention drops older messages at once. */
export function setQueueAttributes(
  { sql, clock, messageSignal }: SqsContext,
  input: SetQueueAttributesCommandInput,
  call: Call,
): void {
  const queue = findQueueByUrl(sql, input.QueueUrl, call)
  const changes = input.Attributes ?? {}
  if (changes['FifoQueue'] === 'true')
    throw invalidAttributeValue('FifoQueue', 'Modifying queue type is not supported.')
  checkAttributes(changes)
  checkRedrivePolicy(sql, queue, changes['RedrivePolicy'] ?? '')
  checkRedriveAllowPolicy(changes['RedriveAllowPolicy'] ?? '')
  const merged = { ...queue.attributes, ...changes }
  const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''))
  saveAttributes(sql, queue.id, { attributes: kept, now: clock.now() })
  messageSignal.notify(queue.id)
}

/** Writes a queue's attributes and the time of the change. */
export function saveAttributes(
  sql: SqsContext['sql'],
  queueId: number,
  { attributes, now }: { attributes: Readonly<Record<string, string>>; now: number },
): void {
  sql.run(
    'UPDATE sqs_queues SET attributes = ?, modified_at = ? WHERE id = ?',
    JSON.stringify(attributes),
    now,
    queueId,
  )
}
