import type { GetSecretValueRequest } from '@aws-sdk/client-secrets-manager'
import { numberOf } from '../../sql.ts'
import { type SecretPlace, requireLiveSecret } from './secret-record.ts'
import { describeValue, readValue } from './secret-value.ts'
import { CURRENT, stageOwner, stagesOf } from './secret-versions.ts'
import type { SecretsContext } from './secrets-context.ts'
import { invalidRequest, notFound } from './secrets-errors.ts'

const DAY = 24 * 3600 * 1000

/** The value of a version, found by id, by stage, or both if they agree; the current one by default. */
export function readSecretValue(context: SecretsContext, input: GetSecretValueRequest, place: SecretPlace): object {
  const { sql, clock } = context
  const secret = requireLiveSecret(context, input.SecretId, place)
  const { VersionStage: stage, VersionId: wanted } = input
  const version = wanted ?? stageOwner(sql, secret.id, stage ?? CURRENT)
  const row =
    version === undefined
      ? undefined
      : sql.one('SELECT text, bytes, created FROM sm_versions WHERE secret = ? AND id = ?', secret.id, version)
  if (!row || version === undefined) {
    const name = wanted === undefined ? `staging label: ${stage ?? CURRENT}` : `VersionId: ${wanted}`
    throw notFound(`the specified secret value for ${name}`)
  }
  const stages = stagesOf(sql, secret.id, version)
  if (stage !== undefined && !stages.includes(stage)) {
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.')
  }
  const today = Math.floor(clock.now() / DAY) * DAY
  sql.run('UPDATE sm_secrets SET accessed = ?1 WHERE id = ?2 AND accessed IS NOT ?1', today, secret.id)
  sql.run(
    'UPDATE sm_versions SET accessed = ?1 WHERE secret = ?2 AND id = ?3 AND accessed IS NOT ?1',
    today,
    secret.id,
    version,
  )
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version,
    ...describeValue(readValue(row)),
    VersionStages: stages,
    CreatedDate: new Date(numberOf(row, 'created')),
  }
}
