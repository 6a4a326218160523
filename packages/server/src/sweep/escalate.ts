import {
  type Case,
  type CaseStore,
  type Clock,
  type EventQueue,
  type IndexStore,
  type Log,
  isStaleKey,
  nextEscalation,
  indexPrefixIn,
  startOfOlder,
  ticketOfIndexKey,
} from 'ticket-core'
import { END, listOpen } from './list-open.ts'

export interface EscalatePorts {
  readonly index: Pick<IndexStore, 'list' | 'remove'>
  readonly cases: Pick<CaseStore, 'read'>
  readonly events: Pick<EventQueue, 'enqueue'>
  readonly clock: Clock
  readonly log: Log
  /** Milliseconds until a step of an escalation. */
  readonly escalateAfterMs: number
}

export type Escalate = (deadline: number) => Promise<void>

/** Cases that are read in one sweep; the rest waits for the next minute. */
const MOST_CASES = 100
const AT_ONCE = 10
const NEVER = Number.POSITIVE_INFINITY

/**
 * Escalates high tickets that were not acknowledged in time. It lists those that are old enough, and reads the case of
 * each once, then only when its next step is due: a key of the index is another one after every change that could bring
 * a ticket back. Stale keys on the way are removed.
 */
export function createEscalation(ports: EscalatePorts): Escalate {
  const { cases, events, index, clock, log, escalateAfterMs } = ports
  /** When the case of a key has to be read next. */
  let dueAt: ReadonlyMap<string, number> = new Map()

  async function check(key: string): Promise<number | undefined> {
    const ticket = ticketOfIndexKey(key) ?? ''
    const stored = await cases.read(ticket)
    // A case that is absent is about to be written: its keys come first.
    if (stored.kind !== 'found') return undefined
    const known = stored.item
    if (isStaleKey(key, known)) await replaceMarker(key, known)
    const next = nextEscalation(known, escalateAfterMs)
    if (!next) return NEVER
    const now = clock.now()
    if (next.due > now) return next.due
    const event = next.eventAt(now)
    const queued = await events.enqueue(event)
    const about = { ticket, event: event.id }
    if (queued.kind === 'accepted') log.write('info', 'ticket.escalated', about)
    else log.write('error', 'event.not-accepted', { ...about, code: `queue-${queued.kind}` })
    // The case does not have it yet: the next reading sees whether it arrived.
    return undefined
  }

  async function replaceMarker(key: string, { id }: Case): Promise<void> {
    const removed = await index.remove(key)
    if (removed.kind === 'done') log.write('info', 'index.stale-removed', { ticket: id })
  }

  return async (deadline) => {
    const before = clock.now() - escalateAfterMs
    const found = await listOpen(index, (team) => {
      const prefix = indexPrefixIn(team, { kind: 'open', priority: 'high' })
      return [{ prefix, after: startOfOlder(prefix, before), before: `${prefix}${END}` }]
    })
    if (found.reason !== undefined) log.write('warn', 'sweep.failed', { reason: found.reason })
    const next = new Map<string, number>()
    const now = clock.now()
    const due: string[] = []
    for (const key of found.keys) {
      const at = dueAt.get(key) ?? 0
      if (at > now) next.set(key, at)
      else due.push(key)
    }
    for (let start = 0; start < Math.min(due.length, MOST_CASES); start += AT_ONCE) {
      if (clock.monotonic() >= deadline) break
      const batch = due.slice(start, Math.min(start + AT_ONCE, MOST_CASES))
      const times = await Promise.all(batch.map(check))
      for (const [position, key] of batch.entries()) {
        const at = times[position]
        if (at !== undefined) next.set(key, at)
      }
    }
    dueAt = next
  }
}
