import {
  type Clock,
  type IndexStore,
  type Ledgers,
  type Log,
  type Priority,
  indexPrefixIn,
  laneOf,
  PRIORITIES,
  startOfOlder,
  ticketOfIndexKey,
} from 'ticket-core'
import { listOpen } from './list-open.ts'

/** What is read to measure the backlog. */
export interface BacklogPorts {
  readonly index: Pick<IndexStore, 'list'>
  readonly ledgers: Ledgers
  readonly clock: Clock
}

export type ReportBacklog = (deadline: number) => Promise<void>

/** How many tickets wait for their destination, and for how long the oldest one does. */
export interface Backlog {
  readonly waiting: number
  readonly oldestSeconds: number
  /** False: there may be more. */
  readonly isWhole: boolean
}

/** A ticket waits for a day, then it is given up; milliseconds. */
const LONGEST_WAIT = 26 * 3_600_000
/** Records that are read in one sweep. */
const MOST_RECORDS = 100
const AT_ONCE = 10

/** Logs the backlog while there is one. One line says that it is over. */
export function createBacklogReport({ log, ...ports }: BacklogPorts & { readonly log: Log }): ReportBacklog {
  const measure = createBacklogMeter(ports)
  let wasWaiting = false
  return async (deadline) => {
    const backlog = await measure(deadline)
    const isWaiting = backlog.waiting > 0
    if (isWaiting || wasWaiting) log.write('info', 'backlog', { ...backlog })
    wasWaiting = isWaiting
  }
}

/**
 * Measures the backlog by the ledger: `ApproximateAgeOfOldestMessage` of SQS leaves out every message that was received
 * three times, and those are the ones that wait. A record is read again only until its ticket is delivered or dead. A
 * ticket that no function has seen yet is in its queue alone, where SQS counts it.
 */
export function createBacklogMeter({ index, ledgers, clock }: BacklogPorts): (deadline: number) => Promise<Backlog> {
  /** Keys of tickets that wait no more; of the last listing only. */
  let settled: ReadonlySet<string> = new Set()

  /** Since when a ticket waits; undefined: it does not. */
  async function waitsSince(key: string, priority: Priority): Promise<number | 'unknown' | undefined> {
    const stored = await ledgers[laneOf(priority)].read(ticketOfIndexKey(key) ?? '')
    if (stored.kind !== 'found') return 'unknown'
    const { state, firstClaimAt } = stored.item
    return state === 'delivered' || state === 'dead' ? undefined : firstClaimAt
  }

  return async (deadline) => {
    const oldest = clock.now() - LONGEST_WAIT
    const rangesOf = (team: string) =>
      PRIORITIES.map((priority) => {
        const prefix = indexPrefixIn(team, { kind: 'open', priority })
        return { priority, prefix, after: prefix, before: startOfOlder(prefix, oldest) }
      })
    const listed = await listOpen(index, rangesOf)
    const still = new Set(listed.keys.filter((key) => settled.has(key)))
    // Within a team and a priority the newest come first; those that wait longest are read first.
    const unread = listed.keys.filter((key) => !still.has(key)).toReversed()
    const since: number[] = []
    for (let start = 0; start < Math.min(unread.length, MOST_RECORDS); start += AT_ONCE) {
      if (clock.monotonic() >= deadline) break
      const batch = unread.slice(start, start + AT_ONCE)
      const read = await Promise.all(batch.map((key) => waitsSince(key, priorityOf(key))))
      for (const [position, key] of batch.entries()) {
        const at = read[position]
        if (at === undefined) still.add(key)
        else if (at !== 'unknown') since.push(at)
      }
    }
    settled = still
    const isWhole = listed.reason === undefined && unread.length <= MOST_RECORDS
    const oldestSeconds = since.length > 0 ? Math.round((clock.now() - Math.min(...since)) / 1000) : 0
    return { waiting: since.length, oldestSeconds, isWhole }
  }
}

/** By the list that a key is in. */
function priorityOf(key: string): Priority {
  return PRIORITIES.find((priority) => key.startsWith(listOf(key, priority))) ?? 'medium'
}

function listOf(key: string, priority: Priority): string {
  const [, , team = ''] = key.split('/')
  return indexPrefixIn(team, { kind: 'open', priority })
}
