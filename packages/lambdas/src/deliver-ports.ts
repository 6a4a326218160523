import type { Clock, DeadLetterQueue, Ledger, SourceQueue, TicketLane, TicketSink } from 'ticket-core'
import type { CasePorts } from './open-case.ts'

export type { Execution } from './execution.ts'

/** What delivering needs of the world. */
export interface DeliverPorts extends CasePorts {
  readonly lane: TicketLane
  readonly sink: TicketSink
  /** The lane's own. */
  readonly ledger: Ledger
  readonly source: SourceQueue
  readonly deadLetters: DeadLetterQueue
  readonly clock: Clock
  /** From a life's first failed attempt on; milliseconds. */
  readonly giveUpAfterMs: number
  /** 0 to 1, for back-off. */
  jitter(): number
}
