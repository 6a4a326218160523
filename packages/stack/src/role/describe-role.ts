import type { Lane, StackNames } from 'ticket-core'
import { TICKET_LANES } from 'ticket-core'
import type { Arns } from '../desired/arns.ts'
import type { DesiredRole } from '../desired/desired-stack.ts'
import { tagsFor } from '../desired/tags.ts'
import type { PolicyDocument, Statement } from '../policy/policy-document.ts'
import { policyOf } from '../policy/policy-document.ts'

/** Lambda, and only when it acts for this account. */
function trustLambda(accountId: string): PolicyDocument {
  return policyOf({
    Sid: 'LambdaOnly',
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: ['sts:AssumeRole'],
    Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
  })
}

/** Folders of the bucket that a lane reads and writes: its own part of the ledger, so that none can end another's ticket. */
const FOLDERS: Readonly<Record<Lane, readonly string[]>> = {
  low: ['ledger/low/'],
  medium: ['ledger/medium/'],
  high: ['ledger/high/'],
  dead: [...TICKET_LANES.map((lane) => `ledger/${lane}/`), 'dead-letters/'],
}

/** Only these lanes call somebody whose keys are in the secret. */
const READS_SECRET: Readonly<Record<Lane, boolean>> = { low: false, medium: true, high: true, dead: true }

/** One lane's role: what its function does and nothing else, each resource by its exact ARN. */
export function describeRole(options: {
  readonly prefix: string
  readonly lane: Lane
  readonly names: StackNames
  readonly arns: Arns
  readonly accountId: string
  /** ARN of the permissions boundary. */
  readonly boundary: string
  readonly secretArn: string
}): DesiredRole {
  const { prefix, lane, names, arns, accountId, boundary, secretArn } = options
  const own = names.lanes[lane]
  const bucketArn = arns.bucket(names.bucket)
  const policy = policyOf(
    receiveFrom(arns.queue(own.queue)),
    ...(lane === 'dead' ? [] : [sendDeadLetters(arns.queue(names.lanes.dead.queue))]),
    ...[
      useFolders(bucketArn, FOLDERS[lane]),
      allowMissing(bucketArn, [...FOLDERS[lane], 'cases/']),
      readCases(bucketArn),
      ...(lane === 'dead' ? [] : [createObjects('NewCases', `${bucketArn}/cases/*`)]),
      ...(lane === 'low' ? [createObjects('Tickets', `${bucketArn}/tickets/*`)] : []),
    ].map((statement) => onlyIn(accountId, statement)),
    ...(READS_SECRET[lane] ? [readSecret(secretArn)] : []),
    writeLogs(arns.logGroup(own.function)),
  )
  const wanted = {
    name: own.role,
    description: `What the ${lane === 'dead' ? 'dead-letter' : `${lane}-priority`} function of ${prefix} may do`,
    boundary,
    trust: trustLambda(accountId),
    policy,
    policyName: 'what-the-function-does',
  }
  return { ...wanted, arn: arns.role(own.role), tags: tagsFor(prefix, wanted) }
}

/** The first three are the event source mapping's, which acts as the function; the last hides a message for longer. */
function receiveFrom(queueArn: string): Statement {
  return {
    Sid: 'OwnQueue',
    Effect: 'Allow',
    Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
    Resource: [queueArn],
  }
}

function sendDeadLetters(queueArn: string): Statement {
  return { Sid: 'DeadLetterQueue', Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [queueArn] }
}

/**
 * Making objects, each under a key that nothing was under before: what is there is neither changed nor replaced.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
export function createObjects(Sid: string, resource: string): Statement {
  const Condition = { Null: { 's3:if-none-match': 'false' } }
  return { Sid, Effect: 'Allow', Action: ['s3:PutObject'], Resource: [resource], Condition }
}

function readCases(bucketArn: string): Statement {
  return { Sid: 'Cases', Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`${bucketArn}/cases/*`] }
}

/** Reading and writing the objects in these folders. */
function useFolders(bucketArn: string, folders: readonly string[]): Statement {
  return {
    Sid: 'Objects',
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: folders.map((folder) => `${bucketArn}/${folder}*`),
  }
}

/**
 * Lets a missing key of these folders answer 404 instead of 403; S3 takes the key that was asked for as `s3:prefix`
 * (https://github.com/ceph/ceph/pull/68577 follows it in that).
 */
export function allowMissing(bucketArn: string, folders: readonly string[]): Statement {
  return {
    Sid: 'MissingObjects',
    Effect: 'Allow',
    Action: ['s3:ListBucket'],
    Resource: [bucketArn],
    Condition: { StringLike: { 's3:prefix': folders.map((folder) => `${folder}*`) } },
  }
}

/** The bucket of our name in this account: names of buckets are shared by all of AWS, and one that is gone can be taken. */
export function inAccount(accountId: string): NonNullable<Statement['Condition']> {
  return { StringEquals: { 'aws:ResourceAccount': accountId } }
}

/** A statement that is about this account's resources only. */
export function onlyIn(accountId: string, statement: Statement): Statement {
  return { ...statement, Condition: { ...statement.Condition, ...inAccount(accountId) } }
}

/** Reading secrets, which the default key of Secrets Manager encrypts (no right on a key is needed). */
export function readSecret(...secretArns: readonly string[]): Statement {
  return { Sid: 'Secret', Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: secretArns }
}

/** Lambda makes the log group with the function's own rights at the first line written. */
function writeLogs(groupArn: string): Statement {
  return {
    Sid: 'OwnLogs',
    Effect: 'Allow',
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: [groupArn, `${groupArn}:*`],
  }
}
