import { type StackNames, INDEX, intakeSecretId, LANES, nameResources, secretIdRule } from 'ticket-core'
import type { Arns } from '../desired/arns.ts'
import type { DesiredBoundary } from '../desired/desired-stack.ts'
import { tagsFor } from '../desired/tags.ts'
import { policyOf, type PolicyDocument } from '../policy/policy-document.ts'
import { inAccount } from '../role/describe-role.ts'

export interface BoundaryScope {
  readonly prefix: string
  readonly names: StackNames
  readonly arns: Arns
  readonly accountId: string
  readonly region: string
  /** Name or ARN of the application's secret. */
  readonly secretId: string
}

/**
 * The most that a role of this stack can do, regardless of its policies. An operator who changes the stack can write
 * those policies; only an administrator of the account makes the boundary.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function describeBoundary(scope: BoundaryScope): DesiredBoundary {
  const { prefix, names, arns, accountId, region, secretId } = scope
  const secret = secretId === secretIdRule.fallback ? '' : ` --secret-id ${secretId}`
  const bucket = names.bucket === nameResources(prefix).bucket ? '' : ` --bucket ${names.bucket}`
  const wanted = {
    name: names.boundary,
    description: `The most that the functions of ${prefix} may do`,
    document: documentOf(scope),
  }
  return {
    ...wanted,
    arn: arns.policy(names.boundary),
    printedBy: `npx -y pnpm@12 ticketing policy boundary --prefix ${prefix} --account ${accountId} --region ${region}${bucket}${secret}`,
    tags: tagsFor(prefix, wanted),
  }
}

function documentOf({ names, arns, accountId, secretId }: BoundaryScope): PolicyDocument {
  const bucket = arns.bucket(names.bucket)
  const groups = [...LANES.map((lane) => names.lanes[lane]), names.intake].map((own) => arns.logGroup(own.function))
  return policyOf(
    {
      Sid: 'Queues',
      Effect: 'Allow',
      Action: [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ChangeMessageVisibility',
        'sqs:SendMessage',
        'sqs:GetQueueUrl',
      ],
      Resource: LANES.map((lane) => arns.queue(names.lanes[lane].queue)),
    },
    {
      Sid: 'Objects',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
      Resource: [bucket, `${bucket}/*`],
      Condition: inAccount(accountId),
    },
    {
      // The only objects that a function deletes: empty ones.
      Sid: 'Markers',
      Effect: 'Allow',
      Action: ['s3:DeleteObject'],
      Resource: [`${bucket}/${INDEX}*`],
      Condition: inAccount(accountId),
    },
    {
      Sid: 'Secret',
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue'],
      Resource: [arns.secretNamed(secretId), arns.secretNamed(intakeSecretId(secretId))],
    },
    {
      // Only line 1, as a function, verifies requests.
      // `intake` has six characters, as many as AWS adds to a name: the pattern above matches that name without its suffix.
      Sid: 'NotIntakesSecret',
      Effect: 'Deny',
      Action: ['secretsmanager:*'],
      Resource: ['', '-??????'].map((end) => arns.secretNamed(intakeSecretId(secretId)).replace(/-\?+$/, end)),
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': arns.role(names.intake.role) } },
    },
    {
      Sid: 'Logs',
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: groups.flatMap((group) => [group, `${group}:*`]),
    },
  )
}
