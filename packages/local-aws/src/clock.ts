/** All time of the cloud: visibility, delays, long polls, windows, time-outs. The system's, or a virtual one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls `run` once, `ms` from now; the returned function cancels that. */
  after(ms: number, run: () => void): () => void
}
