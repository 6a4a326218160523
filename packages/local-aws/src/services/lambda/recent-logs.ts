/** The last lines that each function wrote. */
export interface RecentLogs {
  add(functionName: string, line: string): void
  of(functionName: string): readonly string[]
}

/** Keeps at most `limit` lines of each function, in memory. */
export function createRecentLogs(limit = 1000): RecentLogs {
  const tails = new Map<string, string[]>()
  return {
    add(functionName, line) {
      const tail = tails.get(functionName) ?? []
      tails.set(functionName, tail)
      tail.push(line)
      // Cut rarely and by half, since taking from the front moves all the rest.
      if (tail.length > limit * 2) tail.splice(0, tail.length - limit)
    },
    of: (functionName) => (tails.get(functionName) ?? []).slice(-limit),
  }
}
