/** All waiting of this package goes through here: the system's clock, or a virtual one that moves only when told. */
export interface Clock {
  /** Milliseconds that pass: only differences mean something, and setting the wall clock does not move it. */
  monotonic(): number
  /** Calls `run` once, `ms` from now; the returned function cancels that. */
  after(ms: number, run: () => void): () => void
}

/** Resolves `ms` from now. */
export function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve)
  })
}
