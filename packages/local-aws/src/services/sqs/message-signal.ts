/** Wakes the long polls of a queue. */
export interface MessageSignal {
  notify(queueId: number): void
  /** Calls `run` at the next notification for that queue; the returned function cancels that. */
  onNotify(queueId: number, run: () => void): () => void
}

export function createMessageSignal(): MessageSignal {
  const waiting = new Map<number, Set<() => void>>()
  return {
    notify(queueId) {
      const called = waiting.get(queueId)
      if (!called) return
      waiting.delete(queueId)
      for (const run of called) run()
    },
    onNotify(queueId, run) {
      const called = waiting.get(queueId) ?? new Set()
      waiting.set(queueId, called.add(run))
      return () => void called.delete(run)
    },
  }
}
