import type { GetSecretValueRequest, PutSecretValueRequest, UpdateSecretRequest } from '@aws-sdk/client-secrets-manager'
import type { Call } from '../../service.ts'
import { readSecretValue } from './read-secret-value.ts'
import { checkDescription, requireLiveSecret } from './secret-record.ts'
import { valueOf } from './secret-value.ts'
import { addVersion, CURRENT, stagesOf, versionIdOf } from './secret-versions.ts'
import type { SecretsContext } from './secrets-context.ts'
import { invalidParameter, invalidRequest } from './secrets-errors.ts'

export function getSecretValue(context: SecretsContext, input: GetSecretValueRequest, call: Call): object {
  return readSecretValue(context, input, call)
}

export function putSecretValue(context: SecretsContext, input: PutSecretValueRequest, call: Call): object {
  const { sql } = context
  const stages = input.VersionStages ?? [CURRENT]
  if (stages.length < 1 || stages.length > 20) throw invalidParameter('VersionStages takes 1 to 20 staging labels.')
  const value = valueOf(input)
  if (!value) throw invalidRequest('You must provide either SecretString or SecretBinary.')
  const secret = requireLiveSecret(context, input.SecretId, call)
  const id = versionIdOf(context, input.ClientRequestToken)
  sql.atomically(() => addVersion(context, secret, { id, value, stages }))
  return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: stagesOf(sql, secret.id, id) }
}

export function updateSecret(context: SecretsContext, input: UpdateSecretRequest, call: Call): object {
  const { sql, clock } = context
  const value = valueOf(input)
  const secret = requireLiveSecret(context, input.SecretId, call)
  const id = value && versionIdOf(context, input.ClientRequestToken)
  sql.atomically(() => {
    if (value && id !== undefined) addVersion(context, secret, { id, value, stages: [CURRENT] })
    sql.run(
      'UPDATE sm_secrets SET description = ?, kms_key = ?, type = ?, changed = ? WHERE id = ?',
      checkDescription(input.Description) ?? secret.description ?? null,
      input.KmsKeyId ?? secret.kmsKey ?? null,
      input.Type ?? secret.type ?? null,
      clock.now(),
      secret.id,
    )
  })
  return { ARN: secret.arn, Name: secret.name, ...(id !== undefined && { VersionId: id }) }
}
