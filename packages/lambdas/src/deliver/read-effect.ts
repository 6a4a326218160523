import {
  type Case,
  type CaseStore,
  type Place,
  type Effect,
  type LedgerRecord,
  TICKET_MISSING,
  destinationFor,
  stateOf,
  writeEffect,
} from 'ticket-core'
import { backOff } from '../decide/back-off.ts'
import { effectSubject } from '../decide/subject.ts'
import { type MessageResult, storeUnavailable } from '../message-result.ts'
import { deadLetterWhole } from './dead-letter-whole.ts'
import type { OutcomePorts } from './record-outcome.ts'
import type { Turn, Work } from './write-record.ts'

export interface EffectPorts extends OutcomePorts {
  readonly cases: CaseStore
}

/** An effect in one of its lives. */
export interface EffectMessage<Kind extends Effect = Effect> {
  readonly effect: Kind
  readonly life: number
}

/** What an effect is about: the ticket's record in this lane, if it has one, and its case. */
export interface Known {
  readonly kind: 'known'
  readonly record: LedgerRecord | undefined
  readonly caseKey: string
  readonly known: Case
}

export function effectWork(turn: Turn, { effect, life }: EffectMessage): Work {
  return {
    kind: effect.kind,
    ticket: effect.ticket,
    subject: effectSubject(effect),
    life,
    turn,
    body: (ofLife) => writeEffect({ effect, life: ofLife }),
  }
}

/** Reads the ticket's record in this lane, and its case. */
export async function readKnown(ports: EffectPorts, work: Work): Promise<Known | MessageResult> {
  const { ticket, subject } = work
  const stored = await ports.ledger.read(ticket)
  if (stored.kind === 'unavailable') return storeUnavailable(ports, 'ledger', { ticket, reason: stored.reason })
  const record = stored.kind === 'found' ? stored.item : undefined
  const caseKey = record?.caseKey ?? ticket
  const found = await ports.cases.read(caseKey)
  if (found.kind === 'unavailable') return storeUnavailable(ports, 'case', { ticket, reason: found.reason })
  if (found.kind === 'absent') return notYet(ports, work, 'the ticket has no case yet')
  const known = found.item
  if (known.source === subject.source && (record?.source ?? known.source) === subject.source)
    return { kind: 'known', record, caseKey, known }
  const cause = { code: 'collision', reason: `the effect is of another ticket than ${ticket}` }
  return deadLetterWhole(ports, work.turn.message, { cause, ticket, life: work.life })
}

/**
 * Whether the ticket comes, or may have come, to a place that does not have it for sure: the first priority or the present
 * one asks for the place, or a delivery there has begun.
 */
export function isAwaited({
  place,
  record,
  known,
}: Pick<Known, 'record' | 'known'> & { readonly place: Place }): boolean {
  const asked: readonly Place[] = [known.ticket.priority, stateOf(known).priority].map(destinationFor)
  return asked.includes(place) || record?.state === 'claimed' || record?.suspect === true
}

/**
 * What the effect needs is not there yet, such as the ticket at its place: back to the queue, each time for longer. After
 * the give-up age it becomes a dead letter. Nothing is claimed, and no record is written.
 */
export async function notYet(ports: EffectPorts, work: Work, reason: string): Promise<MessageResult> {
  const { kind, ticket, life, turn } = work
  const now = ports.clock.now()
  const { receiveCount, sentAt = now } = turn.message
  if (now - sentAt >= ports.giveUpAfterMs) {
    const hours = (ports.giveUpAfterMs / 3_600_000).toFixed(1)
    const cause = { code: TICKET_MISSING, reason: `given up after ${hours} h of waiting: ${reason}` }
    return deadLetterWhole(ports, turn.message, { cause, body: work.body(life), ticket, life })
  }
  ports.log.write('info', `${kind}.later`, { ticket, life, why: reason })
  const wait = backOff({ failures: receiveCount, unknown: false, jitter: ports.jitter() })
  return { kind: 'retry', until: now + wait, called: true }
}
