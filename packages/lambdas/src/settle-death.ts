import { isDeepStrictEqual } from 'node:util'
import type { LedgerRecord } from 'ticket-core'
import { laneOf } from 'ticket-core'
import type { Archived } from './write-archive.ts'
import { putArchiveRight, writeArchive } from './write-archive.ts'
import { bornDead, dead as deadRecord } from './ledger/records.ts'
import type { Dead } from './read-dead.ts'
import { altered, collision } from './read-dead.ts'
import type { ReportPorts } from './report-ports.ts'

export type Settled =
  /** Nothing is left to do: it belongs to an older life, or was delivered after all. */
  { readonly kind: 'over' } | { readonly kind: 'later'; readonly until: number } | Archived

const READINGS = 5

type Letter = Extract<Dead, { kind: 'ticket' }>

/** Archive first, then the ledger: so that `dead` always has its archive. A race that was lost starts at the reading. */
export async function settleDeath(ports: ReportPorts, dead: Dead): Promise<Settled> {
  for (let reading = 0; reading < READINGS; reading += 1) {
    const settled =
      dead.kind === 'ticket'
        ? await settleOnce(ports, dead)
        : await writeArchive(ports, dead, { mayBeDelivered: false })
    if (settled.kind !== 'lost-race') return settled
  }
  return { kind: 'later', until: ports.clock.now() }
}

async function settleOnce(ports: ReportPorts, dead: Letter): Promise<Settled | { readonly kind: 'lost-race' }> {
  const { ticket, life } = dead
  const now = ports.clock.now()
  const ledger = ports.ledgers[laneOf(ticket.priority)]
  const stored = await ledger.read(ticket.id)
  if (stored.kind === 'unavailable') return later(ports, dead, stored.reason)
  const record = stored.kind === 'found' ? stored.item : undefined
  if (record && record.source !== ticket.source)
    return writeArchive(ports, collision(ticket, dead.kept), { mayBeDelivered: false })
  if (record && life < record.life) return { kind: 'over' }
  if (record?.state === 'delivered') return putArchiveRight(ports, dead, record)
  if (record?.state === 'claimed' && (record.claim?.until ?? 0) > now) {
    return { kind: 'later', until: record.claim?.until ?? now }
  }
  const compared = await compareWithCase(ports, dead, record)
  if (compared.kind === 'later') return compared
  if (compared.kind === 'altered') return writeArchive(ports, altered(dead), { mayBeDelivered: false })
  // Its holder died in the middle: the vendor may have it.
  const suspect = record?.state === 'claimed' || record?.suspect === true
  const told = withCauseOf(record, dead)
  const archived = await writeArchive(ports, told, { mayBeDelivered: suspect, record })
  if (archived.kind !== 'archived') return archived
  if (isDeadAlready(record, life)) return archived

  // The archive may have been begun by an earlier run: there is one time of one death.
  const step = { cause: told.kept.cause, suspect, life, now: archived.letter.at, nonce: ports.newNonce() }
  const next = record ? deadRecord(record, step) : bornDead(ticket, step)
  const written = await ledger.write(ticket.id, next, stored.kind === 'found' ? stored : 'absent')
  if (written.kind === 'lost') return { kind: 'lost-race' }
  if (written.kind === 'unavailable') return later(ports, dead, written.reason)
  return archived
}

/**
 * A lane can put any message into the dead-letter queue, also one with another lane's ticket in other words. Of a ticket
 * that was claimed, its lane's record names the case that holds its text.
 */
async function compareWithCase(
  ports: ReportPorts,
  dead: Letter,
  record: LedgerRecord | undefined,
): Promise<{ readonly kind: 'same' | 'altered' } | Extract<Settled, { kind: 'later' }>> {
  if (record?.caseKey === undefined) return { kind: 'same' }
  const stored = await ports.cases.read(record.caseKey)
  if (stored.kind === 'unavailable' && !stored.damaged) {
    ports.log.write('error', 'case.unavailable', { ticket: dead.key, reason: stored.reason })
    return { kind: 'later', until: ports.clock.now() }
  }
  return { kind: stored.kind !== 'found' || isDeepStrictEqual(stored.item.ticket, dead.ticket) ? 'same' : 'altered' }
}

/** What SQS moved by itself names no cause; the ledger may have kept the vendor's. */
function withCauseOf(record: LedgerRecord | undefined, dead: Letter): Letter {
  const isNamed = dead.kept.message.attributes['code'] !== undefined
  return isNamed || !record?.failure ? dead : { ...dead, kept: { ...dead.kept, cause: record.failure } }
}

function isDeadAlready(record: LedgerRecord | undefined, life: number): boolean {
  return record?.state === 'dead' && record.life >= life
}

function later(ports: ReportPorts, dead: Dead, reason: string): Settled {
  ports.log.write('error', 'ledger.unavailable', { ticket: dead.key, reason })
  return { kind: 'later', until: ports.clock.now() }
}
