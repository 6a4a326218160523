import { findSources } from '../../services/sqs/dead-letter-operations.ts'
import { arnOf, findQueueByArn } from '../../services/sqs/queue-record.ts'
import type { Access, AccessTable, Input, Scope } from './access.ts'
import { creating, optionalTextIn, tagKeysOf, textIn } from './read-input.ts'

/**
 * Permissions of SQS's operations. A batch requires the same as a single message.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 */
export const sqsAccess: AccessTable = {
  AddPermission: onQueue('AddPermission'),
  CancelMessageMoveTask: (input) => ({
    action: 'sqs:CancelMessageMoveTask',
    resource: sourceOfTask(textIn(input, 'TaskHandle')),
  }),
  ChangeMessageVisibility: onQueue('ChangeMessageVisibility'),
  ChangeMessageVisibilityBatch: onQueue('ChangeMessageVisibility'),
  CreateQueue: (input, scope) => {
    const create = { action: 'sqs:CreateQueue', resource: queueArnOf(input, scope), keys: tagKeysOf(input) }
    return creating(input, create, { action: 'sqs:TagQueue' })
  },
  DeleteMessage: onQueue('DeleteMessage'),
  DeleteMessageBatch: onQueue('DeleteMessage'),
  DeleteQueue: onQueue('DeleteQueue'),
  GetQueueAttributes: onQueue('GetQueueAttributes'),
  GetQueueUrl: onQueue('GetQueueUrl'),
  ListDeadLetterSourceQueues: onQueue('ListDeadLetterSourceQueues'),
  ListMessageMoveTasks: (input) => ({ action: 'sqs:ListMessageMoveTasks', resource: textIn(input, 'SourceArn') }),
  ListQueueTags: onQueue('ListQueueTags'),
  ListQueues: (_input, { call }) => ({
    action: 'sqs:ListQueues',
    resource: `arn:aws:sqs:${call.region}:${call.caller.accountId}:`,
  }),
  PurgeQueue: onQueue('PurgeQueue'),
  ReceiveMessage: onQueue('ReceiveMessage'),
  RemovePermission: onQueue('RemovePermission'),
  SendMessage: onQueue('SendMessage'),
  SendMessageBatch: onQueue('SendMessage'),
  SetQueueAttributes: onQueue('SetQueueAttributes'),
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
  StartMessageMoveTask: (input, { sql }) => {
    const source = textIn(input, 'SourceArn')
    const queue = findQueueByArn(sql, source)
    const destination = optionalTextIn(input, 'DestinationArn')
    const targets = destination === undefined ? (queue ? findSources(sql, queue).map(arnOf) : []) : [destination]
    return [
      ...['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((name) => ({
        action: `sqs:${name}`,
        resource: source,
      })),
      ...targets.map((resource) => ({ action: 'sqs:SendMessage', resource })),
    ]
  },
  TagQueue: onQueue('TagQueue'),
  UntagQueue: onQueue('UntagQueue'),
}

function onQueue(name: string): Access {
  return (input, scope) => ({
    action: `sqs:${name}`,
    resource: queueArnOf(input, scope),
    keys: tagKeysOf(input),
  })
}

/** A queue is named by the last part of its address, or by its name. */
function queueArnOf(input: Input, { call }: Scope): string {
  const [path = ''] = textIn(input, 'QueueUrl').split(/[?#]/)
  const name = optionalTextIn(input, 'QueueName') ?? path.replace(/\/+$/, '').split('/').at(-1) ?? ''
  return arnOf({ region: call.region, account: call.caller.accountId, name })
}

function sourceOfTask(handle: string): string {
  try {
    const task: unknown = JSON.parse(Buffer.from(handle, 'base64').toString())
    if (typeof task === 'object' && task !== null && 'sourceArn' in task) return String(task.sourceArn)
  } catch {
    return '*'
  }
  return '*'
}
