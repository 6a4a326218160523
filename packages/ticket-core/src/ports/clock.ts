/** The only source of time: the system's clock, or a virtual one that tests move. */
export interface Clock {
  /** Milliseconds since the epoch, for people and other machines. It jumps when the clock is set. */
  now(): number
  /**
   * Milliseconds since an arbitrary moment: only differences have a meaning. It never goes back, and setting the
   * clock does not move it: for ages, deadlines, pauses and rates.
   */
  monotonic(): number
  /**
   * Calls `run` once, `ms` from now; the returned function cancels that. `idle`: nothing waits for it, as for the next of
   * a regular check; a virtual clock that runs until all work is done does not wait for it either.
   */
  after(ms: number, run: () => void, mark?: 'idle'): () => void
}
