import type { Clock, Enqueued, Priority, Ticket, TicketQueue } from 'ticket-core'

export interface DeduplicatorOptions {
  readonly queue: Pick<TicketQueue, 'enqueue'>
  readonly clock: Clock
  /** Milliseconds that an accepted activity is remembered. */
  readonly rememberMs: number
  /** @default 10000 */
  readonly maxEntries?: number
}

/** What became of an activity's ticket, and whether this replica has seen it before. */
export interface Acceptance {
  readonly outcome: Enqueued
  /** The priority of the first post, which counts when the text was edited between two posts of one activity. */
  readonly priority: Priority
  readonly isRepeat: boolean
}

interface Entry {
  readonly at: number
  readonly priority: Priority
  readonly outcome: Promise<Enqueued>
}

/**
 * Sends each activity to the queue once: concurrent posts of one activity share one send, and a later post gets the
 * first one's answer. Only "accepted" is remembered. After "refused" or "unknown" a new post is sent again: it has the
 * same id, so a second message does no harm, and only a new answer can be true.
 */
export function createDeduplicator({
  queue,
  clock,
  rememberMs,
  maxEntries = 10_000,
}: DeduplicatorOptions): (ticket: Ticket, context: { readonly traceparent: string }) => Promise<Acceptance> {
  /** By the whole digest, least recently used first. */
  const entries = new Map<string, Entry>()

  function find(source: string): Entry | undefined {
    const entry = entries.get(source)
    if (!entry) return undefined
    entries.delete(source)
    if (clock.monotonic() - entry.at >= rememberMs) return undefined
    entries.set(source, entry)
    return entry
  }

  function remember(source: string, entry: Entry): void {
    entries.set(source, entry)
    if (entries.size <= maxEntries) return
    const [oldest] = entries.keys()
    if (oldest !== undefined) entries.delete(oldest)
  }

  return async (ticket, context) => {
    const { source, priority } = ticket
    const known = find(source)
    if (known) return { outcome: await known.outcome, priority: known.priority, isRepeat: true }
    const entry: Entry = { at: clock.monotonic(), priority, outcome: queue.enqueue(ticket, context) }
    remember(source, entry)
    let accepted = false
    try {
      const outcome = await entry.outcome
      accepted = outcome.kind === 'accepted'
      return { outcome, priority, isRepeat: false }
    } finally {
      if (!accepted && entries.get(source) === entry) entries.delete(source)
    }
  }
}
