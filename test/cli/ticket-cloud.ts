import { createCaseStore, createIndexStore } from 'ticket-adapters/s3'
import {
  type Case,
  type Change,
  type Person,
  type Priority,
  type Ticket,
  type TicketEvent,
  addEvent,
  indexKeysOf,
  newCase,
} from 'ticket-core'
import { buildEvent, buildTicket } from '../support/records.ts'
import { type DeadLetterCloud, startDeadLetterCloud } from './dead-letter-cloud.ts'

export interface TicketCloud extends DeadLetterCloud {
  /** Keeps a ticket's case with these events, and its index keys, as lines 2 and 4 do. */
  keep(number: number, options?: KeepOptions): Promise<Case>
  caseOf(id: string): Promise<Case>
  /** Puts a key into the index. */
  mark(key: string): Promise<void>
  /** Every key of the index. */
  indexKeys(): Promise<readonly string[]>
}

interface KeepOptions {
  readonly priority?: Priority
  readonly changes?: readonly Change[]
  /** Who did each change, where it is another person than usual. */
  readonly by?: readonly (Person | undefined)[]
  /** When each change happened. */
  readonly at?: number
  readonly ticket?: Partial<Ticket>
  /** A ticket of the older system names no team. */
  readonly isTeamless?: true
}

/** The cloud of the dead letters' tests, with cases and their index. */
export async function startTicketCloud(): Promise<TicketCloud> {
  const cloud = await startDeadLetterCloud()
  const cases = createCaseStore(cloud.store)
  const index = createIndexStore(cloud.store)
  return {
    ...cloud,
    async keep(number, { priority = 'medium', changes = [], by = [], at: when, ticket: change = {}, isTeamless } = {}) {
      const ticket: Ticket = {
        ...buildTicket(priority, number),
        ...(!isTeamless && { teamId: 'team-1' }),
        ...change,
      }
      const events = changes.map((one, at): TicketEvent => {
        const event = buildEvent(ticket, one, { number: at + 1 })
        return { ...event, by: by[at] ?? event.by, at: when ?? event.at }
      })
      const known = events.reduce((before, event) => addEvent(before, event, event.id), newCase(ticket, 'n0'))
      for (const key of indexKeysOf(known)) await index.put(key)
      const written = await cases.write(known.id, known, 'absent')
      if (written.kind !== 'written') throw new Error(`the case was not written: ${written.kind}`)
      return known
    },
    async caseOf(id) {
      const stored = await cases.read(id)
      if (stored.kind !== 'found') throw new Error(`the case of ${id} is ${stored.kind}`)
      return stored.item
    },
    async mark(key) {
      await index.put(key)
    },
    async indexKeys() {
      const page = await index.list('index/', { limit: 1000 })
      if (page.kind !== 'page') throw new Error(page.reason)
      return page.keys
    },
  }
}
