import {
  type Case,
  type CaseStore,
  type Change,
  type Clock,
  type EventQueue,
  type Log,
  type Metrics,
  type Person,
  type Stored,
  type TicketEvent,
  addEvent,
  afterAllOf,
  changeOfTicket,
  hasEvent,
  placeInTime,
  showsAlready,
} from 'ticket-core'
import { within } from './within.ts'

export interface SubmitChangePorts {
  readonly cases: Pick<CaseStore, 'read'>
  readonly events: Pick<EventQueue, 'enqueue'>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/** What a person did to a ticket at a vendor. */
export interface ForeignChange {
  readonly change: Change
  readonly id: string
  readonly at: number
  readonly by: Person
  /** Written by a program, which may be ours: no event where the ticket's state shows it already. */
  readonly isByProgram?: boolean
}

/** What came of a change. */
export interface Submitted {
  /** False: nothing is certain to be queued, and the vendor should send it again. */
  readonly isSettled: boolean
  /** The case with the change, where the case holds it or will. */
  readonly known?: Case
}

/** Sends a change to the queue of events, once SQS has it or there is nothing to send. */
export async function submitChange(
  { cases, events, clock, log, metrics }: SubmitChangePorts,
  ticket: string,
  { deadline, isByProgram = false, ...foreign }: ForeignChange & { readonly deadline: number },
): Promise<Submitted> {
  const { change, by } = foreign
  const about = { ticket, event: foreign.id, kind: change.kind, via: by.via }
  const conclude = (outcome: string, isSettled: boolean, known?: Case): Submitted => {
    metrics.count('ticketing_callbacks_total', { via: by.via, outcome })
    return { isSettled, ...(known && { known }) }
  }
  // An event carries its ticket's source, which only the case has.
  const late: Stored<Case> = { kind: 'unavailable', reason: 'S3 did not answer in time.' }
  const stored = await within(cases.read(ticket), { clock, deadline, late })
  if (stored.kind === 'unavailable') {
    log.write('error', 'event.not-accepted', { ...about, code: 'case-unavailable', reason: stored.reason })
    return conclude('case-unavailable', false)
  }
  if (stored.kind === 'absent') {
    log.write('warn', 'event.ignored', { ...about, hint: 'there is no case of this ticket' })
    return conclude('no-ticket', true)
  }
  const known = stored.item
  const { source } = known
  if (hasEvent(known, foreign.id)) return conclude('repeated', true, known)
  const meant = by.via === 'trello' ? changeOfTicket(change, known) : change
  if (!meant) return conclude('left', true)
  // Who presses a button gets the message as it is with the press. Of the board we may hear late, and it shows no answer.
  const at = by.via === 'slack' ? afterAllOf(known, foreign.at) : foreign.at
  const event: TicketEvent = { v: 1, ticket, source, id: foreign.id, at, by, ...meant }
  if (isByProgram && showsAlready(known, placeInTime(known, event, { sentAt: clock.now(), now: clock.now() })))
    return conclude('own', true)

  const unanswered = { kind: 'unknown', reason: 'SQS did not answer in time.' } as const
  const outcome = await within(events.enqueue(event), { clock, deadline, late: unanswered })
  switch (outcome.kind) {
    case 'accepted':
      log.write('info', 'event.accepted', about)
      return conclude('accepted', true, addEvent(known, event, known.nonce))
    case 'too-large':
      log.write('error', 'event.not-accepted', { ...about, code: 'event-too-large', bytes: outcome.bytes })
      return conclude('too-large', true)
    case 'refused':
    case 'unknown':
      log.write('error', 'event.not-accepted', { ...about, code: `queue-${outcome.kind}`, reason: outcome.reason })
      return conclude(`queue-${outcome.kind}`, false)
  }
}
