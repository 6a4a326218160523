import type { DeadLetter, Death, LedgerRecord } from 'ticket-core'
import type { Dead } from './read-dead.ts'
import type { ReportPorts } from './report-ports.ts'

/** The archive holds this death; `version` is what a later note must match. */
export interface Archived {
  readonly kind: 'archived'
  readonly letter: DeadLetter
  readonly version: string
}

type Step =
  | Archived
  | { readonly kind: 'over' }
  | { readonly kind: 'later'; readonly until: number }
  | { readonly kind: 'lost-race' }

/**
 * Writes the dead letter of this life, untold; an earlier life's becomes its history. One of the same life stays as it
 * is (a repeat), unless it has become doubtful meanwhile whether the vendor has the ticket: then it waits again, even
 * if it was closed.
 */
export async function writeArchive(
  ports: ReportPorts,
  dead: Dead,
  { mayBeDelivered, record }: { mayBeDelivered: boolean; record?: LedgerRecord | undefined },
): Promise<Step> {
  const stored = await ports.archive.read(dead.key)
  if (stored.kind === 'unavailable') return later(ports, dead, stored.reason)
  const before = stored.kind === 'found' ? stored.item : undefined
  const life = dead.kind === 'ticket' ? dead.life : 0
  if (stored.kind === 'found' && stored.item.life > life) return { kind: 'over' }
  const sameLife = before !== undefined && before.life === life && !cameAfterClosing(dead, before)
  if (stored.kind === 'found' && sameLife && (stored.item.mayBeDelivered || !mayBeDelivered)) {
    return { kind: 'archived', letter: stored.item, version: stored.version }
  }
  const letter: DeadLetter = {
    v: 1,
    key: dead.key,
    nonce: ports.newNonce(),
    kind: dead.kind,
    ...(dead.kind !== 'unreadable' && { ticket: dead.ticket }),
    message: dead.kept.message,
    life,
    at: sameLife ? before.at : (diedAt(record, life) ?? ports.clock.now()),
    cause: dead.kept.cause,
    mayBeDelivered,
    ...(sameLife && before.redrivenAt !== undefined && { redrivenAt: before.redrivenAt }),
    ...(record && { attempts: record.attempts }),
    history: before === undefined ? [] : sameLife ? before.history : [...before.history, deathOf(before)],
  }
  const written = await ports.archive.write(dead.key, letter, stored.kind === 'found' ? stored : 'absent')
  if (written.kind === 'lost') return { kind: 'lost-race' }
  if (written.kind === 'unavailable') return later(ports, dead, written.reason)
  ports.metrics.count('ticketing_dead_letters_total', { code: dead.kept.cause.code })
  ports.log.write('warn', 'dead-letter.archived', {
    ticket: dead.key,
    life,
    code: dead.kept.cause.code,
    mayBeDelivered,
  })
  return { kind: 'archived', letter, version: written.version }
}

/** The ledger knows it where a delivery ended it: there is one time of one death. */
function diedAt(record: LedgerRecord | undefined, life: number): number | undefined {
  return record?.state === 'dead' && record.life === life ? record.diedAt : undefined
}

/**
 * The same text without a ticket, sent after somebody closed its letter, is not what that somebody saw: it waits again,
 * and an admin is told. (A ticket has an id: what comes of it again is a copy.)
 */
function cameAfterClosing({ kind, kept }: Dead, { closed }: DeadLetter): boolean {
  return kind !== 'ticket' && closed !== undefined && (kept.message.sentAt ?? 0) > closed.at
}

/** The ticket was delivered after all: an archive that still asks for somebody's attention says so. */
export async function putArchiveRight(ports: ReportPorts, dead: Dead, record: LedgerRecord): Promise<Step> {
  const stored = await ports.archive.read(dead.key)
  if (stored.kind === 'unavailable') return later(ports, dead, stored.reason)
  if (stored.kind === 'absent' || stored.item.redrivenAt || stored.item.correctedAt) return { kind: 'over' }
  const letter = { ...stored.item, nonce: ports.newNonce(), correctedAt: record.deliveredAt ?? ports.clock.now() }
  const written = await ports.archive.write(dead.key, letter, stored)
  if (written.kind === 'lost') return { kind: 'lost-race' }
  if (written.kind === 'unavailable') return later(ports, dead, written.reason)
  ports.log.write('info', 'dead-letter.corrected', { ticket: dead.key, life: stored.item.life })
  return { kind: 'over' }
}

function deathOf({ life, at, cause, toldAt, redrivenAt, closed, correctedAt }: DeadLetter): Death {
  return {
    life,
    at,
    cause,
    ...(toldAt !== undefined && { toldAt }),
    ...(redrivenAt !== undefined && { redrivenAt }),
    ...(closed && { closed }),
    ...(correctedAt !== undefined && { correctedAt }),
  }
}

function later(ports: ReportPorts, dead: Dead, reason: string): Step {
  ports.log.write('error', 'archive.unavailable', { ticket: dead.key, reason })
  return { kind: 'later', until: ports.clock.now() }
}
