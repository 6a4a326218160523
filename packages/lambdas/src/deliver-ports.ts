import type { Clock, DeadLetterQueue, Ledger, Log, Metrics, SourceQueue, TicketLane, TicketSink } from 'ticket-core'

export type { Execution } from './execution.ts'

/** What delivering needs of the world. */
export interface DeliverPorts {
  readonly lane: TicketLane
  readonly sink: TicketSink
  /** The lane's own. */
  readonly ledger: Ledger
  readonly source: SourceQueue
  readonly deadLetters: DeadLetterQueue
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** From a life's first failed attempt on; milliseconds. */
  readonly giveUpAfterMs: number
  /** A fresh one for every write of the ledger. */
  newNonce(): string
  /** 0 to 1, for back-off. */
  jitter(): number
}
