import { type Clock, type KeyRing, type Log, type SecretRead, type SecretSource, prepareKeyRing } from 'ticket-core'
import { within } from './within.ts'

export interface KeyRingCacheOptions {
  readonly secret: SecretSource
  readonly clock: Clock
  readonly log: Log
}

/** The key ring of the secret's tokens, cached. */
export interface KeyRingCache {
  /** The ring to check with; undefined when there is none before `deadline`. */
  current(deadline: number): Promise<KeyRing | undefined>
  /**
   * After a signature that fits no token of `ring`: a newer ring if there is one, else undefined. Reads Secrets Manager at
   * most once in 30 s, however many forged requests come.
   */
  renewed(ring: KeyRing, deadline: number): Promise<KeyRing | undefined>
}

/** The secret's own cache is read this often; between two reads a request costs nothing. Milliseconds. */
const ASK_EVERY = 1000
const RENEW_EVERY = 30_000
/** While there is a ring, a slow Secrets Manager delays a request by no more than this. */
const LONGEST_WAIT = 1000
/** A ring stays in use this long after its secret became unreadable or invalid; the log reports it. */
const KEPT_FOR = 3_600_000

/** Prepares a ring, and prepares it again when the tokens change. */
export function createKeyRingCache({ secret, clock, log }: KeyRingCacheOptions): KeyRingCache {
  let kept: { readonly ring: KeyRing; readonly tokens: string; confirmedAt: number } | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let renewedAt = Number.NEGATIVE_INFINITY
  let renewal: Promise<unknown> | undefined

  function take(read: SecretRead): void {
    if (!read.ok) {
      log.write('error', 'secret.unusable', { code: read.failure.code, hint: describeUnusable(read.failure) })
      return
    }
    const tokens = read.value.teamsTokens.join(',')
    if (kept?.tokens === tokens) {
      kept.confirmedAt = clock.monotonic()
      return
    }
    const ring = prepareKeyRing(read.value.teamsTokens)
    if (ring.ok) {
      if (kept) log.write('info', 'keys.changed', { tokens: ring.value.size })
      kept = { ring: ring.value, tokens, confirmedAt: clock.monotonic() }
    } else {
      log.write('error', 'keys.unusable', { code: ring.failure.code, hint: 'check TEAMS_HMAC_SECRET in the secret' })
    }
  }

  function usable(): KeyRing | undefined {
    return kept && clock.monotonic() - kept.confirmedAt < KEPT_FOR ? kept.ring : undefined
  }

  return {
    async current(deadline) {
      const now = clock.monotonic()
      const ring = usable()
      // Without one that counts every request waits for the secret, also those that come at the same time.
      if (ring && now - askedAt < ASK_EVERY) return ring
      askedAt = now
      const patience = ring ? Math.min(deadline, now + LONGEST_WAIT) : deadline
      await within(secret.current().then(take), { clock, deadline: patience, late: undefined })
      return usable()
    },
    async renewed(ring, deadline) {
      const now = clock.monotonic()
      const another = (): KeyRing | undefined => (kept?.ring === ring ? undefined : kept?.ring)
      if (!renewal && now - renewedAt < RENEW_EVERY) return another()
      if (!renewal) {
        renewedAt = now
        renewal = secret
          .refresh()
          .then(take)
          .finally(() => {
            renewal = undefined
          })
      }
      await within(renewal, { clock, deadline: Math.min(deadline, now + LONGEST_WAIT), late: undefined })
      return another()
    },
  }
}

/** Keys and what is wrong with them, never a value. */
function describeUnusable(failure: Extract<SecretRead, { readonly ok: false }>['failure']): string {
  switch (failure.code) {
    case 'secret-invalid':
      return `fix the secret: ${failure.problems.map(({ key, problem }) => `${key} is ${problem}`).join(', ')}`
    case 'secret-missing':
      return 'the secret does not exist any more in this region and account'
    case 'secret-unavailable':
      return 'Secrets Manager cannot be reached'
  }
}
