/** A body that is still coming in. */
export interface UnfinishedBody {
  /** Bytes so far. */
  readonly size: number
  /** Lets go of what came. Called once at most. */
  giveUp(): void
}

/** The unfinished bodies of all connections together. */
export interface BodyBudget {
  /** Call it whenever the body has grown; makes room by giving up the largest, which may be this one. */
  grown(body: UnfinishedBody, by: number): void
  /** The body is complete, refused or gone. Harmless when it is not counted. */
  ended(body: UnfinishedBody): void
}

/**
 * Bounds what strangers can make the server hold before any signature is looked at. A Teams message is small and comes
 * in one piece; whoever holds connections open with large halves loses the largest first.
 */
export function createBodyBudget(maxBytes: number): BodyBudget {
  const bodies = new Set<UnfinishedBody>()
  let total = 0
  const ended = (body: UnfinishedBody): void => {
    if (bodies.delete(body)) total -= body.size
  }
  return {
    grown(body, by) {
      bodies.add(body)
      total += by
      // Once is enough: this one grew, so the largest is at least as large as what came too much.
      const largest = total > maxBytes ? findLargest(bodies) : undefined
      if (!largest) return
      ended(largest)
      largest.giveUp()
    },
    ended,
  }
}

function findLargest(bodies: ReadonlySet<UnfinishedBody>): UnfinishedBody | undefined {
  let largest: UnfinishedBody | undefined
  for (const body of bodies) if (!largest || body.size > largest.size) largest = body
  return largest
}
