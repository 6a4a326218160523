/** All time of the cloud: visibility, delays, long polls, windows, time-outs. The system's, or a virtual one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds that pass: only differences mean something, and setting the wall clock does not move it. */
  monotonic(): number
  /**
   * Calls `run` once, `ms` from now; the returned function cancels that. `idle` marks the end of a wait in which nothing
   * is under way, such as a long poll of an empty queue: a virtual clock that runs until all is quiet does not wait for it.
   */
  after(ms: number, run: () => void, mark?: 'idle'): () => void
  /**
   * Calls `run` whenever the wall clock was set, which moves no timer: whoever waits for a time of day waits anew. A clock
   * that cannot tell does not have it; there one looks again now and then.
   */
  onJump?(run: () => void): void
}
