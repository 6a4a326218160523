import { type SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import {
  type AppSecret,
  type Clock,
  type Log,
  type SecretRead,
  type SecretReader,
  type SecretSource,
  intakeSecretId,
  readAppSecret,
} from 'ticket-core'
import { describeAwsFailure, isRefused, readAwsFailure } from '../aws/read-failure.ts'
import { withDeadline } from '../clock/with-deadline.ts'

export interface SecretSourceOptions<Value = AppSecret> {
  readonly client: SecretsManagerClient
  /** Name or ARN of the secret. */
  readonly secretId: string
  readonly clock: Clock
  /** Milliseconds that a value counts as fresh. @default 300000 (5 min) */
  readonly freshMs?: number
  /** Milliseconds that a value is used at most while the service is down. @default 3600000 (1 h) */
  readonly staleMs?: number
  /** Milliseconds for one call. @default 3000 */
  readonly timeoutMs?: number
  /** Called with every secret before it is used: the log learns here what to hide. */
  readonly onSecret?: (secret: Value) => void
  readonly log?: Log
  /** Whether addresses in it may be `http`: where another cloud stands in for AWS. @default false */
  readonly allowHttp?: boolean
}

/** The whole application's secret and intake's own. Functions may not read both. */
export function createSecretSource(options: SecretSourceOptions): SecretSource {
  return keepSecret({ ...options, read: readAppSecret, withIntake: true })
}

/** The part of the application's secret that a function needs: nothing else of it is kept. */
export function createPartSource<Value>(
  options: SecretSourceOptions<Value> & { readonly read: SecretReader<Value> },
): SecretSource<Value> {
  return keepSecret({ ...options, withIntake: false })
}

interface KeptOptions<Value> extends SecretSourceOptions<Value> {
  readonly read: SecretReader<Value>
  readonly withIntake: boolean
}

/** After a failed call the next one waits this long, so that an outage does not cost each ticket a time-out. */
const PAUSE_AFTER_FAILURE = 5000

/**
 * A secret with its cache. Calls at the same moment share one request; while the service is down the last value
 * is used for a bounded time. A missing or malformed secret is reported immediately, even with a cached value.
 */
function keepSecret<Value>({
  freshMs = 300_000,
  staleMs = 3_600_000,
  timeoutMs = 3000,
  onSecret,
  log,
  allowHttp = false,
  ...address
}: KeptOptions<Value>): SecretSource<Value> {
  const { clock } = address
  let kept: { readonly secret: Value; readonly at: number } | undefined
  let failed: { readonly read: SecretRead<Value>; readonly at: number } | undefined
  let flight: Promise<SecretRead<Value>> | undefined

  async function load(): Promise<SecretRead<Value>> {
    const read = await fetchSecret({ ...address, allowHttp, timeoutMs })
    if (read.ok) {
      onSecret?.(read.value)
      kept = { secret: read.value, at: clock.monotonic() }
      failed = undefined
      return read
    }
    const stale = read.failure.code === 'secret-unavailable' ? stillUsable() : undefined
    log?.write('warn', 'secret.not-read', { code: read.failure.code, servedFromCache: stale !== undefined })
    failed = { read: stale ?? read, at: clock.monotonic() }
    return failed.read
  }

  function stillUsable(): SecretRead<Value> | undefined {
    return kept && clock.monotonic() - kept.at < staleMs ? { ok: true, value: kept.secret } : undefined
  }

  function fetchOnce(): Promise<SecretRead<Value>> {
    flight ??= load().finally(() => {
      flight = undefined
    })
    return flight
  }

  return {
    async current() {
      if (flight) return flight
      if (kept && !failed && clock.monotonic() - kept.at < freshMs) return { ok: true, value: kept.secret }
      if (failed && clock.monotonic() - failed.at < PAUSE_AFTER_FAILURE) return failed.read
      return fetchOnce()
    },
    refresh: fetchOnce,
  }
}

interface SecretAddress<Value> {
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
async function fetchSecret<Value>(address: SecretAddress<Value>): Promise<SecretRead<Value>> {
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
