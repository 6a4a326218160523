import { ALL_BLOCKED } from '../bucket/bucket-kind.ts'
import type { DesiredPermission, DesiredStack, EnvironmentValue } from '../desired/desired-stack.ts'
import { identifierOf, zipNameOf } from './zip-names.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * The stack as a Terraform configuration in JSON. The zips are in a folder that a variable names.
 * https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function terraformConfiguration(stack: DesiredStack): Json {
  const { region, accountId, queues, bucket, boundary, roles, functions, mappings, urls, schedules } = stack
  const id = (name: string): string => identifierOf(stack, name)
  const bucketName = literal(bucket.name)
  const value = (one: EnvironmentValue): string =>
    typeof one === 'string' ? literal(one) : `\${aws_sqs_queue.${id(one.urlOfQueue)}.url}`
  const permission = (functionName: string, wanted: DesiredPermission): readonly [string, Json] => [
    wanted.sid,
    {
      statement_id: wanted.sid,
      function_name: `\${aws_lambda_function.${id(functionName)}.function_name}`,
      action: wanted.action,
      principal: wanted.principal,
      ...(wanted.functionUrlAuthType && { function_url_auth_type: wanted.functionUrlAuthType }),
      ...(wanted.invokedViaFunctionUrl && { invoked_via_function_url: true }),
      ...(wanted.sourceArn !== undefined && { source_arn: wanted.sourceArn }),
    },
  ]
  const resource = {
    aws_sqs_queue: Object.fromEntries(
      queues.map(({ name, attributes, tags }) => [
        id(name),
        {
          name,
          visibility_timeout_seconds: Number(attributes['VisibilityTimeout']),
          message_retention_seconds: Number(attributes['MessageRetentionPeriod']),
          sqs_managed_sse_enabled: true,
          policy: literal(attributes['Policy'] ?? ''),
          ...(attributes['RedrivePolicy'] !== undefined && { redrive_policy: literal(attributes['RedrivePolicy']) }),
          ...(attributes['RedriveAllowPolicy'] !== undefined && {
            redrive_allow_policy: literal(attributes['RedriveAllowPolicy']),
          }),
          tags,
          lifecycle: KEPT,
        },
      ]),
    ),
    aws_s3_bucket: { tickets: { bucket: bucketName, tags: bucket.tags, lifecycle: KEPT } },
    aws_s3_bucket_public_access_block: {
      tickets: {
        bucket: BUCKET,
        block_public_acls: ALL_BLOCKED.BlockPublicAcls,
        ignore_public_acls: ALL_BLOCKED.IgnorePublicAcls,
        block_public_policy: ALL_BLOCKED.BlockPublicPolicy,
        restrict_public_buckets: ALL_BLOCKED.RestrictPublicBuckets,
      },
    },
    aws_s3_bucket_server_side_encryption_configuration: {
      tickets: {
        bucket: BUCKET,
        rule: { apply_server_side_encryption_by_default: { sse_algorithm: bucket.encryption } },
      },
    },
    aws_s3_bucket_policy: { tickets: { bucket: BUCKET, policy: document(bucket.policy) } },
    aws_iam_policy: {
      boundary: { name: boundary.name, description: boundary.description, policy: document(boundary.document) },
    },
    aws_iam_role: Object.fromEntries(
      roles.map((role) => [
        id(role.name),
        {
          name: role.name,
          description: role.description,
          assume_role_policy: document(role.trust),
          permissions_boundary: '${aws_iam_policy.boundary.arn}',
          tags: role.tags,
        },
      ]),
    ),
    aws_iam_role_policy: Object.fromEntries(
      roles.map((role) => [
        id(role.name),
        { name: role.policyName, role: `\${aws_iam_role.${id(role.name)}.id}`, policy: document(role.policy) },
      ]),
    ),
    aws_lambda_function: Object.fromEntries(
      functions.map((fn) => {
        const zip = `\${var.code}/${zipNameOf(stack, fn.name)}`
        return [
          id(fn.name),
          {
            function_name: fn.name,
            description: fn.description,
            role: `\${aws_iam_role.${id(fn.roleName)}.arn}`,
            runtime: fn.runtime,
            architectures: [fn.architecture],
            handler: fn.handler,
            timeout: fn.timeoutSeconds,
            memory_size: fn.memoryMegabytes,
            ...(typeof fn.reservedConcurrency === 'number' && {
              reserved_concurrent_executions: fn.reservedConcurrency,
            }),
            filename: zip,
            source_code_hash: `\${filebase64sha256("${zip}")}`,
            environment: {
              variables: Object.fromEntries(Object.entries(fn.environment).map(([key, one]) => [key, value(one)])),
            },
            depends_on: [`aws_iam_role_policy.${id(fn.roleName)}`],
            tags: fn.tags,
          },
        ]
      }),
    ),
    aws_lambda_event_source_mapping: Object.fromEntries(
      mappings.map((mapping) => [
        id(mapping.functionName),
        {
          event_source_arn: `\${aws_sqs_queue.${id(mapping.queueName)}.arn}`,
          function_name: `\${aws_lambda_function.${id(mapping.functionName)}.arn}`,
          batch_size: mapping.batchSize,
          maximum_batching_window_in_seconds: 0,
          scaling_config: { maximum_concurrency: mapping.maximumConcurrency },
          function_response_types: ['ReportBatchItemFailures'],
          enabled: true,
          tags: mapping.tags,
        },
      ]),
    ),
    ...(urls.length > 0 && {
      aws_lambda_function_url: Object.fromEntries(
        urls.map((url) => [
          id(url.name),
          {
            function_name: `\${aws_lambda_function.${id(url.name)}.function_name}`,
            authorization_type: url.authType,
          },
        ]),
      ),
      aws_lambda_permission: Object.fromEntries([
        ...urls.flatMap((url) => url.permissions.map((wanted) => permission(url.name, wanted))),
        ...schedules.map((schedule) => permission(schedule.functionName, schedule.permission)),
      ]),
    }),
    ...(schedules.length > 0 && {
      aws_cloudwatch_event_rule: Object.fromEntries(
        schedules.map((schedule) => [
          id(schedule.name),
          {
            name: schedule.name,
            description: schedule.description,
            schedule_expression: schedule.expression,
            state: 'ENABLED',
            tags: schedule.tags,
          },
        ]),
      ),
      aws_cloudwatch_event_target: Object.fromEntries(
        schedules.map((schedule) => [
          id(schedule.name),
          {
            rule: `\${aws_cloudwatch_event_rule.${id(schedule.name)}.name}`,
            target_id: schedule.targetId,
            arn: `\${aws_lambda_function.${id(schedule.functionName)}.arn}`,
          },
        ]),
      ),
    }),
  }
  return {
    terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
    provider: { aws: { region, allowed_account_ids: [accountId] } },
    variable: { code: { type: 'string', description: 'The folder that holds the zips of the functions' } },
    resource,
    ...(urls.length > 0 && {
      output: Object.fromEntries(
        urls.map((url) => [
          'callback_url',
          {
            description: 'Paste it into Teams',
            value: `\${aws_lambda_function_url.${id(url.name)}.function_url}`,
          },
        ]),
      ),
    }),
  }
}

const BUCKET = '${aws_s3_bucket.tickets.id}'
/** What holds tickets is not deleted by a plan that says so: Terraform refuses. */
const KEPT = { prevent_destroy: true } as const

function document(policy: object): string {
  return literal(JSON.stringify(policy))
}

/** Text that Terraform must not fill in. */
function literal(text: string): string {
  return text.replaceAll('${', '$${').replaceAll('%{', '%%{')
}
