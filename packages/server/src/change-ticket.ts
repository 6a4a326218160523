import {
  type Activity,
  type CardReply,
  type Case,
  type Change,
  type Enqueued,
  type EventQueue,
  type Hint,
  type Log,
  type Metrics,
  type Request,
  hasEvent,
  isReporter,
  makeEvent,
  replyChange,
  replyMaybeDone,
  replyNotDone,
  replyNotKnown,
  replyNotYours,
  replyTooLarge,
  replyWhichTicket,
  replyWho,
  whoMay,
} from 'ticket-core'
import { type Asking, type CasePorts, findCase } from './find-case.ts'
import { type PersonPorts, findPerson } from './find-person.ts'
import { within } from './within.ts'

export interface ChangePorts extends CasePorts, PersonPorts {
  readonly events: Pick<EventQueue, 'enqueue'>
  readonly log: Log
  readonly metrics: Metrics
}

export type ChangeRequest = Extract<Request, { readonly kind: 'change' }>

/**
 * Changes a ticket: reads its case, checks who asks, queues the event, and answers with the ticket as it is with it.
 * What is not the team's is not known to it. A change that seems to change nothing is queued too: an event on its way may
 * come before it.
 */
export async function changeTicket(
  ports: ChangePorts,
  { ticket, verb, change: asked }: ChangeRequest,
  { activity, mention, ...asking }: Asking & Hint & { readonly activity: Activity },
): Promise<CardReply> {
  const done = (
    outcome: string,
    reply: CardReply,
    fields: { readonly reason?: string; readonly event?: string } = {},
  ): CardReply => {
    ports.metrics.count('ticketing_commands_total', { verb, outcome })
    ports.log.write(fields.reason === undefined ? 'info' : 'warn', 'command.answered', {
      verb,
      outcome,
      ticket: ticket.ids[0],
      ...fields,
    })
    return reply
  }
  const found = await findCase(ports, ticket, asking)
  if (found.kind === 'unavailable') return done('unavailable', replyNotDone({ mention }), { reason: found.reason })
  if (found.kind === 'not-known')
    return ticket.from === 'thread'
      ? done('which-ticket', replyWhichTicket({ given: '', verb, mention }))
      : done('not-known', replyNotKnown({ id: ticket.ids[0] ?? '', mention }))
  const { known } = found
  const { id } = known
  if (whoMay(verb) === 'reporter' && !isReporter(activity, known))
    return done('not-reporter', replyNotYours({ id, verb, reporter: known.ticket.reporter?.name, mention }))

  const change = await resolve(ports, asked, { known, ...asking })
  if ('why' in change) return done('no-person', replyWho({ id, ...change, mention }))
  const event = makeEvent(activity, known, change)
  // A repeat of the message, after the event was applied.
  if (hasEvent(known, event.id)) return done('repeated', replyChange({ known, event, mention }), { event: event.id })
  const late: Enqueued = { kind: 'unknown', reason: 'SQS did not answer in time.' }
  const queued = await within(ports.events.enqueue(event), { ...ports, deadline: asking.deadline, late })
  switch (queued.kind) {
    case 'accepted':
      return done('accepted', replyChange({ known, event, mention }), { event: event.id })
    case 'refused':
      return done('refused', replyNotDone({ mention }), { event: event.id, reason: queued.reason })
    case 'too-large':
      return done('too-large', replyTooLarge(queued), { event: event.id })
    case 'unknown':
      return done('unknown', replyMaybeDone({ id, mention }), { event: event.id, reason: queued.reason })
  }
}

interface NoPerson {
  readonly why: 'unknown' | 'several' | 'unavailable'
  readonly name: string
}

async function resolve(
  ports: PersonPorts,
  asked: ChangeRequest['change'],
  { known, team, deadline }: Asking & { readonly known: Case },
): Promise<Change | NoPerson> {
  if (asked.kind !== 'assigned') return asked
  const found = await findPerson(ports, asked.to, { known, team: team ?? '', deadline })
  return found.kind === 'person' ? { kind: 'assigned', to: found.person } : { why: found.kind, name: asked.to.name }
}
