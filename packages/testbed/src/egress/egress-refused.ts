/** A request that would have left the machine, and the code that made it. */
export interface EgressAttempt {
  /** Host and port where known: never a path, which may hold a secret. */
  readonly origin: string
  /** The first frame of the stack that is neither Node's nor a package's: function, file and line. */
  readonly caller: string
  /** The function that ran, or the process's main file; absent in the process that installed the guard. */
  readonly process?: string
}

/** The text of a failed test: each attempt once with its count, its caller, and what to do. */
export function describeEgress(attempts: readonly EgressAttempt[]): string {
  const counts = new Map<string, number>()
  for (const { origin, caller, process } of attempts) {
    const line = `${origin}, asked by ${caller}${process === undefined ? '' : `, in ${process}`}`
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  const lines = [...counts].map(([line, count]) => `  ${line}${count > 1 ? ` (${count} times)` : ''}`)
  return (
    `Refused, because it would have left this machine:\n${lines.join('\n')}\n` +
    'Point that client at a simulator or at the embedded cloud; where a host must be reached, allow it by name.'
  )
}

/** A request would have left the machine. Never a network failure. Names only the origin: paths and queries may hold secrets. */
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

/** The decision of the guard, as the patched functions use it. */
export interface Refuse {
  /** Whether the options allow this host by name. */
  isAllowed(host: string): boolean
  /** Records the attempt and makes the error. Call it while the stack still shows the caller. */
  because(origin: string): Error
}
