import { ALL_BLOCKED } from '../bucket/bucket-kind.ts'
import type {
  DesiredFunction,
  DesiredPermission,
  DesiredQueue,
  DesiredStack,
  EnvironmentValue,
} from '../desired/desired-stack.ts'
import type { Tags } from '../desired/tags.ts'
import { identifierOf, zipNameOf } from './zip-names.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * The stack as a CloudFormation template. The zips are in a bucket that two parameters name. Queues and bucket outlive
 * their CloudFormation stack: they hold tickets.
 */
export function cloudFormationTemplate(stack: DesiredStack): Json {
  const { prefix, queues, bucket, boundary, roles, functions, mappings, urls, schedules } = stack
  const id = (kind: string, name: string): string => `${identifierOf(stack, name)}${kind}`
  const ref = (kind: string, name: string): Json => ({ Ref: id(kind, name) })
  const arn = (kind: string, name: string): Json => ({ 'Fn::GetAtt': [id(kind, name), 'Arn'] })
  const permission = (functionName: string, wanted: DesiredPermission, needs: string): [string, Json] => [
    `${wanted.sid}Permission`,
    {
      Type: 'AWS::Lambda::Permission',
      DependsOn: needs,
      Properties: {
        FunctionName: ref('Function', functionName),
        Action: wanted.action,
        Principal: wanted.principal,
        ...(wanted.functionUrlAuthType && { FunctionUrlAuthType: wanted.functionUrlAuthType }),
        ...(wanted.invokedViaFunctionUrl && { InvokedViaFunctionUrl: true }),
        ...(wanted.sourceArn !== undefined && { SourceArn: wanted.sourceArn }),
      },
    },
  ]
  const value = (one: EnvironmentValue): unknown => (typeof one === 'string' ? one : ref('Queue', one.urlOfQueue))
  const resources: readonly (readonly [string, Json])[] = [
    ...queues.flatMap((queue) => [
      [id('Queue', queue.name), queueResource(queue)] as const,
      [
        id('QueuePolicy', queue.name),
        {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: {
            Queues: [ref('Queue', queue.name)],
            PolicyDocument: JSON.parse(queue.attributes['Policy'] ?? '{}'),
          },
        },
      ] as const,
    ]),
    [
      'Bucket',
      {
        Type: 'AWS::S3::Bucket',
        ...KEPT,
        Properties: {
          BucketName: bucket.name,
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: bucket.encryption } }],
          },
          PublicAccessBlockConfiguration: ALL_BLOCKED,
          Tags: tagList(bucket.tags),
        },
      },
    ],
    [
      'BucketPolicy',
      { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: bucket.policy } },
    ],
    [
      'Boundary',
      {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          ManagedPolicyName: boundary.name,
          Description: boundary.description,
          PolicyDocument: boundary.document,
        },
      },
    ],
    ...roles.map(
      (role) =>
        [
          id('', role.name),
          {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: role.name,
              Description: role.description,
              AssumeRolePolicyDocument: role.trust,
              PermissionsBoundary: { Ref: 'Boundary' },
              Policies: [{ PolicyName: role.policyName, PolicyDocument: role.policy }],
              Tags: tagList(role.tags),
            },
          },
        ] as const,
    ),
    ...functions.map(
      (fn) =>
        [
          id('Function', fn.name),
          {
            Type: 'AWS::Lambda::Function',
            Properties: {
              ...functionProperties(fn),
              Role: arn('', fn.roleName),
              Environment: {
                Variables: Object.fromEntries(Object.entries(fn.environment).map(([key, one]) => [key, value(one)])),
              },
              Code: {
                S3Bucket: { Ref: 'CodeBucket' },
                S3Key: { 'Fn::Sub': `\${CodeFolder}${zipNameOf(stack, fn.name)}` },
              },
            },
          },
        ] as const,
    ),
    ...mappings.map(
      (mapping) =>
        [
          id('Mapping', mapping.functionName),
          {
            Type: 'AWS::Lambda::EventSourceMapping',
            Properties: {
              EventSourceArn: arn('Queue', mapping.queueName),
              FunctionName: ref('Function', mapping.functionName),
              BatchSize: mapping.batchSize,
              MaximumBatchingWindowInSeconds: 0,
              ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency },
              FunctionResponseTypes: ['ReportBatchItemFailures'],
              Enabled: true,
              Tags: tagList(mapping.tags),
            },
          },
        ] as const,
    ),
    ...urls.flatMap((url) => [
      [
        id('Url', url.name),
        {
          Type: 'AWS::Lambda::Url',
          Properties: { TargetFunctionArn: arn('Function', url.name), AuthType: url.authType },
        },
      ] as const,
      ...url.permissions.map((wanted) => permission(url.name, wanted, id('Url', url.name))),
    ]),
    ...schedules.flatMap((schedule) => [
      [
        id('Rule', schedule.name),
        {
          Type: 'AWS::Events::Rule',
          Properties: {
            Name: schedule.name,
            Description: schedule.description,
            ScheduleExpression: schedule.expression,
            State: 'ENABLED',
            Targets: [{ Id: schedule.targetId, Arn: arn('Function', schedule.functionName) }],
            Tags: tagList(schedule.tags),
          },
        },
      ] as const,
      permission(schedule.functionName, schedule.permission, id('Rule', schedule.name)),
    ]),
  ]
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Tickets from Microsoft Teams: the stack of the prefix ${prefix}`,
    Parameters: {
      CodeBucket: { Type: 'String', Description: 'The bucket that holds the zips of the functions' },
      CodeFolder: {
        Type: 'String',
        Default: '',
        Description: 'What stands before the name of a zip in its key, with its slash: releases/7/',
      },
    },
    Resources: Object.fromEntries(resources),
    ...(urls.length > 0 && {
      Outputs: Object.fromEntries(
        urls.map((url) => [
          'CallbackUrl',
          { Description: 'Paste it into Teams', Value: { 'Fn::GetAtt': [id('Url', url.name), 'FunctionUrl'] } },
        ]),
      ),
    }),
  }
}

const KEPT = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' } as const

function queueResource({ name, attributes, tags }: DesiredQueue): Json {
  const { Policy: _policy, ...rest } = attributes
  const properties = Object.entries(rest).map(([key, text]): [string, unknown] => [key, JSON.parse(text)])
  return {
    Type: 'AWS::SQS::Queue',
    ...KEPT,
    Properties: { QueueName: name, ...Object.fromEntries(properties), Tags: tagList(tags) },
  }
}

function functionProperties(fn: DesiredFunction): Json {
  return {
    FunctionName: fn.name,
    Description: fn.description,
    Runtime: fn.runtime,
    Architectures: [fn.architecture],
    Handler: fn.handler,
    Timeout: fn.timeoutSeconds,
    MemorySize: fn.memoryMegabytes,
    ...(typeof fn.reservedConcurrency === 'number' && { ReservedConcurrentExecutions: fn.reservedConcurrency }),
    Tags: tagList(fn.tags),
  }
}

function tagList(tags: Tags): readonly Json[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
