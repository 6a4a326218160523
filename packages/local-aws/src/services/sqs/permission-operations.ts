import { saveAttributes } from './attribute-operations.ts'
import { arnOf, findQueueByUrl, type QueueRecord } from './queue-record.ts'
import { invalidParameter, invalidValue, missingParameter } from './sqs-errors.ts'
import type { AddPermissionCommandInput, RemovePermissionCommandInput } from '@aws-sdk/client-sqs'
import type { Call } from '../../service.ts'
import type { SqsContext } from './sqs-context.ts'

interface Policy {
  readonly Version: unknown
  readonly Id: unknown
  readonly Statement: readonly unknown[]
}

/** Adds a statement to the queue's policy: these accounts may do these actions. */
export function addPermission({ sql, clock }: SqsContext, input: AddPermissionCommandInput, call: Call): void {
  const queue = findQueueByUrl(sql, input.QueueUrl, call)
  const { Label = '', AWSAccountIds = [], Actions = [] } = input
  if (AWSAccountIds.length === 0) throw missingParameter('AWSAccountIds')
  if (Actions.length === 0) throw missingParameter('Actions')
  if (!/^[\w-]{1,80}$/.test(Label)) {
    throw invalidValue(
      'Label',
      Label,
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
    )
  }
  for (const action of Actions) {
    if (!allowedActions.has(action)) {
      throw invalidParameter(
        `Value SQS:${action} for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions.`,
      )
    }
  }
  const policy = readPolicy(queue)
  if (policy.Statement.some((statement) => labelOf(statement) === Label))
    throw invalidValue('Label', Label, 'Already exists.')
  const principals = AWSAccountIds.map((id) => `arn:aws:iam::${id}:root`)
  const names = Actions.map((action) => `SQS:${action}`)
  const statement = {
    Sid: Label,
    Effect: 'Allow',
    Principal: { AWS: principals.length === 1 ? principals[0] : principals },
    Action: names.length === 1 ? names[0] : names,
    Resource: arnOf(queue),
  }
  savePolicy({ sql, clock }, queue, { ...policy, Statement: [...policy.Statement, statement] })
}

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
const allowedActions = new Set<string>([
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
])

export function removePermission({ sql, clock }: SqsContext, input: RemovePermissionCommandInput, call: Call): void {
  const queue = findQueueByUrl(sql, input.QueueUrl, call)
  const policy = readPolicy(queue)
  const left = policy.Statement.filter((statement) => labelOf(statement) !== input.Label)
  if (left.length === policy.Statement.length) throw invalidValue('Label', input.Label, "can't find label.")
  savePolicy({ sql, clock }, queue, { ...policy, Statement: left })
}

function labelOf(statement: unknown): unknown {
  return typeof statement === 'object' && statement !== null && 'Sid' in statement ? statement.Sid : undefined
}

function readPolicy(queue: QueueRecord): Policy {
  const fresh: Policy = { Version: '2008-10-17', Id: `${arnOf(queue)}/SQSDefaultPolicy`, Statement: [] }
  const text = queue.attributes['Policy']
  if (text === undefined || text === '') return fresh
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || !('Statement' in value)) return fresh
  const { Statement } = value
  return { ...fresh, ...value, Statement: Array.isArray(Statement) ? Statement : [Statement] }
}

function savePolicy({ sql, clock }: Pick<SqsContext, 'sql' | 'clock'>, queue: QueueRecord, policy: Policy): void {
  const { Policy: _, ...others } = queue.attributes
  const attributes = policy.Statement.length === 0 ? others : { ...others, Policy: JSON.stringify(policy) }
  saveAttributes(sql, queue.id, { attributes, now: clock.now() })
}
