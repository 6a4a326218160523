import type { EgressAttempt } from './egress-attempt.ts'

/** A request would have left the machine. Names only the origin: paths and queries may hold secrets. Never a network failure. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused'
  readonly code = 'EGRESS_REFUSED'
  /** Host and port, or an origin. */
  readonly origin: string

  constructor({ origin, caller }: Pick<EgressAttempt, 'origin' | 'caller'>, allowed: readonly string[]) {
    super(
      `A request to ${origin} was refused: nothing may leave this machine here. Asked by ${caller}. ` +
        `Allowed: ${allowed.length > 0 ? allowed.join(', ') : 'nothing'}. Start a simulator for that origin, or configure one of these.`,
    )
    this.origin = origin
  }
}
