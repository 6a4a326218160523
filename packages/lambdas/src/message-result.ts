import type { Clock, DeliveryOutcome, Log, LogFields } from 'ticket-core'

/** Nothing is left to do: SQS deletes the message. */
export interface Done {
  readonly kind: 'done'
  readonly outcome?: DeliveryOutcome
}

/** The message stays in its queue, hidden until then (milliseconds since the epoch). */
export interface Retry {
  readonly kind: 'retry'
  readonly until: number
  /** `until` is the message's own next attempt: the vendor was called, or what the message waits for is not there. */
  readonly called?: boolean
  readonly outcome?: DeliveryOutcome
}

/** What became of a message. `deferred`: its ticket is a suspect, to be delivered after the calm ones of its batch. */
export type MessageResult = Done | Retry | { readonly kind: 'deferred'; readonly outcome?: undefined }

/** Nothing was done, and nothing speaks against the next receive. */
export function retrySoon({ clock }: { readonly clock: Clock }): Retry {
  return { kind: 'retry', until: clock.now() }
}

/** A store did not answer: the log says which and why, and the message comes back. */
export function storeUnavailable(
  ports: { readonly clock: Clock; readonly log: Log },
  store: 'ledger' | 'case' | 'archive',
  about: LogFields & { readonly ticket: string; readonly reason: string },
): Retry {
  ports.log.write('error', `${store}.unavailable`, about)
  return retrySoon(ports)
}
