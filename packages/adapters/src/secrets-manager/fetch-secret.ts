import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import type { Clock, SecretRead } from 'ticket-core'
import { readAppSecret } from 'ticket-core'
import { describeAwsFailure, isRefused, readAwsFailure } from '../aws/read-failure.ts'
import { withDeadline } from '../clock/with-deadline.ts'

export interface SecretAddress {
  readonly client: SecretsManagerClient
  /** Name or ARN. */
  readonly secretId: string
  readonly clock: Clock
  readonly timeoutMs: number
}

/** Asks Secrets Manager once. No failure holds any part of the secret. */
export async function fetchSecret({ client, secretId, clock, timeoutMs }: SecretAddress): Promise<SecretRead> {
  const command = new GetSecretValueCommand({ SecretId: secretId })
  const deadline = clock.monotonic() + timeoutMs
  const got = await withDeadline(clock, deadline, (abortSignal) => client.send(command, { abortSignal }))
  if (got.kind !== 'done') {
    const failure = readAwsFailure(got)
    if (failure.name === 'ResourceNotFoundException')
      return {
        ok: false,
        failure: { code: 'secret-missing', reason: `Secrets Manager has no secret ${secretId} in this region.` },
      }
    const reason = describeAwsFailure('Secrets Manager', failure)
    return { ok: false, failure: { code: 'secret-unavailable', reason, ...(isRefused(failure) && { refused: true }) } }
  }
  const read = readAppSecret(got.value.SecretString ?? '')
  return read.ok ? read : { ok: false, failure: { code: 'secret-invalid', problems: read.failure } }
}
