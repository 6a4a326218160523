import {
  type CardReply,
  type Clock,
  type Hint,
  type Log,
  type Metrics,
  type Ticket,
  destinationFor,
  replyAccepted,
  replyMaybe,
  replyNotAccepted,
  replyTooLarge,
} from 'ticket-core'
import type { Acceptance, createDeduplicator } from './deduplicate.ts'
import { within } from './within.ts'

export interface SubmitPorts {
  readonly enqueueOnce: ReturnType<typeof createDeduplicator>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

export interface Submission extends Hint {
  readonly ticket: Ticket
  readonly traceparent: string
  readonly deadline: number
  /** Pictures and files of the message. */
  readonly ignored: number
  readonly hasQuote: boolean | undefined
}

/** Sends a ticket to its queue and answers with the result: "accepted" only after SQS has confirmed it. */
export async function submitTicket(ports: SubmitPorts, submission: Submission): Promise<CardReply> {
  const { enqueueOnce, clock, log, metrics } = ports
  const { ticket, traceparent, deadline, ignored, hasQuote, mention } = submission
  const late: Acceptance = {
    outcome: { kind: 'unknown', reason: 'SQS did not answer in time.' },
    priority: ticket.priority,
    isRepeat: false,
  }
  const { outcome, priority, isRepeat } = await within(enqueueOnce(ticket, { traceparent }), { clock, deadline, late })
  const fields = { ticket: ticket.id, priority, destination: destinationFor(priority), traceparent }
  switch (outcome.kind) {
    case 'accepted':
      metrics.count(isRepeat ? 'ticketing_repeated_total' : 'ticketing_accepted_total', { priority })
      log.write('info', isRepeat ? 'ticket.repeated' : 'ticket.accepted', fields)
      return replyAccepted({ ticket: { ...ticket, priority }, ignored, hasQuote, mention })
    case 'refused':
      metrics.count('ticketing_refused_total', { code: 'queue-refused' })
      log.write('error', 'ticket.not-accepted', { ...fields, code: 'queue-refused', reason: outcome.reason })
      return replyNotAccepted({ mention })
    case 'too-large': {
      const { bytes, limit } = outcome
      metrics.count('ticketing_refused_total', { code: 'ticket-too-large' })
      log.write('info', 'ticket.not-accepted', { ...fields, code: 'ticket-too-large', bytes, limit })
      return replyTooLarge({ bytes, limit })
    }
    case 'unknown':
      metrics.count('ticketing_refused_total', { code: 'queue-unknown' })
      log.write('error', 'ticket.unknown', { ...fields, code: 'queue-unknown', reason: outcome.reason })
      return replyMaybe({ id: ticket.id, mention })
  }
}
