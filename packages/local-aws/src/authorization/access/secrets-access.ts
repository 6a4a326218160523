import { findSecret } from '../../services/secrets-manager/secret-record.ts'
import type { RequiredPermission } from '../required-permission.ts'
import type { Access, AccessTable, Input, Scope } from './access.ts'
import { creating, optionalTextIn, tagKeysOf, textIn } from './read-input.ts'

/**
 * Permissions of Secrets Manager's operations: each requires the action of its own name.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
export const secretsAccess: AccessTable = {
  // The operation checks each secret by itself; denied secrets are among the answer's errors.
  BatchGetSecretValue: () => ({ action: 'secretsmanager:BatchGetSecretValue', resource: '*' }),
  CreateSecret: (input, { call }) => {
    const name = textIn(input, 'Name')
    const keys = { 'secretsmanager:Name': name, ...tagKeysOf(input) }
    const create = { action: 'secretsmanager:CreateSecret', resource: futureArn(name, call), displayName: name, keys }
    return creating(input, create, { action: 'secretsmanager:TagResource' })
  },
  DeleteResourcePolicy: onSecret('DeleteResourcePolicy'),
  DeleteSecret: onSecret('DeleteSecret'),
  DescribeSecret: onSecret('DescribeSecret'),
  GetResourcePolicy: onSecret('GetResourcePolicy'),
  GetSecretValue: onSecret('GetSecretValue'),
  ListSecretVersionIds: onSecret('ListSecretVersionIds'),
  ListSecrets: () => ({ action: 'secretsmanager:ListSecrets', resource: '*', displayName: '' }),
  PutResourcePolicy: onSecret('PutResourcePolicy'),
  PutSecretValue: onSecret('PutSecretValue'),
  RestoreSecret: onSecret('RestoreSecret'),
  TagResource: onSecret('TagResource'),
  UntagResource: onSecret('UntagResource'),
  UpdateSecret: onSecret('UpdateSecret'),
  UpdateSecretVersionStage: onSecret('UpdateSecretVersionStage'),
}

function onSecret(name: string): Access {
  return (input, scope) => secretPermission(name, input, scope)
}

/** The permission for a call on one secret. Policies see its whole ARN, also if the request has a name only. */
export function secretPermission(name: string, input: Input, scope: Scope): RequiredPermission {
  const id = textIn(input, 'SecretId')
  const secret = findSecret(scope, id, scope.call)
  const resource = secret?.arn ?? (id.startsWith('arn:') ? id : futureArn(id, scope.call))
  return {
    action: `secretsmanager:${name}`,
    resource,
    displayName: secret?.arn ?? id,
    keys: {
      'secretsmanager:SecretId': resource,
      'secretsmanager:VersionStage': optionalTextIn(input, 'VersionStage'),
      ...tagKeysOf(input),
    },
  }
}

/** The ARN of a secret that is not created yet. Its last six characters will be random. */
function futureArn(name: string, { region, caller }: Scope['call']): string {
  return `arn:aws:secretsmanager:${region}:${caller.accountId}:secret:${name}-AAAAAA`
}
