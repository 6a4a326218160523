import type { EventSourcePorts } from '../../event-sources/event-source-ports.ts'

/** A queue as the function's role reaches it. */
interface QueueAccess {
  readonly ports: Omit<EventSourcePorts, 'invoke'>
  /** Rejects with the queue's own error when it is not there or the role may not read it. */
  visibilityTimeoutSeconds(): Promise<number>
}

/** Opens a queue in the name of a function's role. */
export type OpenQueue = (request: { queueArn: string; roleArn: string }) => QueueAccess
