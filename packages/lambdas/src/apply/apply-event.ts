import {
  type Case,
  type CaseStore,
  type Clock,
  type Conflict,
  type DeadLetterQueue,
  type DeathCause,
  type Metrics,
  type Stored,
  type TicketEvent,
  addEvent,
  eventsBefore,
  indexKeysOf,
  openEvent,
  retryOnConflict,
} from 'ticket-core'
import type { QueueMessage } from '../batch.ts'
import { backOff } from '../ledger/back-off.ts'
import type { Done, Retry } from '../message-result.ts'
import { type IndexPorts, putMarkers, removeStaleMarkers } from '../mark-index.ts'
import { type BookPorts, rememberPerson } from '../remember-person.ts'
import { type EffectPorts, enqueueEffects } from './enqueue-effects.ts'

/** What adding events needs of the world. */
export interface ApplyPorts extends IndexPorts, BookPorts, EffectPorts {
  readonly cases: CaseStore
  readonly deadLetters: DeadLetterQueue
  readonly clock: Clock
  readonly metrics: Metrics
  readonly giveUpAfterMs: number
  /** A fresh one for every write. */
  newNonce(): string
  /** 0 to 1. */
  jitter(): number
}

/** Longest pause of an event whose case other writers changed again and again. */
const BUSY_MS = 5000

/** Line 4, one message: open, read the case, add, put markers, write, remove markers, enqueue the effects. */
export async function applyEvent(ports: ApplyPorts, message: QueueMessage): Promise<Done | Retry> {
  const opened = openEvent(message.body)
  if (!opened.ok) return deadLetter(ports, message, { cause: { code: 'unreadable', reason: opened.failure } })
  const event = opened.value
  /** Markers that are to go if the case does not ask for them: of the case before, and of attempts that met a conflict. */
  const passing = new Set<string>()

  const attempt = async (): Promise<Done | Retry | Conflict> => {
    const stored = await ports.cases.read(event.ticket)
    if (stored.kind !== 'found') return withoutCase(ports, message, { event, stored })
    const { item: known, version } = stored
    if (known.source !== event.source) return deadLetter(ports, message, { event, cause: collision(event) })

    const after = addEvent(known, event, ports.newNonce())
    const isRepeat = after === known
    for (const key of indexKeysOf({ ...known, events: eventsBefore(known, event.id) })) passing.add(key)
    if (!isRepeat) {
      const keys = [...indexKeysOf(after)].filter((key) => !passing.has(key))
      const put = await putMarkers(ports, keys)
      if (put.kind === 'unavailable') return later(ports, message, { event, store: 'index', ...put })
      const written = await ports.cases.write(event.ticket, after, { version })
      for (const key of keys) passing.add(key)
      if (written.kind === 'conflict') return written
      if (written.kind === 'unavailable') return later(ports, message, { event, store: 'case', ...written })
    }
    const removed = await removeStaleMarkers(ports, passing, after)
    if (removed.kind === 'unavailable') return later(ports, message, { event, store: 'index', ...removed })

    await rememberPerson(ports, after.team, event.by)
    const sent = await enqueueEffects(ports, event, after)
    if (sent.kind === 'unavailable') return later(ports, message, { event, store: 'effects', ...sent })
    noteApplied(ports, event, isRepeat)
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
  if (age >= ports.giveUpAfterMs && (stored.kind === 'absent' || isDamaged))
    return deadLetter(ports, message, { event, cause: { code: isDamaged ? 'case-damaged' : 'no-case', reason } })
  return later(ports, message, { event, store: 'case', reason })
}

/** Back to the queue: the more often it came, the longer it waits. */
function later(
  ports: ApplyPorts,
  { receiveCount }: QueueMessage,
  {
    event,
    store,
    reason,
  }: { readonly event: TicketEvent; readonly store: 'case' | 'index' | 'effects'; readonly reason: string },
): Retry {
  ports.log.write('warn', 'event.later', { ticket: event.ticket, event: event.id, store, reason })
  const wait = backOff({ failures: receiveCount, unknown: false, jitter: ports.jitter() })
  return { kind: 'retry', until: ports.clock.now() + wait }
}

function noteApplied(ports: ApplyPorts, { id, ticket, kind, by }: TicketEvent, isRepeat: boolean): void {
  ports.log.write('info', isRepeat ? 'event.repeated' : 'event.applied', { ticket, event: id, kind, via: by.via })
  if (!isRepeat) ports.metrics.count('ticketing_events_total', { kind, via: by.via })
}

function collision({ ticket }: TicketEvent): DeathCause {
  return { code: 'collision', reason: `the case of ${ticket} is another ticket's` }
}

/** Sends a message to the dead-letter queue as it came. */
async function deadLetter(
  ports: ApplyPorts,
  message: QueueMessage,
  { event, cause }: { readonly event?: TicketEvent; readonly cause: DeathCause },
): Promise<Done | Retry> {
  ports.log.write('warn', 'event.dead', {
    messageId: message.messageId,
    ...cause,
    ticket: event?.ticket,
    event: event?.id,
  })
  const isSent = await ports.deadLetters.send({
    body: message.body,
    cause,
    attributes: message.attributes,
    ...(event && { ticket: event.ticket, source: event.source, life: Number(message.attributes['life'] ?? 0) }),
  })
  if (isSent) return { kind: 'done' }
  const wait = backOff({ failures: message.receiveCount, unknown: false, jitter: ports.jitter() })
  return { kind: 'retry', until: ports.clock.now() + wait }
}
