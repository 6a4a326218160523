/** One server; a restart takes the same address again. */
export interface Replica {
  readonly url: string
  /** Answers what it has accepted, then stops. Harmless when it has stopped already. */
  stop(): Promise<void>
  start(): Promise<void>
  /** SIGKILL: whatever it was doing is left undone, and nobody gets an answer. Only on the virtual clock. */
  kill(): void
}
