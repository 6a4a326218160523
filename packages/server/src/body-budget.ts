/** A body of which a part has arrived. */
export interface UnfinishedBody {
  /** Bytes received so far. */
  readonly size: number
  /** Drops the received bytes. Called at most once. */
  giveUp(): void
}

/** The limit for the unfinished bodies of all connections together. */
export interface BodyBudget {
  /** Counts bytes of a body; over the limit, gives up the largest body, which may be this one. */
  grown(body: UnfinishedBody, by: number): void
  /** The body is complete, refused or gone: it counts no more. May be called again. */
  ended(body: UnfinishedBody): void
}

/**
 * Bounds the memory that unauthenticated callers can fill. A Teams message is small and arrives in one piece; a client
 * that holds connections open with large unfinished bodies loses the largest first.
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
      // Removing one is enough: the largest body is at least as large as the bytes that exceed the limit.
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
