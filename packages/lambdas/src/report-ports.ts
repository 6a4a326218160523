import type { AdminNotice, CaseStore, Clock, DeadLetterArchive, Ledgers, Log, Metrics, SourceQueue } from 'ticket-core'

/** What reporting a dead letter needs of the world. */
export interface ReportPorts {
  readonly ledgers: Ledgers
  readonly cases: Pick<CaseStore, 'read'>
  readonly archive: DeadLetterArchive
  readonly admin: AdminNotice
  readonly source: SourceQueue
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** A fresh one for every write. */
  newNonce(): string
}
