import {
  type Case,
  type CaseStore,
  type Clock,
  type Conflict,
  type Metrics,
  type Stored,
  type TicketEvent,
  openEvent,
  placeInTime,
  retryOnConflict,
} from 'ticket-core'
import type { QueueMessage } from '../batch.ts'
import { backOff } from '../decide/back-off.ts'
import type { Done, Retry } from '../message-result.ts'
import { type BookPorts, rememberPerson } from '../remember-person.ts'
import { type AddPorts, addToCase } from './add-to-case.ts'
import { type DeadEventPorts, deadLetterEvent } from './dead-letter-event.ts'
import { type EffectPorts, enqueueEffects } from './enqueue-effects.ts'

/** What adding events needs. */
export interface ApplyPorts extends AddPorts, BookPorts, EffectPorts, DeadEventPorts {
  readonly cases: CaseStore
  readonly clock: Clock
  readonly metrics: Metrics
  readonly giveUpAfterMs: number
}

/** Longest pause of an event whose case other writers changed again and again. */
const BUSY_MS = 5000

/** Line 4, one message: open, read the case, place the event in time, add it, remember who it was, enqueue its effects. */
export async function applyEvent(ports: ApplyPorts, message: QueueMessage): Promise<Done | Retry> {
  const opened = openEvent(message.body)
  if (!opened.ok) return deadLetterEvent(ports, message, { cause: { code: 'unreadable', reason: opened.failure } })
  const received = opened.value
  /** Markers that are to go if the case does not ask for them: of the case before, and of attempts that met a conflict. */
  const passing = new Set<string>()

  const attempt = async (): Promise<Done | Retry | Conflict> => {
    const stored = await ports.cases.read(received.ticket)
    if (stored.kind !== 'found') return withoutCase(ports, message, { event: received, stored })
    if (stored.item.source !== received.source) {
      const cause = { code: 'collision', reason: `the case of ${received.ticket} is another ticket's` }
      return deadLetterEvent(ports, message, { event: received, cause })
    }
    const now = ports.clock.now()
    const event = placeInTime(stored.item, received, { sentAt: message.sentAt ?? now, now })
    const added = await addToCase(ports, { event, stored, passing })
    if (added.kind === 'conflict') return added
    if (added.kind === 'full') return deadLetterEvent(ports, message, { event, cause: added.cause })
    if (added.kind === 'unavailable') return later(ports, message, { event, ...added })

    await rememberPerson(ports, added.item.team, event.by)
    const sent = await enqueueEffects(ports, event, added.item)
    if (sent.kind === 'unavailable') return later(ports, message, { event, store: 'effects', ...sent })
    noteApplied(ports, event, added)
    return { kind: 'done' }
  }
  const busy = (): Retry => ({ kind: 'retry', until: ports.clock.now() + BUSY_MS * ports.jitter() })
  return retryOnConflict<Done | Retry>(attempt, busy)
}

/**
 * Usually its ticket is on its way, and line 2 opens the case. What waited as long as tickets are tried becomes a dead
 * letter; so does an event of a case that is damaged. A store that does not answer ends no event.
 */
async function withoutCase(
  ports: ApplyPorts,
  message: QueueMessage,
  { event, stored }: { readonly event: TicketEvent; readonly stored: Exclude<Stored<Case>, { kind: 'found' }> },
): Promise<Done | Retry> {
  const isDamaged = stored.kind === 'unavailable' && stored.damaged === true
  const age = ports.clock.now() - (message.sentAt ?? ports.clock.now())
  const reason = stored.kind === 'absent' ? `there is no case of ${event.ticket}` : stored.reason
  if (age < ports.giveUpAfterMs || (stored.kind === 'unavailable' && !isDamaged))
    return later(ports, message, { event, store: 'case', reason })
  return deadLetterEvent(ports, message, { event, cause: { code: isDamaged ? 'case-damaged' : 'no-case', reason } })
}

interface Obstacle {
  readonly event: TicketEvent
  readonly store: 'case' | 'index' | 'effects'
  readonly reason: string
}

/** Back to the queue: the more often it came, the longer it waits. */
function later(ports: ApplyPorts, { receiveCount }: QueueMessage, { event, store, reason }: Obstacle): Retry {
  ports.log.write('warn', 'event.later', { ticket: event.ticket, event: event.id, store, reason })
  const wait = backOff({ failures: receiveCount, unknown: false, jitter: ports.jitter() })
  return { kind: 'retry', until: ports.clock.now() + wait }
}

function noteApplied(
  ports: ApplyPorts,
  { id, ticket, kind, by }: TicketEvent,
  { isRepeat }: { readonly isRepeat: boolean },
): void {
  ports.log.write('info', isRepeat ? 'event.repeated' : 'event.applied', { ticket, event: id, kind, via: by.via })
  if (!isRepeat) ports.metrics.count('ticketing_events_total', { kind, via: by.via })
}
