import {
  type Absent,
  type DeadLetterArchive,
  type DeathCause,
  type EffectSink,
  type Found,
  type LedgerRecord,
  type OpenedEnvelope,
  type Ticket,
  type DeliveryLane,
  type TicketSink,
  caseObject,
  digestTicket,
  laneOf,
  writeEnvelope,
} from 'ticket-core'
import { callsEnd } from '../execution.ts'
import { decide } from '../decide/decide.ts'
import { ticketSubject } from '../decide/subject.ts'
import type { MessageResult, Retry } from '../message-result.ts'
import { deadLetterWhole } from './dead-letter-whole.ts'
import { deliverWork, type WorkSteps } from './deliver-work.ts'
import { keepCase, type CasePorts, type Kept } from './keep-case.ts'
import { withPlace, type PlacePorts } from './note-place.ts'
import { presentWords, type Words, wordsOf } from './present-words.ts'
import type { OutcomePorts } from './record-outcome.ts'
import type { Turn, Work } from './write-record.ts'

/** What delivering needs. */
export interface DeliverPorts extends OutcomePorts, CasePorts, PlacePorts {
  /** The archived dead letters, where teams are notified of them. */
  readonly letters?: Pick<DeadLetterArchive, 'read'>
  readonly sink: TicketSink & EffectSink
}

/** A ticket: keep its case before any vendor is called, then deliver it, and note its place. */
export async function deliverTicket(
  ports: DeliverPorts,
  turn: Turn,
  { ticket, life }: Pick<OpenedEnvelope, 'ticket' | 'life'>,
): Promise<MessageResult> {
  const work = ticketWork(turn, ticket, life)
  if (laneOf(ticket.priority) !== ports.lane) {
    const { id, source } = ticket
    const cause = misrouted(ticket, ports.lane)
    return deadLetterWhole(ports, turn.message, { cause, body: work.body(life), ticket: id, source, life })
  }
  const asked = { source: ticket.source, digest: digestTicket(ticket), life }
  const steps: WorkSteps = {
    decide: (stored, now) => decide(stored, asked, now),
    prepare: async (stored) => {
      const kept = await keepCase(ports, ticket, stored)
      if (kept.kind !== 'kept') return kept
      const words = await wordsFor(ports, ticket, { kept, stored, life })
      if (words.kind !== 'words') return words
      return {
        kind: 'ready',
        caseKey: kept.key,
        deliver: ({ suspect = false, firstClaimAt }) =>
          ports.sink.deliver({
            ticket: words.ticket,
            ...(words.state && { state: words.state }),
            suspect,
            firstClaimAt,
            deadline: callsEnd(turn.execution),
            keptAt: caseObject(kept.key),
          }),
      }
    },
  }
  return withPlace(ports, ticket.id, (wrap) => deliverWork(ports, work, wrap(steps)))
}

/** The first attempt delivers the words of the message, unless the reporter was forgotten before the message came. */
async function wordsFor(
  ports: DeliverPorts,
  ticket: Ticket,
  { kept, stored, life }: { readonly kept: Kept; readonly stored: Found<LedgerRecord> | Absent; readonly life: number },
): Promise<Words | Retry> {
  if (kept.forgotten) return wordsOf(kept.forgotten, ticket.priority)
  if (stored.kind === 'absent') return { kind: 'words', ticket }
  return presentWords(ports, ticket, { caseKey: kept.key, isRedriven: life > 0 })
}

function ticketWork(turn: Turn, ticket: Ticket, life: number): Work {
  return {
    kind: 'delivery',
    ticket: ticket.id,
    subject: ticketSubject(ticket),
    life,
    turn,
    body: (ofLife) => {
      const envelope = writeEnvelope({ ticket, life: ofLife })
      return envelope.ok ? envelope.value : undefined
    },
  }
}

function misrouted({ priority }: Ticket, lane: DeliveryLane): DeathCause {
  const reason = `a ticket of priority ${priority} came by the queue of lane ${lane}; a redrive sends it to the queue of lane ${laneOf(priority)}`
  return { code: 'misrouted', reason }
}
