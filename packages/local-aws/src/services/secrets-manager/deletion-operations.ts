import type { DeleteSecretRequest, RestoreSecretRequest } from '@aws-sdk/client-secrets-manager'
import { LETTERS_AND_DIGITS, pickCharacters, type RandomBytes } from '../../random.ts'
import type { Call } from '../../service.ts'
import { findSecret, requireSecret } from './secret-record.ts'
import type { SecretsContext } from './secrets-context.ts'
import { invalidParameter, invalidRequest, notFound } from './secrets-errors.ts'

const DAY = 24 * 3600 * 1000
const WINDOW = { min: 7, max: 30 }

/** A deleted secret can be restored for 7 to 30 days, unless it was deleted by force. */
export function deleteSecret(context: SecretsContext, input: DeleteSecretRequest, call: Call): object {
  const { sql, clock, random } = context
  const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: isForced = false } = input
  if (isForced && days !== undefined) {
    throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
  }
  if (days !== undefined && (days < WINDOW.min || days > WINDOW.max)) {
    throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).')
  }
  const now = clock.now()
  const secret = findSecret(context, input.SecretId ?? '', call)
  if (isForced) {
    // Deleting a missing secret by force succeeds, as documented.
    if (secret) sql.run('DELETE FROM sm_secrets WHERE id = ?', secret.id)
    const { arn, name } = secret ?? missingSecret(random, input.SecretId ?? '', call)
    return { ARN: arn, Name: name, DeletionDate: new Date(now) }
  }
  if (!secret) throw notFound()
  if (secret.purgeAt !== undefined) {
    throw invalidRequest(
      "You can't perform this operation on the secret because it was already scheduled for deletion.",
    )
  }
  const purgeAt = now + (days ?? WINDOW.max) * DAY
  sql.run('UPDATE sm_secrets SET purge_at = ? WHERE id = ?', purgeAt, secret.id)
  return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(purgeAt) }
}

export function restoreSecret(context: SecretsContext, input: RestoreSecretRequest, call: Call): object {
  const secret = requireSecret(context, input.SecretId, call)
  context.sql.run('UPDATE sm_secrets SET purge_at = NULL WHERE id = ?', secret.id)
  return { ARN: secret.arn, Name: secret.name }
}

function missingSecret(random: RandomBytes, id: string, { region, caller }: Call): { arn: string; name: string } {
  if (id.startsWith('arn:')) return { arn: id, name: id.split(':').slice(6).join(':') }
  const suffix = pickCharacters(random, LETTERS_AND_DIGITS, 6)
  return { arn: `arn:aws:secretsmanager:${region}:${caller.accountId}:secret:${id}-${suffix}`, name: id }
}
