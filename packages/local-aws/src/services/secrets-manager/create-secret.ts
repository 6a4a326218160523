import type { CreateSecretRequest } from '@aws-sdk/client-secrets-manager'
import { LETTERS_AND_DIGITS, pickCharacters } from '../../random.ts'
import type { Call } from '../../service.ts'
import { checkDescription, type SecretRecord, findSecret, requireSecret } from './secret-record.ts'
import { writeTags } from './secret-tags.ts'
import { type SecretValue, isSameValue, readValue, valueOf } from './secret-value.ts'
import { addVersion, CURRENT, versionIdOf } from './secret-versions.ts'
import type { SecretsContext } from './secrets-context.ts'
import { alreadyExists, invalidParameter, invalidRequest, validationError } from './secrets-errors.ts'

const NAME = /^[\w/+=.@!-]+$/
const MAX_NAME = 512

/** Creates a secret. Repeating the request (same token, same value) returns the same and changes nothing. */
export function createSecret(context: SecretsContext, input: CreateSecretRequest, call: Call): object {
  const { sql, clock, random } = context
  const name = checkSecretName(input.Name)
  if (input.AddReplicaRegions) throw invalidParameter('Secrets are not replicated to other regions here.')
  const value = valueOf(input)
  const version = value && { id: versionIdOf(context, input.ClientRequestToken), value, stages: [CURRENT] }
  const existing = findSecret(context, name, call)
  if (existing) {
    refuseOther(existing, name)
    if (!version || !isRepeat(context, existing, version)) {
      throw alreadyExists(`The operation failed because the secret ${name} already exists.`)
    }
    return { ARN: existing.arn, Name: name, VersionId: version.id }
  }
  const suffix = pickCharacters(random, LETTERS_AND_DIGITS, 6)
  const arn = `arn:aws:secretsmanager:${call.region}:${call.caller.accountId}:secret:${name}-${suffix}`
  sql.atomically(() => {
    sql.run(
      'INSERT INTO sm_secrets (account, region, name, arn, description, kms_key, type, created, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)',
      call.caller.accountId,
      call.region,
      name,
      arn,
      checkDescription(input.Description) ?? null,
      input.KmsKeyId ?? null,
      input.Type ?? null,
      clock.now(),
    )
    const secret = requireSecret(context, arn, call)
    writeTags(sql, secret.id, input.Tags)
    if (version) addVersion(context, secret, version)
  })
  return { ARN: arn, Name: name, ...(version && { VersionId: version.id }) }
}

function checkSecretName(name = ''): string {
  if (name.length > MAX_NAME) {
    throw validationError(
      `1 validation error detected: Value at 'name' failed to satisfy constraint: Member must have length less than or equal to ${MAX_NAME}`,
    )
  }
  if (!NAME.test(name)) {
    throw validationError(
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    )
  }
  return name
}

function refuseOther(existing: SecretRecord, name: string): void {
  if (existing.name !== name) throw alreadyExists(`The operation failed because the secret ${name} already exists.`)
  if (existing.purgeAt === undefined) return
  throw invalidRequest(
    "You can't create this secret because a secret with this name is already scheduled for deletion.",
  )
}

function isRepeat(
  { sql }: SecretsContext,
  secret: SecretRecord,
  version: { readonly id: string; readonly value: SecretValue },
): boolean {
  const row = sql.one('SELECT text, bytes FROM sm_versions WHERE secret = ? AND id = ?', secret.id, version.id)
  return row !== undefined && isSameValue(readValue(row), version.value)
}
