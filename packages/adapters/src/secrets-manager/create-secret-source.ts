import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { AppSecret, Clock, Log, SecretRead, SecretSource } from 'ticket-core'
import { fetchSecret } from './fetch-secret.ts'

export interface SecretSourceOptions {
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
  /** Told of every secret before anybody uses it: where the log learns what to hide. */
  readonly onSecret?: (secret: AppSecret) => void
  readonly log?: Log
}

/** After a failed call the next one waits this long, so that an outage does not cost each ticket a time-out. */
const PAUSE_AFTER_FAILURE = 5000

/**
 * The application's secret. Calls at the same moment share one request; while the service is down the last value
 * serves on for a bounded time. A secret that is gone or malformed is said at once, whatever the cache holds.
 */
export function createSecretSource({
  freshMs = 300_000,
  staleMs = 3_600_000,
  timeoutMs = 3000,
  onSecret,
  log,
  ...address
}: SecretSourceOptions): SecretSource {
  const { clock } = address
  let kept: { readonly secret: AppSecret; readonly at: number } | undefined
  let failed: { readonly read: SecretRead; readonly at: number } | undefined
  let flight: Promise<SecretRead> | undefined

  async function load(): Promise<SecretRead> {
    const read = await fetchSecret({ ...address, timeoutMs })
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

  function stillUsable(): SecretRead | undefined {
    return kept && clock.monotonic() - kept.at < staleMs ? { ok: true, value: kept.secret } : undefined
  }

  function fetchOnce(): Promise<SecretRead> {
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
