/**
 * Why the server did not start, one line a cause, each saying what to do. `configuration`: starting again changes
 * nothing until somebody puts it right. `unavailable`: AWS did not answer; a later try may do.
 */
export interface StartFailure {
  readonly code: 'configuration' | 'port-in-use' | 'unavailable'
  readonly lines: readonly string[]
}

/** A server that answers. */
export interface RunningServer {
  /** Where this machine reaches it. */
  readonly url: string
  /** On the way out: `/ready` says 503 and every answer closes its connection, and all requests are still answered. */
  retire(): void
  /** Answers every accepted request, finishes every queued send, closes. Any number of times. */
  close(): Promise<void>
}
