import { type Case, type Note, type TicketEvent, caseObject, hasEvent, readEvent } from 'ticket-core'
import { callsEnd } from '../execution.ts'
import { decide } from '../decide/decide.ts'
import type { MessageResult } from '../message-result.ts'
import type { DeliverPorts } from './deliver-ticket.ts'
import { deliverWork } from './deliver-work.ts'
import { type EffectMessage, effectWork, isAwaited, notYet, readKnown } from './read-effect.ts'
import type { Turn } from './write-record.ts'

/** One event, appended where its ticket is: it waits for the ticket. */
export function deliverNote(ports: DeliverPorts, turn: Turn, message: EffectMessage<Note>): Promise<MessageResult> {
  const { effect, life } = message
  const work = effectWork(turn, message)
  return deliverWork(ports, work, {
    decide: (stored, now) => decide(stored, { ...work.subject, life }, now),
    prepare: async () => {
      const read = await readKnown(ports, work)
      if (read.kind !== 'known') return read
      const { record, known, caseKey } = read
      const event = findEvent(known, effect.event)
      if (!event) return notYet(ports, work, 'its event is not in the case')
      if (record?.state !== 'delivered' || !record.receipt) {
        // A ticket that moved on before it came here: should it come back, its comments are sent again.
        if (!isAwaited({ place: effect.place, record, known })) return { kind: 'done' }
        return notYet(ports, work, 'its ticket is not delivered there yet')
      }
      const { receipt } = record
      return {
        kind: 'ready',
        caseKey,
        deliver: ({ suspect = false, firstClaimAt }) =>
          ports.sink.note({
            key: work.subject.id,
            event,
            known,
            receipt,
            suspect,
            firstClaimAt,
            deadline: callsEnd(turn.execution),
            keptAt: caseObject(caseKey),
          }),
      }
    },
  })
}

function findEvent({ events }: Case, id: string): TicketEvent | undefined {
  const found = events.find((one) => hasEvent({ events: [one] }, id))
  const read = readEvent(found)
  return read.ok ? read.value : undefined
}
