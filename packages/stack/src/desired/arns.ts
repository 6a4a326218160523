import { secretNameOf } from 'ticket-core'

/** Makes the ARNs of one account and region. */
export interface Arns {
  readonly queue: (name: string) => string
  readonly bucket: (name: string) => string
  readonly role: (name: string) => string
  readonly policy: (name: string) => string
  readonly function: (name: string) => string
  readonly mappings: string
  /** A rule of EventBridge on the account's own bus. */
  readonly rule: (name: string) => string
  /** The log group that Lambda writes a function's output to. */
  readonly logGroup: (functionName: string) => string
  /**
   * A secret's ARN ends in six random characters. If only its name is known they stay open, as AWS advises for
   * names: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
   */
  readonly secret: (nameOrArn: string) => string
  /** The same for documents that are written before the secret exists: its end stays open even where it is known. */
  readonly secretNamed: (nameOrArn: string) => string
}

/** Makes ARNs for a region, in the region's partition. */
export function createArns({ region, accountId }: { readonly region: string; readonly accountId: string }): Arns {
  const partition = partitionOf(region)
  const here = (service: string, path: string): string => `arn:${partition}:${service}:${region}:${accountId}:${path}`
  return {
    queue: (name) => here('sqs', name),
    bucket: (name) => `arn:${partition}:s3:::${name}`,
    policy: (name) => `arn:${partition}:iam::${accountId}:policy/${name}`,
    role: (name) => `arn:${partition}:iam::${accountId}:role/${name}`,
    function: (name) => here('lambda', `function:${name}`),
    rule: (name) => here('events', `rule/${name}`),
    mappings: here('lambda', 'event-source-mapping:*'),
    logGroup: (functionName) => here('logs', `log-group:/aws/lambda/${functionName}`),
    secret: (nameOrArn) =>
      nameOrArn.startsWith('arn:') ? nameOrArn : here('secretsmanager', `secret:${nameOrArn}-??????`),
    secretNamed: (nameOrArn) => here('secretsmanager', `secret:${secretNameOf(nameOrArn)}-??????`),
  }
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  return 'aws'
}
