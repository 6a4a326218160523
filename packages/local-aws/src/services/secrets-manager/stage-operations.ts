import type { UpdateSecretVersionStageRequest } from '@aws-sdk/client-secrets-manager'
import type { Call } from '../../service.ts'
import { requireLiveSecret } from './secret-record.ts'
import { CURRENT, moveStage, stageOwner } from './secret-versions.ts'
import type { SecretsContext } from './secrets-context.ts'
import { invalidParameter, notFound } from './secrets-errors.ts'

/** Moves a staging label from one version to another, as the last step of a rotation does. */
export function updateSecretVersionStage(
  context: SecretsContext,
  input: UpdateSecretVersionStageRequest,
  call: Call,
): object {
  const { sql } = context
  const secret = requireLiveSecret(context, input.SecretId, call)
  const { VersionStage: stage = '', MoveToVersionId: to, RemoveFromVersionId: from } = input
  const owner = stageOwner(sql, secret.id, stage)
  if (to === undefined && from === undefined) {
    throw invalidParameter('You must provide MoveToVersionId, RemoveFromVersionId, or both.')
  }
  if (to !== undefined && owner !== undefined && owner !== to && from !== owner) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${owner}, so you must explicitly reference that version in RemoveFromVersionId.`,
    )
  }
  if (from !== undefined && owner !== from) {
    throw invalidParameter(`The staging label ${stage} is not attached to version ${from}.`)
  }
  if (to === undefined && stage === CURRENT) {
    throw invalidParameter(
      `The staging label ${CURRENT} must always be attached to a version: name one in MoveToVersionId.`,
    )
  }
  if (to !== undefined && !sql.one('SELECT 1 FROM sm_versions WHERE secret = ? AND id = ?', secret.id, to)) {
    throw notFound(`the specified secret value for VersionId: ${to}`)
  }
  sql.atomically(() => {
    if (to === undefined) sql.run('DELETE FROM sm_stages WHERE secret = ? AND stage = ?', secret.id, stage)
    else moveStage(sql, secret.id, { stage, to })
  })
  return { ARN: secret.arn, Name: secret.name }
}
