import type { DeadLetter, DeathNews, Ticket } from 'ticket-core'
import { callsEnd } from '../execution.ts'
import { decide } from '../decide/decide.ts'
import { type MessageResult, storeUnavailable } from '../message-result.ts'
import type { DeliverPorts } from './deliver-ticket.ts'
import { deliverWork } from './deliver-work.ts'
import { type EffectMessage, effectWork } from './read-effect.ts'
import type { Turn } from './write-record.ts'

/** Notifies the reporter's team of a dead ticket, unless an operator has sent it again since. */
export function deliverDeathNews(
  ports: DeliverPorts,
  turn: Turn,
  message: EffectMessage<DeathNews>,
): Promise<MessageResult> {
  const { effect, life } = message
  const work = effectWork(turn, message)
  return deliverWork(ports, work, {
    decide: (stored, now) => decide(stored, { ...work.subject, life }, now),
    prepare: async () => {
      const { letters, sink } = ports
      const stored = (await letters?.read(effect.ticket)) ?? { kind: 'absent' }
      if (stored.kind === 'unavailable')
        return storeUnavailable(ports, 'archive', { ticket: effect.ticket, reason: stored.reason })
      const ticket = stored.kind === 'found' ? deadTicketOf(stored.item, effect) : undefined
      if (stored.kind === 'absent' || !ticket || !sink.deathNews) return { kind: 'done' }
      const letter = stored.item
      const deathNews = sink.deathNews.bind(sink)
      return {
        kind: 'ready',
        caseKey: effect.ticket,
        deliver: ({ suspect = false }) => deathNews({ letter, ticket, suspect, deadline: callsEnd(turn.execution) }),
      }
    },
  })
}

/** The ticket of a letter that still waits, in this life. */
function deadTicketOf(letter: DeadLetter, { source, ticketLife }: DeathNews): Ticket | undefined {
  const { ticket, life, redrivenAt, correctedAt } = letter
  const isSettled = redrivenAt !== undefined || correctedAt !== undefined
  return ticket?.source === source && life === ticketLife && !isSettled ? ticket : undefined
}
