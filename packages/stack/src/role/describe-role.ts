import { type Lane, type StackNames, CASES, DELIVERY_LANES, INDEX, PEOPLE, PLACES } from 'ticket-core'
import type { Arns } from '../desired/arns.ts'
import type { DesiredRole } from '../desired/desired-stack.ts'
import { tagsFor } from '../desired/tags.ts'
import { type PolicyDocument, type Statement, policyOf } from '../policy/policy-document.ts'

/** Only Lambda, and only when it acts for this account. */
export function trustLambda(accountId: string): PolicyDocument {
  return policyOf({
    Sid: 'LambdaOnly',
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: ['sts:AssumeRole'],
    Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
  })
}

/** Folders that a lane reads and writes: only its own part of the ledger, so that it cannot change other lanes' tickets. */
const FOLDERS: Readonly<Record<Lane, readonly string[]>> = {
  low: ['ledger/low/'],
  medium: ['ledger/medium/'],
  high: ['ledger/high/'],
  news: ['ledger/news/'],
  events: [],
  dead: [...DELIVERY_LANES.map((lane) => `ledger/${lane}/`), 'dead-letters/'],
}

/** Only these lanes call a vendor whose keys are in the secret. */
const READS_SECRET: Readonly<Record<Lane, boolean>> = {
  low: false,
  medium: true,
  high: true,
  news: true,
  events: false,
  dead: true,
}

/** Ticket lanes open cases, and cannot change one; the lane of news only reads them; the events' lane changes cases, and cannot open one. */
const USE_OF_CASES: Readonly<Record<Lane, 'open' | 'change' | 'read' | 'none'>> = {
  low: 'open',
  medium: 'open',
  high: 'open',
  news: 'read',
  events: 'change',
  dead: 'none',
}

/** What a function is for, in its role's description. */
const NAMES: Readonly<Record<Lane, string>> = {
  low: 'low-priority',
  medium: 'medium-priority',
  high: 'high-priority',
  news: 'news',
  events: 'events',
  dead: 'dead-letter',
}

/** One lane's role: only what its function does, each resource by its exact ARN. */
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
  const folders = FOLDERS[lane]
  const useOfCases = USE_OF_CASES[lane]
  const policy = policyOf(
    receiveFrom(arns.queue(own.queue)),
    ...(lane === 'dead' ? [] : [sendDeadLetters(arns.queue(names.lanes.dead.queue))]),
    ...(lane === 'dead' ? [sendEffects([arns.queue(names.lanes.news.queue)])] : []),
    ...(lane === 'events' ? [sendEffects(DELIVERY_LANES.map((each) => arns.queue(names.lanes[each].queue)))] : []),
    ...[
      ...(folders.length > 0 ? [useFolders(bucketArn, folders)] : []),
      ...(lane === 'news' ? [readLetters(bucketArn)] : []),
      allowMissing(bucketArn, [
        ...folders,
        ...(lane === 'news' ? ['dead-letters/'] : []),
        ...(useOfCases === 'none' ? [] : [CASES]),
      ]),
      ...(useOfCases === 'none' ? [] : [readCases(bucketArn)]),
      ...(useOfCases === 'open' || useOfCases === 'change'
        ? [...useMarkers(bucketArn), rememberPeople(bucketArn)]
        : []),
      ...(useOfCases === 'open' ? [createObjects('NewCases', `${bucketArn}/${CASES}*`)] : []),
      ...(useOfCases === 'change' ? [changeObjects('ChangedCases', `${bucketArn}/${CASES}*`)] : []),
      ...(lane === 'low' ? [createObjects('Tickets', `${bucketArn}/tickets/*`)] : []),
      ...(lane === 'medium' ? [createObjects('Places', `${bucketArn}/${PLACES}*`)] : []),
    ].map((statement) => onlyIn(accountId, statement)),
    ...(READS_SECRET[lane] ? [readSecret(secretArn)] : []),
    writeLogs(arns.logGroup(own.function)),
  )
  const wanted = {
    name: own.role,
    description: `What the ${NAMES[lane]} function of ${prefix} may do`,
    boundary,
    trust: trustLambda(accountId),
    policy,
    policyName: 'what-the-function-does',
  }
  return { ...wanted, arn: arns.role(own.role), tags: tagsFor(prefix, wanted) }
}

/** The first three are for the event source mapping, which uses this role; the last extends a message's visibility time-out. */
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

/** What an event causes elsewhere is delivered by the lanes of the tickets. */
function sendEffects(queueArns: readonly string[]): Statement {
  return { Sid: 'EffectQueues', Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: queueArns }
}

/**
 * Creates objects under new keys only: existing objects cannot be changed or replaced.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
export function createObjects(Sid: string, resource: string): Statement {
  const Condition = { Null: { 's3:if-none-match': 'false' } }
  return { Sid, Effect: 'Allow', Action: ['s3:PutObject'], Resource: [resource], Condition }
}

/** Changes objects that exist, in the version that was read: none can be created. */
function changeObjects(Sid: string, resource: string): Statement {
  const Condition = { Null: { 's3:if-match': 'false' } }
  return { Sid, Effect: 'Allow', Action: ['s3:PutObject'], Resource: [resource], Condition }
}

/** Teams are notified of their dead tickets. */
function readLetters(bucketArn: string): Statement {
  return { Sid: 'DeadLetters', Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`${bucketArn}/dead-letters/*`] }
}

function readCases(bucketArn: string): Statement {
  return { Sid: 'Cases', Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`${bucketArn}/${CASES}*`] }
}

/** Puts and removes the index's empty objects. */
function useMarkers(bucketArn: string): readonly Statement[] {
  const markers = `${bucketArn}/${INDEX}*`
  return [
    createObjects('NewMarkers', markers),
    { Sid: 'OldMarkers', Effect: 'Allow', Action: ['s3:DeleteObject'], Resource: [markers] },
  ]
}

/** Adds people to the address book, which only the server reads. */
function rememberPeople(bucketArn: string): Statement {
  return createObjects('NewPeople', `${bucketArn}/${PEOPLE}*`)
}

/** Reads and writes the objects in these folders. */
function useFolders(bucketArn: string, folders: readonly string[]): Statement {
  return {
    Sid: 'Objects',
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: folders.map((folder) => `${bucketArn}/${folder}*`),
  }
}

/**
 * Makes S3 answer 404 instead of 403 for a missing key in these folders; S3 uses the requested key as `s3:prefix`
 * (https://github.com/ceph/ceph/pull/68577 does the same).
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

/** Only a bucket in this account: bucket names are global, and another account can take the name of a deleted one. */
export function inAccount(accountId: string): NonNullable<Statement['Condition']> {
  return { StringEquals: { 'aws:ResourceAccount': accountId } }
}

/** The statement, limited to this account's resources. */
export function onlyIn(accountId: string, statement: Statement): Statement {
  return { ...statement, Condition: { ...statement.Condition, ...inAccount(accountId) } }
}

/** Reads secrets. Secrets Manager's default key encrypts them, so no permission on a key is needed. */
export function readSecret(...secretArns: readonly string[]): Statement {
  return { Sid: 'Secret', Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: secretArns }
}

/** Lambda creates the log group with the function's own permissions at the first line. */
export function writeLogs(groupArn: string): Statement {
  return {
    Sid: 'OwnLogs',
    Effect: 'Allow',
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: [groupArn, `${groupArn}:*`],
  }
}
