import {
  type Conflict,
  type Ledgers,
  type LedgerRecord,
  digestTicket,
  laneOf,
  retryOnConflict,
  unchanged,
} from 'ticket-core'
import { decideDeadLetter } from '../ledger/decide-dead-letter.ts'
import { dead, deadUnclaimed } from '../ledger/records.ts'
import { retrySoon, storeUnavailable } from '../message-result.ts'
import { altered, collision, type ReceivedLetter } from './read-dead-letter.ts'
import { correctArchive, writeArchive, type ArchivePorts, type ReportResult } from './write-archive.ts'

/** What archiving a dead letter needs of the world. */
export interface ArchiveLetterPorts extends ArchivePorts {
  readonly ledgers: Ledgers
}

type TicketLetter = Extract<ReceivedLetter, { kind: 'ticket' }>

/** Line 3, one message: read the record, decide, archive, record `dead`. */
export async function archiveDeadLetter(ports: ArchiveLetterPorts, letter: ReceivedLetter): Promise<ReportResult> {
  const attempt = (): Promise<ReportResult | Conflict> =>
    letter.kind === 'ticket' ? archiveTicket(ports, letter) : writeArchive(ports, letter, { mayBeDelivered: false })
  return retryOnConflict<ReportResult>(attempt, () => retrySoon(ports))
}

/** The archive is written before the ledger, so that `dead` always has its archive. */
async function archiveTicket(ports: ArchiveLetterPorts, letter: TicketLetter): Promise<ReportResult | Conflict> {
  const { ticket, life } = letter
  const ledger = ports.ledgers[laneOf(ticket.priority)]
  const stored = await ledger.read(ticket.id)
  if (stored.kind === 'unavailable')
    return storeUnavailable(ports, 'ledger', { ticket: letter.key, reason: stored.reason })

  const decision = decideDeadLetter(
    stored,
    { source: ticket.source, digest: digestTicket(ticket), life },
    ports.clock.now(),
  )
  if (decision.kind === 'acknowledge') return { kind: 'done' }
  if (decision.kind === 'later') return { kind: 'retry', until: decision.until }
  if (decision.kind === 'collision')
    return writeArchive(ports, collision(ticket, letter.kept), { mayBeDelivered: false })
  // Any lane can put a message into this queue, also one with another lane's ticket in other words.
  if (decision.kind === 'altered') return writeArchive(ports, altered(letter), { mayBeDelivered: false })
  if (decision.kind === 'correct') return correctArchive(ports, letter, decision.record)

  const { suspect } = decision
  const record = stored.kind === 'found' ? stored.item : undefined
  const named = withCauseOf(record, letter)
  const archived = await writeArchive(ports, named, { mayBeDelivered: suspect, record })
  if (archived.kind !== 'archived' || decision.isRecorded) return archived

  // An earlier run may have begun the archive: one death has one time.
  const step = { cause: named.kept.cause, suspect, life, now: archived.letter.at, nonce: ports.newNonce() }
  const next = record ? dead(record, step) : deadUnclaimed(ticket, step)
  const written = await ledger.write(ticket.id, next, unchanged(decision.stored))
  if (written.kind === 'unavailable')
    return storeUnavailable(ports, 'ledger', { ticket: letter.key, reason: written.reason })
  return written.kind === 'conflict' ? written : archived
}

/** A message that SQS moved names no cause. The ledger may have kept the vendor's. */
function withCauseOf(record: LedgerRecord | undefined, letter: TicketLetter): TicketLetter {
  const isNamed = letter.kept.message.attributes['code'] !== undefined
  return isNamed || !record?.failure ? letter : { ...letter, kept: { ...letter.kept, cause: record.failure } }
}
