import { describeEffect, laneOfPlace, openMessage } from 'ticket-core'
import type { MessageResult } from '../message-result.ts'
import { deadLetterWhole } from './dead-letter-whole.ts'
import { deliverDeathNews } from './deliver-death-news.ts'
import { deliverNote } from './deliver-note.ts'
import { deliverSync } from './deliver-sync.ts'
import { type DeliverPorts, deliverTicket } from './deliver-ticket.ts'
import type { Turn } from './write-record.ts'

/** Opens one message and delivers what is in it. All kinds are delivered alike, by line 2: `deliverWork`. */
export async function deliverMessage(ports: DeliverPorts, turn: Turn): Promise<MessageResult> {
  const opened = openMessage(turn.message)
  if (!opened.ok) {
    const cause = { code: 'unreadable', reason: opened.failure.reason }
    return deadLetterWhole(ports, turn.message, { cause })
  }
  if (opened.value.kind !== 'effect') return deliverTicket(ports, turn, opened.value)
  const { effect, life } = opened.value
  if (laneOfPlace(effect.place) !== ports.lane) {
    const reason = `${describeEffect(effect)} came by the queue of lane ${ports.lane}; a redrive sends it to its own`
    const { ticket, source } = effect
    return deadLetterWhole(ports, turn.message, { cause: { code: 'misrouted', reason }, ticket, source, life })
  }
  switch (effect.kind) {
    case 'note':
      return deliverNote(ports, turn, { effect, life })
    case 'sync':
      return deliverSync(ports, turn, { effect, life })
    case 'death':
      return deliverDeathNews(ports, turn, { effect, life })
  }
}
