import {
  type Case,
  type CaseStore,
  type Conflict,
  type DeathCause,
  type Found,
  type TicketEvent,
  addEvent,
  eventsBefore,
  indexKeysOf,
} from 'ticket-core'
import { type IndexPorts, putMarkers, removeStaleMarkers } from '../mark-index.ts'

/** What adding an event to a case needs. */
export interface AddPorts extends IndexPorts {
  readonly cases: CaseStore
  /** A fresh one for every write. */
  newNonce(): string
}

interface Addition {
  readonly event: TicketEvent
  readonly stored: Found<Case>
  /** Markers that may be stale afterwards. Keeps those of attempts that meet a conflict. */
  readonly passing: Set<string>
}

type Added =
  | { readonly kind: 'added'; readonly item: Case; readonly isRepeat: boolean }
  | { readonly kind: 'full'; readonly cause: DeathCause }
  | { readonly kind: 'unavailable'; readonly store: 'case' | 'index'; readonly reason: string }
  | Conflict

/** Characters of what is added to one case: each event reads and writes all of it. 140 of Teams' longest messages fit. */
const MAX_TEXT = 4_000_000

/**
 * Adds an event to its case: first the markers that will be true, then the case, then the markers that are true no more are
 * removed. A repeat finds the event there, and only removes markers.
 */
export async function addToCase(ports: AddPorts, { event, stored, passing }: Addition): Promise<Added> {
  const { item: known, version } = stored
  const after = addEvent(known, event, ports.newNonce())
  const isRepeat = after === known
  for (const key of indexKeysOf({ ...known, events: eventsBefore(known, event.id) })) passing.add(key)
  if (!isRepeat) {
    if (isFull(known, event)) return { kind: 'full', cause: describeFull(known) }
    const keys = [...indexKeysOf(after)].filter((key) => !passing.has(key))
    const put = await putMarkers(ports, keys)
    if (put.kind === 'unavailable') return { ...put, store: 'index' }
    for (const key of keys) passing.add(key)
    const written = await ports.cases.write(known.id, after, { version })
    if (written.kind === 'conflict') return written
    if (written.kind === 'unavailable') return { ...written, store: 'case' }
  }
  const removed = await removeStaleMarkers(ports, passing, after)
  return removed.kind === 'unavailable' ? { ...removed, store: 'index' } : { kind: 'added', item: after, isRepeat }
}

/** Only what brings a text can be too much: a ticket can always be taken, moved and closed. */
function isFull({ events }: Case, event: TicketEvent): boolean {
  if (event.kind !== 'commented' && event.kind !== 'edited' && event.kind !== 'attached') return false
  return JSON.stringify(events).length + JSON.stringify(event).length > MAX_TEXT
}

function describeFull({ id }: Case): DeathCause {
  return {
    code: 'case-full',
    reason: `the comments and changes of ${id} have ${MAX_TEXT} characters: continue in another ticket`,
  }
}
