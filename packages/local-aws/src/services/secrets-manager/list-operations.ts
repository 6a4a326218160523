import type {
  BatchGetSecretValueRequest,
  DescribeSecretRequest,
  ListSecretsRequest,
  ListSecretVersionIdsRequest,
  SecretListEntry,
  SecretVersionsListEntry,
} from '@aws-sdk/client-secrets-manager'
import { secretPermission } from '../../authorization/access/secrets-access.ts'
import { type Call, type Operation, AwsError } from '../../service.ts'
import { type Row, type Sql, numberOf, optionalNumberOf, textOf } from '../../sql.ts'
import { describeSecret } from './describe-secret.ts'
import { passesFilters } from './filter-secrets.ts'
import { pageOf } from './page-secrets.ts'
import { readSecretValue } from './read-secret-value.ts'
import { type SecretRecord, allSecrets, requireSecret } from './secret-record.ts'
import { stagesByVersion } from './secret-versions.ts'
import type { SecretsContext } from './secrets-context.ts'
import { invalidParameter } from './secrets-errors.ts'

/** Lists secrets and their versions, and reads several values at once. */
export function createListOperations(context: SecretsContext): Record<string, Operation> {
  const { sql } = context
  return {
    DescribeSecret: (input: DescribeSecretRequest, call: Call) => {
      const secret = requireSecret(context, input.SecretId, call)
      const stages = stagesByVersion(sql, secret.id)
      return {
        ...describeSecret(sql, secret),
        ...(Object.keys(stages).length > 0 && { VersionIdsToStages: stages }),
      }
    },

    ListSecrets: (input: ListSecretsRequest, call: Call) => {
      const newestFirst = allSecrets(context, call).filter(
        ({ purgeAt }) => purgeAt === undefined || input.IncludePlannedDeletion === true,
      )
      const secrets = (input.SortOrder === 'asc' ? newestFirst.toReversed() : newestFirst)
        .map((secret) => describeEntry(sql, secret))
        .filter((secret) => passesFilters(secret, input.Filters))
      const { items, ...rest } = pageOf(secrets, input, ({ ARN }) => ARN ?? '')
      return { SecretList: items, ...rest }
    },

    ListSecretVersionIds: (input: ListSecretVersionIdsRequest, call: Call) => {
      const secret = requireSecret(context, input.SecretId, call)
      const stages = stagesByVersion(sql, secret.id)
      const versions = sql
        .all('SELECT id, created, accessed FROM sm_versions WHERE secret = ? ORDER BY number', secret.id)
        .map((row) => describeVersion(row, stages))
        .filter(({ VersionStages }) => VersionStages !== undefined || input.IncludeDeprecated === true)
      const { items, ...rest } = pageOf(versions, input, ({ VersionId }) => VersionId ?? '')
      return { ARN: secret.arn, Name: secret.name, Versions: items, ...rest }
    },

    BatchGetSecretValue: (input: BatchGetSecretValueRequest, call: Call) => {
      if ((input.SecretIdList === undefined) === (input.Filters === undefined)) {
        throw invalidParameter('Specify either SecretIdList or Filters, and not both.')
      }
      const found = allSecrets(context, call).filter(
        (secret) => secret.purgeAt === undefined && passesFilters(describeSecret(sql, secret), input.Filters),
      )
      const { items, ...rest } = pageOf(input.SecretIdList ?? found.map(({ arn }) => arn), input, (id) => id)
      const SecretValues: object[] = []
      const Errors: object[] = []
      for (const SecretId of items) {
        try {
          const refused = call.deny(secretPermission('GetSecretValue', { SecretId }, { call, ...context }))
          if (refused) throw refused
          SecretValues.push(readSecretValue(context, { SecretId }, call))
        } catch (error) {
          if (!(error instanceof AwsError)) throw error
          Errors.push({ SecretId, ErrorCode: error.code, Message: error.message })
        }
      }
      return { SecretValues, Errors, ...rest }
    },
  }
}

function describeEntry(sql: Sql, secret: SecretRecord): SecretListEntry {
  return { ...describeSecret(sql, secret), SecretVersionsToStages: stagesByVersion(sql, secret.id) }
}

function describeVersion(row: Row, stages: Readonly<Record<string, string[]>>): SecretVersionsListEntry {
  const id = textOf(row, 'id')
  const accessed = optionalNumberOf(row, 'accessed')
  return {
    VersionId: id,
    VersionStages: stages[id],
    CreatedDate: new Date(numberOf(row, 'created')),
    ...(accessed !== undefined && { LastAccessedDate: new Date(accessed) }),
  }
}
