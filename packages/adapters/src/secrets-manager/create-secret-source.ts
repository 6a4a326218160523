import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import {
  type AppSecret,
  type Clock,
  type Log,
  type SecretRead,
  type SecretReader,
  type SecretSource,
  readAppSecret,
} from 'ticket-core'
import { fetchSecret } from './fetch-secret.ts'

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
