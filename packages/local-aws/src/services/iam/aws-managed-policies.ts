/** A policy that AWS manages. */
export interface AwsManagedPolicy {
  readonly path: string
  readonly name: string
  readonly document: string
}

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']

/**
 * The AWS managed policies that functions and tests of this kind attach, by ARN; others do not exist here.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export const AWS_MANAGED_POLICIES: ReadonlyMap<string, AwsManagedPolicy> = new Map(
  [
    managed('/', 'AdministratorAccess', ['*']),
    managed('/', 'AmazonSQSFullAccess', ['sqs:*']),
    managed('/', 'AmazonS3FullAccess', ['s3:*', 's3-object-lambda:*']),
    managed('/service-role/', 'AWSLambdaBasicExecutionRole', LOGS),
    managed('/service-role/', 'AWSLambdaSQSQueueExecutionRole', [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      ...LOGS,
    ]),
  ].map((policy) => [`arn:aws:iam::aws:policy${policy.path}${policy.name}`, policy]),
)

function managed(path: string, name: string, actions: readonly string[]): AwsManagedPolicy {
  const Action = actions.length === 1 ? actions[0] : actions
  return {
    path,
    name,
    document: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] }),
  }
}
