/** A request would have left the machine. Names only the origin: paths and queries may hold secrets. Never a network failure. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused'
  readonly origin: string

  constructor(origin: string, allowed: readonly string[]) {
    super(
      `A request to ${origin} was refused: nothing may leave this machine here. ` +
        `Allowed: ${allowed.length > 0 ? allowed.join(', ') : 'nothing'}. Start a simulator for that origin, or configure one of these.`,
    )
    this.origin = origin
  }
}
