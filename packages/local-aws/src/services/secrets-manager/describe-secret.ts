import type { SecretListEntry } from '@aws-sdk/client-secrets-manager'
import type { Sql } from '../../sql.ts'
import type { SecretRecord } from './secret-record.ts'
import { readTags } from './secret-tags.ts'

/** What DescribeSecret and ListSecrets both return of a secret. */
export function describeSecret(sql: Sql, secret: SecretRecord): SecretListEntry {
  const tags = readTags(sql, secret.id)
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: new Date(secret.created),
    LastChangedDate: new Date(secret.changed),
    ...(secret.description !== undefined && { Description: secret.description }),
    ...(secret.kmsKey !== undefined && { KmsKeyId: secret.kmsKey }),
    ...(secret.type !== undefined && { Type: secret.type }),
    ...(secret.accessed !== undefined && { LastAccessedDate: new Date(secret.accessed) }),
    ...(secret.purgeAt !== undefined && { DeletedDate: new Date(secret.purgeAt) }),
    ...(tags.length > 0 && { Tags: tags }),
  }
}
