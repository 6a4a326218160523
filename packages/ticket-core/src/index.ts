export { fail, succeed } from './result.ts'
export type { Result } from './result.ts'
export type { Destination, Draft, Link, Priority, Reporter, Ticket } from './ticket.ts'
export type { Attempt, AttemptHistory, DeathCause, LedgerRecord, Receipt } from './ledger-record.ts'
export type { DeadLetter, Death, KeptMessage } from './dead-letter.ts'
export { readAppSecret } from './secret.ts'
export type { AppSecret, SecretProblem } from './secret.ts'
export type {
  AdminNotice,
  Clock,
  ConditionalStore,
  DeadLetterArchive,
  DeadLetterMessage,
  DeadLetterQueue,
  Delivery,
  DeliveryOutcome,
  Enqueued,
  Ledger,
  LedgerReader,
  Log,
  LogFields,
  LogLevel,
  Metrics,
  SecretRead,
  SecretSource,
  SourceQueue,
  Stored,
  TicketQueue,
  TicketSink,
  Written,
} from './ports.ts'
