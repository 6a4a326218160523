import {
  CASES,
  INDEX,
  INTAKE_LANES,
  intakeSecretId,
  LANES,
  nameResources,
  PEOPLE,
  PLACES,
  SWEEP,
  WORK_LANES,
} from 'ticket-core'
import { describeBoundary } from '../boundary/describe-boundary.ts'
import { createArns } from '../desired/arns.ts'
import { createObjects, inAccount, onlyIn, readSecret, allowMissing } from '../role/describe-role.ts'
import { type PolicyDocument, type Statement, policyOf } from './policy-document.ts'

export interface PolicyScope {
  readonly prefix: string
  /** The bucket's name, where it is not the prefix's own. */
  readonly bucket?: string | undefined
  readonly region: string
  readonly accountId: string
  /** Name or ARN of the application's secret. */
  readonly secretId: string
}

/** What the server reads to answer commands and callbacks. */
const READ_BY_SERVER = ['ledger/', CASES, PEOPLE]

/**
 * What the server needs: it sends tickets and events to their queues, reads the ledger, cases, the index and the address
 * book for commands, finds the tickets of cards by listing places, binds tokens to teams, and reads both secrets. Its
 * sweep keeps a cursor, and removes stale keys of the index.
 */
export function serverPolicy(scope: PolicyScope): PolicyDocument {
  const { names, arns, secretArns } = resolve(scope)
  const bucketArn = arns.bucket(names.bucket)
  return policyOf(
    {
      Sid: 'Queues',
      Effect: 'Allow',
      Action: ['sqs:SendMessage', 'sqs:GetQueueUrl'],
      Resource: INTAKE_LANES.map((lane) => arns.queue(names.lanes[lane].queue)),
    },
    ...[
      {
        Sid: 'Objects',
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: READ_BY_SERVER.map((folder) => `${bucketArn}/${folder}*`),
      } as const,
      {
        Sid: 'TokenTeams',
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: [`${bucketArn}/token-teams/*`],
      } as const,
      createObjects('NewTokenTeams', `${bucketArn}/token-teams/*`),
      {
        Sid: 'Sweep',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: [`${bucketArn}/${SWEEP}*`],
      } as const,
      {
        Sid: 'StaleMarkers',
        Effect: 'Allow',
        Action: ['s3:DeleteObject'],
        Resource: [`${bucketArn}/${INDEX}*`],
      } as const,
      allowMissing(bucketArn, [...READ_BY_SERVER, INDEX, PLACES, SWEEP, 'token-teams/']),
    ].map((statement) => onlyIn(scope.accountId, statement)),
    readSecret(...secretArns),
  )
}

/**
 * The permissions boundary of the functions' roles, which an administrator makes once per account and prefix. The
 * operator's policy does not allow to make or change it.
 */
export function boundaryPolicy(scope: PolicyScope): PolicyDocument {
  const { names, arns } = resolve(scope)
  return describeBoundary({ ...scope, names, arns }).document
}

/**
 * What an operator or a pipeline needs to apply, inspect and destroy the stack, to redrive dead letters and to work on tickets. Lambda actions
 * without resource-level permissions are limited to our functions by a condition, or only list.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 */
