/** A body that is still coming in. */
export interface HeldBody {
  /** Bytes so far. */
  readonly size: number
  /** Lets go of what came. Called once at most. */
  giveUp(): void
}

/** The unfinished bodies of all connections together. */
export interface HeldBodies {
  /** Call it whenever the body has grown; makes room by giving up the largest, which may be this one. */
  grown(body: HeldBody, by: number): void
  /** The body is complete, refused or gone. Harmless when it is not held. */
  ended(body: HeldBody): void
}

/**
 * Bounds what strangers can make the server hold before any signature is looked at. A Teams message is small and comes
 * in one piece; whoever holds connections open with large halves loses the largest first.
 */
export function createHeldBodies(maxBytes: number): HeldBodies {
  const held = new Set<HeldBody>()
  let total = 0
  const ended = (body: HeldBody): void => {
    if (held.delete(body)) total -= body.size
  }
  return {
    grown(body, by) {
      held.add(body)
      total += by
      // Once is enough: this one grew, so the largest is at least as large as what came too much.
      const largest = total > maxBytes ? findLargest(held) : undefined
      if (!largest) return
      ended(largest)
      largest.giveUp()
    },
    ended,
  }
}

function findLargest(held: ReadonlySet<HeldBody>): HeldBody | undefined {
  let largest: HeldBody | undefined
  for (const body of held) if (!largest || body.size > largest.size) largest = body
  return largest
}
