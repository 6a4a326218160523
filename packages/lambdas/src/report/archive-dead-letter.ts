import {
  type Conflict,
  type Ledgers,
  type LedgerRecord,
  type DeliveryLane,
  laneOf,
  laneOfPlace,
  retryOnConflict,
  unchanged,
} from 'ticket-core'
import { decideDeadLetter } from '../decide/decide-dead-letter.ts'
import { dead, deadUnclaimed } from '../decide/records.ts'
import { type Subject, effectSubject, ticketSubject } from '../decide/subject.ts'
import { retrySoon, storeUnavailable } from '../message-result.ts'
import { altered, collision, type ReceivedLetter, unreadable } from './read-dead-letter.ts'
import { correctArchive, writeArchive, type ArchivePorts, type ReportResult } from './write-archive.ts'

/** What archiving a dead letter needs. */
export interface ArchiveLetterPorts extends ArchivePorts {
  readonly ledgers: Ledgers
}

type RecordedLetter = Extract<ReceivedLetter, { kind: 'ticket' | 'effect' }>

/** Line 3, one message: read the record, decide, archive, record `dead`. */
export async function archiveDeadLetter(ports: ArchiveLetterPorts, letter: ReceivedLetter): Promise<ReportResult> {
  const attempt = (): Promise<ReportResult | Conflict> =>
    letter.kind === 'ticket' || letter.kind === 'effect'
      ? archiveRecorded(ports, letter)
      : writeArchive(ports, letter, { mayBeDelivered: false })
  return retryOnConflict<ReportResult>(attempt, () => retrySoon(ports))
}

/** The archive is written before the ledger, so that `dead` always has its archive. */
async function archiveRecorded(ports: ArchiveLetterPorts, letter: RecordedLetter): Promise<ReportResult | Conflict> {
  const { life } = letter
  const { subject, lane } = recordOf(letter)
  const ledger = ports.ledgers[lane]
  const stored = await ledger.read(subject.id)
  if (stored.kind === 'unavailable')
    return storeUnavailable(ports, 'ledger', { ticket: letter.key, reason: stored.reason })

  const decision = decideDeadLetter(stored, { ...subject, life }, ports.clock.now())
  if (decision.kind === 'acknowledge') return { kind: 'done' }
  if (decision.kind === 'later') return { kind: 'retry', until: decision.until }
  // Any lane can put a message into this queue, also one with another lane's ticket in other words.
  if (decision.kind === 'collision' || decision.kind === 'altered')
    return writeArchive(ports, beside(letter, decision.kind), { mayBeDelivered: false })
  if (decision.kind === 'correct') return correctArchive(ports, letter, decision.record)

  const { suspect } = decision
  const record = stored.kind === 'found' ? stored.item : undefined
  const named = withCauseOf(record, letter)
  const archived = await writeArchive(ports, named, { mayBeDelivered: suspect, record })
  if (archived.kind !== 'archived' || decision.isRecorded) return archived

  // An earlier run may have begun the archive: one death has one time.
  const step = { cause: named.kept.cause, suspect, life, now: archived.letter.at, nonce: ports.newNonce() }
  const next = record ? dead(record, step) : deadUnclaimed(subject, step)
  const written = await ledger.write(subject.id, next, unchanged(decision.stored))
  if (written.kind === 'unavailable')
    return storeUnavailable(ports, 'ledger', { ticket: letter.key, reason: written.reason })
  return written.kind === 'conflict' ? written : archived
}

function recordOf(letter: RecordedLetter): { readonly subject: Subject; readonly lane: DeliveryLane } {
  return letter.kind === 'ticket'
    ? { subject: ticketSubject(letter.ticket), lane: laneOf(letter.ticket.priority) }
    : { subject: effectSubject(letter.effect), lane: laneOfPlace(letter.effect.place) }
}

/** A letter that is not what its lane sends: archived under a name of its own, and no record is touched. */
function beside(letter: RecordedLetter, kind: 'collision' | 'altered'): ReceivedLetter {
  if (letter.kind === 'effect') return unreadable(letter.kept)
  return kind === 'collision' ? collision(letter.ticket, letter.kept) : altered(letter)
}

/** A message that SQS moved names no cause. The ledger may have kept the vendor's. */
function withCauseOf(record: LedgerRecord | undefined, letter: RecordedLetter): RecordedLetter {
  const isNamed = letter.kept.message.attributes['code'] !== undefined
  return isNamed || !record?.failure ? letter : { ...letter, kept: { ...letter.kept, cause: record.failure } }
}
