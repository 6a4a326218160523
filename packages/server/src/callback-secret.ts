import type { AppSecret, Clock, SecretRead, SecretSource } from 'ticket-core'
import { within } from './within.ts'

/** The secret, as callbacks need it. */
export interface CallbackSecret {
  /** Undefined: it cannot be read before the deadline. */
  current(deadline: number): Promise<AppSecret | undefined>
  /**
   * After a signature that does not fit: the secret, read again if the last time was 30 s ago or more. Reads Secrets
   * Manager no more often, however many forged callbacks come.
   */
  renewed(deadline: number): Promise<AppSecret | undefined>
}

const RENEW_EVERY = 30_000

/** Shares one renewal between all vendors. */
export function createCallbackSecret({
  secret,
  clock,
}: {
  readonly secret: SecretSource
  readonly clock: Clock
}): CallbackSecret {
  let renewedAt = Number.NEGATIVE_INFINITY

  async function wait(read: Promise<SecretRead>, deadline: number): Promise<AppSecret | undefined> {
    const value = await within(read, { clock, deadline, late: undefined })
    return value?.ok === true ? value.value : undefined
  }

  return {
    current: (deadline) => wait(secret.current(), deadline),
    async renewed(deadline) {
      const now = clock.monotonic()
      if (now - renewedAt < RENEW_EVERY) return wait(secret.current(), deadline)
      renewedAt = now
      return wait(secret.refresh(), deadline)
    },
  }
}
