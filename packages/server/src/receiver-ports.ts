import type { Clock, LedgerReader, Log, Metrics, SecretSource, TicketQueue, TokenTeams } from 'ticket-core'

/** What line 1 needs of the world. */
export interface ReceiverPorts {
  readonly secret: SecretSource
  readonly queue: Pick<TicketQueue, 'enqueue'>
  readonly ledger: LedgerReader
  readonly tokenTeams: TokenTeams
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Milliseconds that a message's time stamp may be off, either way. */
  readonly maxAgeMs: number
}
