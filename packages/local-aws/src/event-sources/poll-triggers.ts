/** Wakes idle pollers when their next poll may have another result. */
export interface PollTriggers {
  /** Counts the triggers: a poller that compares it with an older value sees whether it missed one. */
  readonly count: number
  trigger(): void
  /** Calls `run` at the next trigger; the returned function cancels that. */
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