export function operatorPolicy(scope: PolicyScope): PolicyDocument {
  const { names, arns, secretArns } = resolve(scope)
  const bucketArn = arns.bucket(names.bucket)
  const { intake } = names
  const laneArns = LANES.map((lane) => arns.function(names.lanes[lane].function))
  const functionArns = [...laneArns, arns.function(intake.function)]
  const boundaryArn = arns.policy(names.boundary)
  const roleArns = [...LANES.map((lane) => names.lanes[lane]), intake].map(({ role }) => arns.role(role))
  const objects = (Sid: string, Action: readonly string[], folders: readonly string[]): Statement => ({
    Sid,
    Effect: 'Allow',
    Action,
    Resource: folders.map((folder) => `${bucketArn}/${folder}*`),
    Condition: inAccount(scope.accountId),
  })
  const ofOurFunctions = { ArnLike: { 'lambda:FunctionArn': laneArns } }
  return policyOf(
    {
      Sid: 'Queues',
      Effect: 'Allow',
      Action: actionsOf('sqs', 'CreateQueue DeleteQueue SetQueueAttributes TagQueue ReceiveMessage'),
      Resource: LANES.map((lane) => arns.queue(names.lanes[lane].queue)),
    },
    {
      Sid: 'Redrive',
      Effect: 'Allow',
      Action: ['sqs:SendMessage'],
      Resource: WORK_LANES.map((lane) => arns.queue(names.lanes[lane].queue)),
    },
    { Sid: 'NewBucket', Effect: 'Allow', Action: ['s3:CreateBucket'], Resource: [bucketArn] },
    {
      Sid: 'Bucket',
      Effect: 'Allow',
      Action: actionsOf(
        's3',
        'DeleteBucket ListBucket ListBucketVersions ' +
          'PutBucketTagging GetBucketPolicy PutBucketPolicy GetEncryptionConfiguration ' +
          'PutEncryptionConfiguration GetBucketPublicAccessBlock PutBucketPublicAccessBlock GetBucketVersioning',
      ),
      Resource: [bucketArn],
      Condition: inAccount(scope.accountId),
    },
    objects('ReadObjects', ['s3:GetObject'], ['ledger/', CASES, PEOPLE, 'dead-letters/', 'token-teams/']),
    objects('WriteObjects', ['s3:PutObject'], ['dead-letters/', INDEX, CASES, 'tickets/', 'ledger/low/']),
    objects(
      'DeleteObjects',
      ['s3:DeleteObject', 's3:DeleteObjectVersion'],
      ['ledger/', 'cases/', INDEX, PLACES, PEOPLE, SWEEP, 'tickets/', 'dead-letters/', 'token-teams/'],
    ),
    {
      Sid: 'Roles',
      Effect: 'Allow',
      Action: actionsOf(
        'iam',
        'DeleteRole GetRole TagRole ListRolePolicies GetRolePolicy DeleteRolePolicy ListAttachedRolePolicies ' +
          'DetachRolePolicy',
      ),
      Resource: roleArns,
    },
    {
      // An operator writes the policies of these roles, but cannot exceed or change the boundary.
      Sid: 'BoundedRoles',
      Effect: 'Allow',
      Action: actionsOf('iam', 'CreateRole PutRolePolicy PutRolePermissionsBoundary'),
      Resource: roleArns,
      Condition: { StringEquals: { 'iam:PermissionsBoundary': boundaryArn } },
    },
    {
      Sid: 'Boundary',
      Effect: 'Allow',
      Action: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
      Resource: [boundaryArn],
    },
    {
      Sid: 'RolesToLambdaOnly',
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: roleArns,
      Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    },
    {
      Sid: 'Functions',
      Effect: 'Allow',
      Action: actionsOf(
        'lambda',
        'CreateFunction DeleteFunction GetFunction GetFunctionConfiguration ' +
          'UpdateFunctionCode UpdateFunctionConfiguration TagResource ListTags',
      ),
      Resource: functionArns,
    },
    {
      Sid: 'OwnMappings',
      Effect: 'Allow',
      Action: actionsOf('lambda', 'UpdateEventSourceMapping DeleteEventSourceMapping'),
      Resource: [arns.mappings],
      Condition: ofOurFunctions,
    },
    {
      Sid: 'MappingTags',
      Effect: 'Allow',
      Action: ['lambda:TagResource', 'lambda:ListTags'],
      Resource: [arns.mappings],
    },
    {
      Sid: 'NewMappings',
      Effect: 'Allow',
      Action: ['lambda:CreateEventSourceMapping'],
      Resource: ['*'],
      Condition: ofOurFunctions,
    },
    // Of other prefixes too, to find the stack of an earlier one by its tags.
    { Sid: 'FindStacks', Effect: 'Allow', Action: ['sqs:ListQueues', 's3:ListAllMyBuckets'], Resource: ['*'] },
    {
      Sid: 'LookAtQueues',
      Effect: 'Allow',
      Action: actionsOf('sqs', 'GetQueueUrl ListQueueTags GetQueueAttributes'),
      Resource: LANES.map((lane) => arns.queue(nameResources('*').lanes[lane].queue)),
    },
    {
      Sid: 'LookAtBuckets',
      Effect: 'Allow',
      Action: ['s3:GetBucketTagging'],
      Resource: [
        ...new Set([arns.bucket(nameResources('*').bucket), ...(scope.bucket === undefined ? [] : [bucketArn])]),
      ],
      Condition: inAccount(scope.accountId),
    },
    {
      Sid: 'LookAtFunctions',
      Effect: 'Allow',
      Action: ['lambda:GetFunctionConfiguration'],
      Resource: [arns.function(nameResources('*').lanes.low.function)],
    },
    { Sid: 'FindMappings', Effect: 'Allow', Action: ['lambda:ListEventSourceMappings'], Resource: ['*'] },
    {
      Sid: 'IntakeUrl',
      Effect: 'Allow',
      Action: actionsOf(
        'lambda',
        'CreateFunctionUrlConfig GetFunctionUrlConfig UpdateFunctionUrlConfig DeleteFunctionUrlConfig ' +
          'AddPermission RemovePermission GetPolicy PutFunctionConcurrency DeleteFunctionConcurrency',
      ),
      Resource: [arns.function(intake.function)],
    },
    {
      Sid: 'IntakeSweep',
      Effect: 'Allow',
      Action: actionsOf(
        'events',
        'PutRule DescribeRule DeleteRule PutTargets RemoveTargets ListTargetsByRule TagResource ListTagsForResource',
      ),
      Resource: [arns.rule(intake.schedule)],
    },
    readSecret(...secretArns),
  )
}

/** What the person needs who sets the deployment up (`ticketing init`): the two secrets are written, and nothing else. */
export function setupPolicy(scope: PolicyScope): PolicyDocument {
  const { secretArns } = resolve(scope)
  const Action = actionsOf('secretsmanager', 'CreateSecret TagResource GetSecretValue PutSecretValue')
  return policyOf({ Sid: 'Secrets', Effect: 'Allow', Action, Resource: secretArns })
}

/** Actions of one service, from their names separated by spaces. */
function actionsOf(service: string, names: string): readonly string[] {
  return names.split(' ').map((name) => `${service}:${name}`)
}

function resolve({ prefix, bucket, region, accountId, secretId }: PolicyScope) {
  const arns = createArns({ region, accountId })
  const secretArns = [arns.secret(secretId), arns.secret(intakeSecretId(secretId))]
  return { names: nameResources(prefix, bucket), arns, secretArns }
}
