import type { Clock } from 'ticket-core'
import type { JournalEntry, JournalEvent } from './journal-entry.ts'
import {
  describeMatcher,
  describeUnknownFields,
  matchesEntry,
  type EntryMatcher,
  type Narrowed,
} from './match-entry.ts'
import { formatDuration } from './format-entry.ts'
import { formatTimeline } from './format-timeline.ts'

/** The part of a journal that simulators and the system use: it takes events. */
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
   * The first entry that fits (the `count`-th), past or future. Rejects with a {@link JournalTimeout} after `timeoutMs`:
   * of real time, 10 s by default; on a virtual clock, which this moves, of its own time, an hour by default.
   */
  until<const Matcher extends EntryMatcher>(
    matcher: Matcher,
    options?: { readonly timeoutMs?: number; readonly count?: number },
  ): Promise<Narrowed<Matcher>>
  /**
   * What happened, to one ticket or to all, as lines for people. It leaves noise out; {@link entries} has everything.
   */
  timeline(ticket?: string): string
  /** Called with each new entry until the returned function is. */
  onEntry(listener: (entry: JournalEntry) => void): () => void
}

/** `journal.until` waited in vain. The message shows the timeline so far. Not a failure of the system itself. */
class JournalTimeout extends Error {
  override readonly name = 'JournalTimeout'
}

const DEFAULT_TIMEOUT_MS = 10_000
const DEFAULT_VIRTUAL_MS = 3_600_000

export interface JournalOptions {
  readonly clock: Clock
  /** On a virtual clock: moves the time until `isDone`, or until the limit is reached. */
  readonly advanceUntil?: (isDone: () => boolean, limitMs: number) => Promise<boolean>
  /** Replaces the real-time limit of {@link Journal.until} in tests of itself. */
  readonly waitLimit?: WaitLimit
}

/** Calls `run` after so many milliseconds of real time; the returned function cancels that. */
type WaitLimit = (ms: number, run: () => void) => () => void

/**
 * Always real time: a test that waits for something that never happens must end even if the virtual clock stands still.
 * The only timer of the testbed that is not the injected clock's.
 */
const realWaitLimit: WaitLimit = (ms, run) => {
  // oxlint-disable-next-line no-restricted-globals -- real time on purpose, see above
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

/** Makes an empty journal. */
export function createJournal({ clock, advanceUntil, waitLimit = realWaitLimit }: JournalOptions): Journal {
  const entries: JournalEntry[] = []
  const listeners = new Set<(entry: JournalEntry) => void>()

  const all: Journal['all'] = (matcher) => entries.filter((entry) => matchesEntry(entry, matcher))
  const timeline: Journal['timeline'] = (ticket) => formatTimeline(entries, ticket)
  const onEntry: Journal['onEntry'] = (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  const waitForEntries = (isFound: () => boolean, timeoutMs: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        stop()
        cancel()
        resolve()
      }
      const stop = onEntry(() => {
        if (isFound()) end()
      })
      const cancel = waitLimit(timeoutMs, end)
      if (isFound()) end()
    })

  return {
    entries,
    all,
    count: (matcher) => all(matcher).length,
    timeline,
    onEntry,
    note: (event) => {
      const entry: JournalEntry = { ...event, n: entries.length, time: clock.now(), elapsed: clock.monotonic() }
      entries.push(entry)
      for (const listener of listeners) notify(listener, entry)
    },
    until: async (matcher, { timeoutMs = advanceUntil ? DEFAULT_VIRTUAL_MS : DEFAULT_TIMEOUT_MS, count = 1 } = {}) => {
      checkUntil(matcher, count)
      const found = all(matcher)
      // An error of the matcher belongs to the caller of `until`, not to the code that writes an entry.
      const thrown: unknown[] = []
      const stop = onEntry((entry) => {
        try {
          if (matchesEntry(entry, matcher)) found.push(entry)
        } catch (error) {
          thrown.push(error)
        }
      })
      const isFound = (): boolean => found.length >= count || thrown.length > 0
      try {
        await (advanceUntil ? advanceUntil(isFound, timeoutMs) : waitForEntries(isFound, timeoutMs))
      } finally {
        stop()
      }
      const entry = found[count - 1]
      if (entry) return entry
      if (thrown.length > 0) throw thrown[0]
      const ticket = typeof matcher === 'function' ? undefined : matcher.ticket
      const had = count === 1 ? '' : ` ${count} times (so far ${found.length})`
      const whose = ticket === undefined ? 'What happened' : `What happened to ${ticket}`
      throw new JournalTimeout(
        `Waited ${formatDuration(timeoutMs)} for ${describeMatcher(matcher)}${had}.${describeUnknownFields(matcher, entries)} ${whose}:\n${timeline(ticket)}`,
      )
    },
  }
}

/** An error of a listener must not fail the writer of an entry. It becomes an uncaught error instead. */
function notify(listener: (entry: JournalEntry) => void, entry: JournalEntry): void {
  try {
    listener(entry)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

function checkUntil(matcher: unknown, count: number): void {
  if ((typeof matcher !== 'object' && typeof matcher !== 'function') || matcher === null)
    throw new TypeError(
      `journal.until waits for fields of an entry, such as { source: 'trello', kind: 'card-created' }, or for a function ` +
        `of one; not for ${String(matcher)}.`,
    )
  if (!Number.isSafeInteger(count) || count < 1)
    throw new RangeError(
      `journal.until waits for the \`count\`-th entry, a whole number from 1; not for ${String(count)}.`,
    )
}
