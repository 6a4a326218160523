import type { EventSourcePorts } from '../../event-sources/event-source-ports.ts'

/** A queue, accessed as the function's role. */
interface QueueAccess {
  readonly ports: Omit<EventSourcePorts, 'invoke'>
  /** Rejects with SQS's error if the queue does not exist or the role may not read it. */
  visibilityTimeoutSeconds(): Promise<number>
}

/** Opens a queue as a function's role. */
export type OpenQueue = (request: { queueArn: string; roleArn: string }) => QueueAccess
