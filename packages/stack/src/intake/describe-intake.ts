import { createHash } from 'node:crypto'
import type { StackNames } from 'ticket-core'
import type { Arns } from '../desired/arns.ts'
import type { DesiredFunction, DesiredRole, DesiredSchedule, DesiredUrl } from '../desired/desired-stack.ts'
import { tagsFor } from '../desired/tags.ts'
import type { FunctionCode } from '../function/describe-function.ts'
import { serverPolicy } from '../policy/access-policies.ts'
import { policyOf } from '../policy/policy-document.ts'
import { trustLambda, writeLogs } from '../role/describe-role.ts'

/** Line 1 as a function: its code, and what the server would read from its environment. */
export interface IntakeDescription {
  readonly code: FunctionCode
  readonly settings?: Readonly<Record<string, string>>
  /** Executions at the same time. @default 100 */
  readonly concurrency?: number | 'none'
}

interface Intake {
  readonly role: DesiredRole
  readonly function: DesiredFunction
  readonly url: DesiredUrl
  readonly schedule: DesiredSchedule
}

interface IntakeScope {
  readonly prefix: string
  readonly names: StackNames
  readonly arns: Arns
  readonly accountId: string
  readonly region: string
  readonly secretId: string
  /** ARN of the permissions boundary. */
  readonly boundary: string
  readonly intake: IntakeDescription
}

/** A sweep takes up to 15 s; a request is answered within 4. */
const TIMEOUT_SECONDS = 30
/** CPU comes with memory, and a cold start is CPU: it must fit into the 5 s of Teams (docs/decisions/0044). */
const MEMORY_MEGABYTES = 1024
/**
 * Requests at the same moment: the next one is refused with 429, and its sender sees an error. A flood cannot use up the
 * account's executions, of which an account has 1,000 and must leave 100.
 */
const CONCURRENCY = 100

/** The function, its role, its address and the minute of its sweep. */
export function describeIntake(scope: IntakeScope): Intake {
  const role = describeIntakeRole(scope)
  return {
    role,
    function: describeIntakeFunction(scope, role),
    url: describeUrl(scope),
    schedule: describeSchedule(scope),
  }
}

/** It may do what a server may, and write its log. */
function describeIntakeRole({ prefix, names, arns, accountId, region, secretId, boundary }: IntakeScope): DesiredRole {
  const { intake } = names
  const wanted = {
    name: intake.role,
    description: `What the intake function of ${prefix} may do`,
    boundary,
    trust: trustLambda(accountId),
    policy: policyOf(
      ...serverPolicy({ prefix, bucket: names.bucket, region, accountId, secretId }).Statement,
      writeLogs(arns.logGroup(intake.function)),
    ),
    policyName: 'what-the-function-does',
  }
  return { ...wanted, arn: arns.role(intake.role), tags: tagsFor(prefix, wanted) }
}

function describeIntakeFunction(
  { prefix, names, arns, secretId, intake }: IntakeScope,
  role: DesiredRole,
): DesiredFunction {
  const { code, settings = {}, concurrency = CONCURRENCY } = intake
  const wanted = {
    name: names.intake.function,
    roleArn: role.arn,
    description: 'Answers Teams, Trello and Slack, and sweeps once a minute',
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    handler: code.handler,
    timeoutSeconds: TIMEOUT_SECONDS,
    memoryMegabytes: MEMORY_MEGABYTES,
    reservedConcurrency: concurrency,
    environment: {
      TICKETING_LOG_LEVEL: 'info',
      ...settings,
      TICKETING_SECRET_ID: secretId,
      // Its role reaches these only, whatever the secret names after a change of the prefix.
      TICKETING_PREFIX: prefix,
      TICKETING_BUCKET: names.bucket,
    },
    codeSha256: createHash('sha256').update(code.zip).digest('base64'),
  } as const
  return {
    ...wanted,
    arn: arns.function(wanted.name),
    roleName: role.name,
    zip: code.zip,
    tags: tagsFor(prefix, wanted),
  }
}

/**
 * Both permissions: since October 2025 a new URL needs the second one too, and it lets callers in by the URL only.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
function describeUrl({ prefix, names, arns }: IntakeScope): DesiredUrl {
  const wanted = {
    name: names.intake.function,
    functionArn: arns.function(names.intake.function),
    authType: 'NONE',
    permissions: [
      {
        sid: 'CallUrl',
        field: 'permission to call the URL',
        action: 'lambda:InvokeFunctionUrl',
        principal: '*',
        functionUrlAuthType: 'NONE',
      },
      {
        sid: 'InvokeByUrl',
        field: 'permission to invoke the function by its URL',
        action: 'lambda:InvokeFunction',
        principal: '*',
        invokedViaFunctionUrl: true,
      },
    ],
  } as const
  return { ...wanted, tags: tagsFor(prefix, wanted) }
}

function describeSchedule({ prefix, names, arns }: IntakeScope): DesiredSchedule {
  const { intake } = names
  const arn = arns.rule(intake.schedule)
  const wanted = {
    name: intake.schedule,
    description: `Calls the sweep of ${prefix} once a minute`,
    expression: 'rate(1 minute)',
    functionName: intake.function,
    functionArn: arns.function(intake.function),
    targetId: 'intake',
    permission: {
      sid: 'Sweep',
      field: 'permission to invoke the function on schedule',
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: arn,
    },
  } as const
  return { ...wanted, arn, tags: tagsFor(prefix, wanted) }
}
