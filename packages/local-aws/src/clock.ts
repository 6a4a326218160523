/** The time of the cloud, for visibility, delays, long polls, windows and time-outs: the system's, or a virtual one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Monotonic milliseconds: only differences have a meaning, and setting the wall clock has no effect. */
  monotonic(): number
  /**
   * Calls `run` once, `ms` from now; the returned function cancels that. `idle` marks a wait without pending work,
   * such as a long poll of an empty queue: a virtual clock that runs until quiet does not wait for it.
   */
  after(ms: number, run: () => void, mark?: 'idle'): () => void
  /**
   * Calls `run` whenever the wall clock was set, which does not move timers: a wait for a time of day must start
   * again. A clock that cannot detect this does not have it; then check from time to time.
   */
  onJump?(run: () => void): void
}
