/** Wakes pollers that wait for work: what their next poll would meet has changed. */
export interface PollTriggers {
  /** How many there were: whoever remembers it can tell whether he missed one. */
  readonly count: number
  trigger(): void
  /** Calls `run` at the next one; the returned function takes that back. */
  onNext(run: () => void): () => void
}

export function createPollTriggers(): PollTriggers {
  let count = 0
  let waiting = new Set<() => void>()
  return {
    get count() {
      return count
    },
    trigger() {
      count += 1
      const woken = waiting
      waiting = new Set()
      for (const run of woken) run()
    },
    onNext(run) {
      const joined = waiting.add(run)
      return () => void joined.delete(run)
    },
  }
}
