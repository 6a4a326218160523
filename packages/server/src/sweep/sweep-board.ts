import {
  type BoardReader,
  type BoardWords,
  type Clock,
  type IndexStore,
  type Ledger,
  type Log,
  type SweepCursors,
  type TrelloChange,
  isOwnChange,
  placePrefix,
  readTrelloAction,
  ticketOfPlaceKey,
} from 'ticket-core'
import { type SubmitChangePorts, submitChange } from '../submit-change.ts'

export interface SweepBoardPorts extends SubmitChangePorts {
  readonly board: BoardReader
  readonly cursors: SweepCursors
  readonly places: Pick<IndexStore, 'list'>
  /** The ledger of the board's lane: which card a ticket has. */
  readonly ledger: Pick<Ledger, 'read'>
  readonly clock: Clock
  readonly log: Log
  readonly newNonce: () => string
}

export type SweepBoard = (words: BoardWords, deadline: number) => Promise<void>

const CURSOR = 'trello'
const MINUTE = 60_000
const DAY = 86_400_000
/** An action can appear in the list later than a newer one, and Trello's clock is not ours. */
const OVERLAP = 10 * MINUTE
/** A sweep of another replica so recently is enough; less than the minute between two of one. */
const RECENT = 50_000
/** Changes that are looked up at the same time. */
const AT_ONCE = 10
/** Cards that are read in one sweep because no place names their ticket; the rest waits for the next one. */
const MOST_CARDS = 20
/** Of a board with more actions in some minutes than are read at once. */
const TOO_MANY = 'the board had more actions than can be read; compare what people did on it since then'
/** Milliseconds for one change. */
const ONE_CHANGE = 8000

/**
 * Reads the board's actions since the last sweep and submits what is an event: what Trello could not call back about. An
 * action has the same id as its callback, so a repeat does no harm, in any number of replicas. The cursor moves last, and
 * never over an action that could not be submitted.
 */
export function createBoardSweep(ports: SweepBoardPorts): SweepBoard {
  const { board, cursors, clock, log } = ports
  /** Events that are in the queue or in their cases; of the last listing only. */
  let settled: ReadonlySet<string> = new Set()
  /** Cards without a marker: they show no ticket, and never will. Of the last listing only. */
  let strangers: ReadonlySet<string> = new Set()
  let span = DAY

  const fail = (reason: string): void => log.write('warn', 'sweep.failed', { reason })
  return async (words, deadline) => {
    const stored = await cursors.read(CURSOR)
    if (stored.kind === 'unavailable') return fail(stored.reason)
    const now = clock.now()
    if (stored.kind === 'found' && Math.abs(now - stored.item.at) < RECENT) return
    const from = stored.kind === 'found' ? Math.min(stored.item.until, now) : now
    const since = from - OVERLAP
    const before = from + span < now ? from + span : undefined
    const listed = await board.listActions({ since, before }, deadline)
    if (listed.kind === 'unavailable') return fail(listed.reason)
    if (!listed.isWhole && span > MINUTE) {
      // More than can be read at once: a shorter time next, the oldest first.
      span = Math.max(MINUTE, Math.min(span, now - from) / 2)
      return fail(`The board has too many actions; the next sweep reads ${Math.round(span / 1000)} s of them.`)
    }
    // Some of a minute with so many are lost; to wait for them would lose all that come after.
    if (!listed.isWhole)
      log.write('error', 'sweep.passed-over', { from: new Date(since).toISOString(), hint: TOO_MANY })
    else span = Math.min(DAY, span * 2)
    const changes = listed.actions
      .map((action) => readTrelloAction(action, words))
      .filter((reading) => reading.kind === 'change')
      .filter((change) => !isOwnChange(change, listed.ownMember))
      .toSorted((one, other) => one.at - other.at)
    const work = { deadline, cardsLeft: MOST_CARDS, settled, strangers: new Set(strangers) }
    const done = new Set<string>()
    const failed: TrelloChange[] = []
    for (let start = 0; start < changes.length; start += AT_ONCE) {
      const batch = changes.slice(start, start + AT_ONCE)
      const isDone = await Promise.all(batch.map((change) => settle(ports, change, work)))
      for (const [index, change] of batch.entries()) {
        if (isDone[index]) done.add(change.id)
        else failed.push(change)
      }
    }
    settled = done
    const cards = new Set(changes.map(({ card }) => card))
    strangers = new Set([...work.strangers].filter((card) => cards.has(card)))
    // What cannot be submitted for a whole day does not keep everything after it from being read.
    for (const { id, at } of failed.filter(({ at }) => at < now - DAY))
      log.write('error', 'sweep.passed-over', { event: id, at: new Date(at).toISOString() })
    const end = Math.min(before ?? now, ...failed.map(({ at }) => at).filter((at) => at >= now - DAY))
    const until = Math.max(from, end)
    const item = { v: 1, key: CURSOR, until, at: clock.now(), nonce: ports.newNonce() } as const
    const expected = stored.kind === 'found' ? { version: stored.version } : 'absent'
    const written = await cursors.write(CURSOR, item, expected)
    // A conflict: another replica swept at the same time, and did the same.
    if (written.kind === 'unavailable') fail(written.reason)
  }
}

interface Work {
  readonly deadline: number
  cardsLeft: number
  readonly settled: ReadonlySet<string>
  readonly strangers: Set<string>
}

/** Submits a change to the tickets of its card. True: SQS has it, or there is nothing to submit. */
async function settle(ports: SweepBoardPorts, change: TrelloChange, work: Work): Promise<boolean> {
  if (work.settled.has(change.id) || work.strangers.has(change.card)) return true
  if (ports.clock.monotonic() >= work.deadline) return false
  const tickets = await findTickets(ports, change.card, work)
  if (!tickets) return false
  const deadline = Math.min(work.deadline, ports.clock.monotonic() + ONE_CHANGE)
  // Another program's change: that the state shows it already proves nothing (docs/decisions/0031).
  const submitted = tickets.map((ticket) => submitChange(ports, ticket, { ...change, isByProgram: false, deadline }))
  return (await Promise.all(submitted)).every(({ isSettled }) => isSettled)
}

/** The tickets that a card shows, by its place, else by its marker: a person can act before the place is written. */
async function findTickets(
  { places, board, ledger }: SweepBoardPorts,
  card: string,
  work: Work,
): Promise<readonly string[] | undefined> {
  const page = await places.list(placePrefix(card) ?? '', { limit: 10 })
  if (page.kind === 'unavailable') return undefined
  const placed = page.keys.flatMap((key) => ticketOfPlaceKey(key) ?? [])
  if (placed.length > 0) return placed
  if (work.cardsLeft <= 0) return undefined
  work.cardsLeft -= 1
  const marked = await board.readMarker(card, work.deadline)
  if (marked.kind === 'unavailable') return undefined
  const { ticket } = marked
  if (ticket === undefined) {
    work.strangers.add(card)
    return []
  }
  // A person can copy a card, marker included: the ticket's own card is in its record.
  const record = await ledger.read(ticket)
  if (record.kind === 'unavailable') return undefined
  const own = record.kind === 'found' ? record.item.receipt?.vendorId : undefined
  return own === undefined || own === card ? [ticket] : []
}
