import type {
  BatchGetSecretValueRequest,
  DescribeSecretRequest,
  ListSecretsRequest,
  ListSecretVersionIdsRequest,
  SecretListEntry,
  SecretVersionsListEntry,
} from '@aws-sdk/client-secrets-manager'
import { secretPermission } from '../../authorization/access/secrets-access.ts'
import { type Call, AwsError } from '../../service.ts'
import { type Row, type Sql, numberOf, optionalNumberOf, textOf } from '../../sql.ts'
import { passesFilters } from './filter-secrets.ts'
import { readSecretValue } from './read-secret-value.ts'
import { type SecretRecord, allSecrets, requireSecret } from './secret-record.ts'
import { readTags } from './secret-tags.ts'
import { stagesByVersion } from './secret-versions.ts'
import type { SecretsContext } from './secrets-context.ts'
import { invalidParameter, validationError } from './secrets-errors.ts'

export function describeSecret(context: SecretsContext, input: DescribeSecretRequest, call: Call): object {
  const { sql } = context
  const secret = requireSecret(context, input.SecretId, call)
  const stages = stagesByVersion(sql, secret.id)
  return {
    ...describeBoth(sql, secret),
    ...(Object.keys(stages).length > 0 && { VersionIdsToStages: stages }),
  }
}

export function listSecrets(context: SecretsContext, input: ListSecretsRequest, call: Call): object {
  const { sql } = context
  const newestFirst = allSecrets(context, call).filter(
    ({ purgeAt }) => purgeAt === undefined || input.IncludePlannedDeletion === true,
  )
  const secrets = (input.SortOrder === 'asc' ? newestFirst.toReversed() : newestFirst)
    .map((secret) => describeEntry(sql, secret))
    .filter((secret) => passesFilters(secret, input.Filters))
  const { items, ...rest } = pageOf(secrets, input, ({ ARN }) => ARN ?? '')
  return { SecretList: items, ...rest }
}

export function listSecretVersionIds(context: SecretsContext, input: ListSecretVersionIdsRequest, call: Call): object {
  const { sql } = context
  const secret = requireSecret(context, input.SecretId, call)
  const stages = stagesByVersion(sql, secret.id)
  const versions = sql
    .all('SELECT id, created, accessed FROM sm_versions WHERE secret = ? ORDER BY number', secret.id)
    .map((row) => describeVersion(row, stages))
    .filter(({ VersionStages }) => VersionStages !== undefined || input.IncludeDeprecated === true)
  const { items, ...rest } = pageOf(versions, input, ({ VersionId }) => VersionId ?? '')
  return { ARN: secret.arn, Name: secret.name, Versions: items, ...rest }
}

export function batchGetSecretValue(context: SecretsContext, input: BatchGetSecretValueRequest, call: Call): object {
  const { sql } = context
  if ((input.SecretIdList === undefined) === (input.Filters === undefined)) {
    throw invalidParameter('Specify either SecretIdList or Filters, and not both.')
  }
  const found = allSecrets(context, call).filter(
    (secret) => secret.purgeAt === undefined && passesFilters(describeBoth(sql, secret), input.Filters),
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
}

/** What DescribeSecret and ListSecrets both return. */
function describeBoth(sql: Sql, secret: SecretRecord): SecretListEntry {
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

function describeEntry(sql: Sql, secret: SecretRecord): SecretListEntry {
  return { ...describeBoth(sql, secret), SecretVersionsToStages: stagesByVersion(sql, secret.id) }
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

interface PageRequest {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

/** Cuts a list: at most `MaxResults` (1 to 100) behind the item that the token names. */
function pageOf<Item>(
  all: readonly Item[],
  { MaxResults = 100, NextToken }: PageRequest,
  keyOf: (item: Item) => string,
): { readonly items: readonly Item[]; readonly NextToken?: string } {
  if (MaxResults < 1 || MaxResults > 100) {
    throw validationError(
      `1 validation error detected: Value '${MaxResults}' at 'maxResults' failed to satisfy constraint: Member must have value ${MaxResults < 1 ? 'greater than or equal to 1' : 'less than or equal to 100'}`,
    )
  }
  const from = NextToken === undefined ? 0 : all.findIndex((item) => tokenOf(keyOf(item)) === NextToken) + 1
  if (NextToken !== undefined && from === 0)
    throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.')
  const items = all.slice(from, from + MaxResults)
  const last = items.at(-1)
  return last !== undefined && from + items.length < all.length ? { items, NextToken: tokenOf(keyOf(last)) } : { items }
}

function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64')
}
