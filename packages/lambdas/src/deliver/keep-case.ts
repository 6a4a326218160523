import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import {
  type Absent,
  type Case,
  type CaseStore,
  type Clock,
  type Found,
  type LedgerRecord,
  type Metrics,
  type Person,
  type Ticket,
  caseObject,
  indexKeysOf,
  isForgotten,
  newCase,
  personOf,
} from 'ticket-core'
import { type IndexPorts, putMarkers, removeStaleMarkers } from '../mark-index.ts'
import { storeUnavailable, type Retry } from '../message-result.ts'
import { type BookPorts, rememberPerson } from '../remember-person.ts'

/** What keeping a case needs. */
export interface CasePorts extends IndexPorts, BookPorts {
  readonly cases: CaseStore
  readonly clock: Clock
  readonly metrics: Metrics
  newNonce(): string
}

/** The ticket is in the bucket, whole, under this key. */
export interface Kept {
  readonly kind: 'kept'
  readonly key: string
  /** Its reporter was forgotten before this message came: the case has no words any more, and none may come back. */
  readonly forgotten?: Case
}

/** The reporter, as events name people. */
function reporterOf({ reporter }: Ticket): Person | undefined {
  return reporter && { via: 'teams', ...personOf(reporter) }
}

type OpenedCase = Kept | { readonly kind: 'unavailable'; readonly reason: string }

/** Hex digits of the ticket's digest in the key of a case beside another one. */
const KEY_DIGITS = 16

/**
 * Keeps a ticket whole before any vendor is called, and in the index before that. A ticket that was claimed before has
 * its case: its record names the key. A repeat finds the case there. If the case under this id has other content, another
 * writer made it, and the message counts: the ticket gets a case beside it, and the mismatch is reported.
 */
export async function keepCase(
  ports: CasePorts,
  ticket: Ticket,
  stored: Found<LedgerRecord> | Absent,
): Promise<Kept | Retry> {
  if (stored.kind === 'found' && stored.item.caseKey !== undefined) return { kind: 'kept', key: stored.item.caseKey }
  const opened = await openCase(ports, ticket)
  if (opened.kind === 'kept') {
    if (!opened.forgotten) await rememberPerson(ports, ticket.teamId, reporterOf(ticket))
    return opened
  }
  return storeUnavailable(ports, 'case', { ticket: ticket.id, reason: opened.reason })
}

async function openCase(ports: CasePorts, ticket: Ticket): Promise<OpenedCase> {
  const opened = await openIndexed(ports, ticket)
  if (opened.kind !== 'other') return opened
  const digest = createHash('sha256').update(JSON.stringify(ticket)).digest('hex')
  const key = `${ticket.id}-${digest.slice(0, KEY_DIGITS)}`
  ports.metrics.count('ticketing_case_mismatches_total')
  ports.log.write('error', 'case.mismatch', {
    ticket: ticket.id,
    reason: `${caseObject(ticket.id)} ${opened.reason}; this ticket is delivered, and kept in ${caseObject(key)}`,
  })
  const beside = await keepAt(ports, key, newCase(ticket, ports.newNonce()))
  if (beside.kind !== 'other') return beside
  return { kind: 'unavailable', reason: `${caseObject(key)} ${beside.reason}.` }
}

type OtherCase = { readonly kind: 'other'; readonly reason: string }

/** Markers first, then the case: no list ever misses it. A case that is there already may have changed since. */
async function openIndexed(ports: CasePorts, ticket: Ticket): Promise<OpenedCase | OtherCase> {
  const opening = newCase(ticket, ports.newNonce())
  const keys = indexKeysOf(opening)
  const put = await putMarkers(ports, keys)
  if (put.kind === 'unavailable') return put
  const { there, ...opened } = await keepAt(ports, ticket.id, opening)
  if (!there) return opened
  const removed = await removeStaleMarkers(ports, keys, there.item)
  return removed.kind === 'unavailable' ? removed : opened
}

async function keepAt(
  ports: CasePorts,
  key: string,
  opening: Case,
): Promise<(OpenedCase | OtherCase) & { readonly there?: Found<Case> }> {
  const written = await ports.cases.write(key, opening, 'absent')
  if (written.kind === 'written') return { kind: 'kept', key }
  const stored = await ports.cases.read(key)
  switch (stored.kind) {
    case 'found':
      if (stored.item.source === opening.source && isForgotten(stored.item.ticket))
        return { kind: 'kept', key, there: stored, forgotten: stored.item }
      return isDeepStrictEqual(stored.item.ticket, opening.ticket)
        ? { kind: 'kept', key, there: stored }
        : { kind: 'other', reason: 'holds another ticket', there: stored }
    case 'absent':
      return { kind: 'unavailable', reason: written.kind === 'unavailable' ? written.reason : 'The case is gone.' }
    case 'unavailable':
      return stored.damaged ? { kind: 'other', reason: 'is damaged' } : stored
  }
}
