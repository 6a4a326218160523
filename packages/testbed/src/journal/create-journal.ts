import type { Clock } from 'ticket-core'
import type { JournalEntry, JournalEvent } from './journal-entry.ts'
import { describeMatcher, matchesEntry } from './match-entry.ts'
import type { EntryMatcher, Narrowed } from './match-entry.ts'
import { tellStory } from './tell-story.ts'
import { realWaitLimit } from './wait-limit.ts'
import type { WaitLimit } from './wait-limit.ts'

/** Takes events; what simulators and the assembled system see of a journal. */
export interface JournalWriter {
  note(event: JournalEvent): void
}

export interface Journal extends JournalWriter {
  /** Everything so far, in order. */
  readonly entries: readonly JournalEntry[]
  /** The entries that fit, in order. */
  all<const Matcher extends EntryMatcher>(matcher: Matcher): Narrowed<Matcher>[]
  count(matcher: EntryMatcher): number
  /**
   * The first entry that fits, past or future. Rejects with a {@link JournalTimeout} after `timeoutMs` of real time.
   * @default 10 s
   */
  until<const Matcher extends EntryMatcher>(
    matcher: Matcher,
    options?: { readonly timeoutMs?: number; readonly count?: number },
  ): Promise<Narrowed<Matcher>>
  /** What happened, to one ticket or at all, as lines for people. */
  story(ticket?: string): string
  /** Called with each new entry until the returned function is. */
  onEntry(listener: (entry: JournalEntry) => void): () => void
}

/** What was awaited did not happen in time; the message tells the story so far. Not a failure of the system itself. */
export class JournalTimeout extends Error {
  override readonly name = 'JournalTimeout'
}

const DEFAULT_TIMEOUT_MS = 10_000

/** Makes an empty journal. `waitLimit` replaces the real-time limit of {@link Journal.until} in tests of itself. */
export function createJournal({ clock, waitLimit = realWaitLimit }: { clock: Clock; waitLimit?: WaitLimit }): Journal {
  const entries: JournalEntry[] = []
  const listeners = new Set<(entry: JournalEntry) => void>()

  const all: Journal['all'] = (matcher) => entries.filter((entry) => matchesEntry(entry, matcher))
  const story: Journal['story'] = (ticket) =>
    tellStory(ticket === undefined ? entries : entries.filter((entry) => entry.ticket === ticket))
  const onEntry: Journal['onEntry'] = (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return {
    entries,
    all,
    count: (matcher) => all(matcher).length,
    story,
    onEntry,
    note: (event) => {
      const entry: JournalEntry = { ...event, n: entries.length, time: clock.now() }
      entries.push(entry)
      for (const listener of listeners) listener(entry)
    },
    until: (matcher, { timeoutMs = DEFAULT_TIMEOUT_MS, count = 1 } = {}) =>
      new Promise((resolve, reject) => {
        const found = all(matcher)
        const enough = found[count - 1]
        if (enough) {
          resolve(enough)
          return
        }
        let missing = count - found.length
        const stop = onEntry((entry) => {
          if (!matchesEntry(entry, matcher)) return
          missing -= 1
          if (missing > 0) return
          stop()
          cancel()
          resolve(entry)
        })
        const cancel = waitLimit(timeoutMs, () => {
          stop()
          reject(new JournalTimeout(timeoutText()))
        })
        const timeoutText = (): string => {
          const ticket = typeof matcher === 'function' ? undefined : matcher.ticket
          const had = count === 1 ? '' : ` ${count} times (so far ${count - missing})`
          const whose = ticket === undefined ? 'What happened' : `What happened to ${ticket}`
          return `Waited ${timeoutMs} ms for ${describeMatcher(matcher)}${had}. ${whose}:\n${story(ticket)}`
        }
      }),
  }
}
