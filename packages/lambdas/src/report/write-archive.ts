import {
  type Clock,
  type Conflict,
  type DeadLetter,
  type DeadLetterArchive,
  type Death,
  type LedgerRecord,
  type Log,
  type Metrics,
  FORGOTTEN,
  forgetWords,
  unchanged,
  writeEnvelope,
} from 'ticket-core'
import { storeUnavailable, type Done, type Retry } from '../message-result.ts'
import type { ReceivedLetter } from './read-dead-letter.ts'

/** What writing the archive needs. */
export interface ArchivePorts {
  readonly archive: DeadLetterArchive
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** A fresh one for every write. */
  newNonce(): string
}

/** The archive holds this death; `version` is what a later note must match. */
export interface Archived {
  readonly kind: 'archived'
  readonly letter: DeadLetter
  readonly version: string
}

/** What became of a dead letter. An archived one may still need its notice. */
export type ReportResult = Done | Retry | Archived

/**
 * Writes the dead letter of this life; no admin has been notified of it yet. The letter of an earlier life becomes its
 * history. A letter of the same life stays as it is (a repeat), unless the vendor may have the ticket by now: then it
 * waits again, even if it was closed.
 */
export async function writeArchive(
  ports: ArchivePorts,
  received: ReceivedLetter,
  { mayBeDelivered, record }: { mayBeDelivered: boolean; record?: LedgerRecord | undefined },
): Promise<ReportResult | Conflict> {
  const stored = await ports.archive.read(received.key)
  if (stored.kind === 'unavailable') return unavailable(ports, received, stored.reason)
  const before = stored.kind === 'found' ? stored.item : undefined
  const life = hasLives(received) ? received.life : 0
  if (stored.kind === 'found' && stored.item.life > life) return { kind: 'done' }
  const sameLife = before !== undefined && before.life === life && !cameAfterClosing(received, before)
  if (stored.kind === 'found' && sameLife && (stored.item.mayBeDelivered || !mayBeDelivered)) {
    return { kind: 'archived', letter: stored.item, version: stored.version }
  }
  const letter: DeadLetter = {
    v: 1,
    key: received.key,
    nonce: ports.newNonce(),
    kind: received.kind,
    ...('ticket' in received && { ticket: received.ticket }),
    ...('event' in received && { event: received.event }),
    ...('effect' in received && { effect: received.effect }),
    message: received.kept.message,
    ...(before && leftForgotten(before, received, life)),
    life,
    at: sameLife ? before.at : (diedAt(record, life) ?? ports.clock.now()),
    cause: received.kept.cause,
    mayBeDelivered,
    ...(sameLife && before.redrivenAt !== undefined && { redrivenAt: before.redrivenAt }),
    ...(record && { attempts: record.attempts }),
    history: before === undefined ? [] : sameLife ? before.history : [...before.history, deathOf(before)],
  }
  const written = await ports.archive.write(received.key, letter, unchanged(stored))
  if (written.kind === 'unavailable') return unavailable(ports, received, written.reason)
  if (written.kind === 'conflict') return written
  ports.metrics.count('ticketing_dead_letters_total', { code: received.kept.cause.code })
  ports.log.write('warn', 'dead-letter.archived', {
    ticket: received.key,
    life,
    code: received.kept.cause.code,
    mayBeDelivered,
  })
  return { kind: 'archived', letter, version: written.version }
}

/**
 * What a person who was forgotten had written does not come back with a later message: a ticket's letter has neither words
 * nor work for an operator any more; the key of the others is a digest of their text, so another text was put in its place.
 */
function leftForgotten(before: DeadLetter, received: ReceivedLetter, life: number): Partial<DeadLetter> {
  const { message } = received.kept
  if (received.kind === 'effect') return {}
  if ('ticket' in received) {
    if (before.forgottenAt === undefined) return {}
    const { forgottenAt, closed } = before
    const ticket = forgetWords(received.ticket)
    const envelope = writeEnvelope({ ticket, life })
    const body = envelope.ok ? envelope.value : FORGOTTEN
    return { ticket, message: { ...message, body }, forgottenAt, ...(closed && { closed }) }
  }
  if (before.message.body === message.body) return {}
  const { body } = before.message
  return { ...(before.event && { event: before.event }), message: { ...message, body } }
}

/** Where a delivery function wrote `dead`, the record has the time: one death has one time. */
function diedAt(record: LedgerRecord | undefined, life: number): number | undefined {
  return record?.state === 'dead' && record.life === life ? record.diedAt : undefined
}

type OneOfLives = Extract<ReceivedLetter, { readonly life: number }>

/** Tickets, events and effects can be redriven: each time, another life. */
function hasLives(received: ReceivedLetter): received is OneOfLives {
  return 'life' in received
}

/**
 * The same text without a ticket, sent after an operator closed its letter, is news: it waits again, and an admin is
 * notified. (A ticket, an event or an effect has an id: what comes of it again is a copy.)
 */
function cameAfterClosing(received: ReceivedLetter, { closed }: DeadLetter): boolean {
  const { kept } = received
  return !hasLives(received) && closed !== undefined && (kept.message.sentAt ?? 0) > closed.at
}

/** The ticket was delivered after all: an archive that still waits for an operator says so. */
export async function correctArchive(
  ports: ArchivePorts,
  received: ReceivedLetter,
  record: LedgerRecord,
): Promise<ReportResult | Conflict> {
  const stored = await ports.archive.read(received.key)
  if (stored.kind === 'unavailable') return unavailable(ports, received, stored.reason)
  if (stored.kind === 'absent' || stored.item.redrivenAt || stored.item.correctedAt) return { kind: 'done' }
  const letter = { ...stored.item, nonce: ports.newNonce(), correctedAt: record.deliveredAt ?? ports.clock.now() }
  const written = await ports.archive.write(received.key, letter, stored)
  if (written.kind === 'unavailable') return unavailable(ports, received, written.reason)
  if (written.kind === 'conflict') return written
  ports.log.write('info', 'dead-letter.corrected', { ticket: received.key, life: stored.item.life })
  return { kind: 'done' }
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

function unavailable(ports: ArchivePorts, received: ReceivedLetter, reason: string): Retry {
  return storeUnavailable(ports, 'archive', { ticket: received.key, reason })
}
