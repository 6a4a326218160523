import { type SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { type Clock, type SecretRead, type SecretReader, intakeSecretId } from 'ticket-core'
import { describeAwsFailure, isRefused, readAwsFailure } from '../aws/read-failure.ts'
import { withDeadline } from '../clock/with-deadline.ts'

export interface SecretAddress<Value> {
  readonly client: SecretsManagerClient
  /** Name or ARN. */
  readonly secretId: string
  /** Reads the part of it that is needed. */
  readonly read: SecretReader<Value>
  /** Whether intake's own secret is read as well. */
  readonly withIntake: boolean
  readonly allowHttp: boolean
  readonly clock: Clock
  readonly timeoutMs: number
}

type Failure = Extract<SecretRead, { readonly ok: false }>['failure']
type Fetched =
  | { readonly kind: 'found'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Asks Secrets Manager once. No failure holds any part of the secret. */
export async function fetchSecret<Value>(address: SecretAddress<Value>): Promise<SecretRead<Value>> {
  const { secretId, read, withIntake, allowHttp } = address
  const [app, intake] = await Promise.all([
    fetchText(address, secretId),
    withIntake ? fetchText(address, intakeSecretId(secretId)) : ({ kind: 'missing' } as const),
  ])
  if (app.kind === 'failed') return { ok: false, failure: app.failure }
  if (intake.kind === 'failed') return { ok: false, failure: intake.failure }
  if (app.kind === 'missing') {
    const reason = `Secrets Manager has no secret ${secretId} in this region.`
    return { ok: false, failure: { code: 'secret-missing', reason } }
  }
  const value = read(app.text, { allowHttp, ...(intake.kind === 'found' && { intake: intake.text }) })
  return value.ok ? value : { ok: false, failure: { code: 'secret-invalid', problems: value.failure } }
}

async function fetchText<Value>(
  { client, clock, timeoutMs }: SecretAddress<Value>,
  secretId: string,
): Promise<Fetched> {
  const command = new GetSecretValueCommand({ SecretId: secretId })
  const deadline = clock.monotonic() + timeoutMs
  const got = await withDeadline(clock, deadline, (abortSignal) => client.send(command, { abortSignal }))
  if (got.kind === 'done') return { kind: 'found', text: got.value.SecretString ?? '' }
  const failure = readAwsFailure(got)
  if (failure.name === 'ResourceNotFoundException') return { kind: 'missing' }
  const reason = describeAwsFailure('Secrets Manager', failure)
  const refused = isRefused(failure) && ({ refused: true } as const)
  return { kind: 'failed', failure: { code: 'secret-unavailable', reason, ...refused } }
}
