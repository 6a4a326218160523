import {
  indexKeysOf,
  isStaleKey,
  stateOf,
  ticketOfIndexKey,
  type Case,
  type Change,
  type TicketEvent,
} from 'ticket-core'
import type { Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, eventually, listKeys, recordOf, startBed } from '../support/bed.ts'

describe('what happens to a ticket is added to its case', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  async function openTicket(title: string): Promise<Case> {
    const reply = await bed.teams.send({ title, priority: 'medium', description: 'It stays white.' })
    const id = acceptedId(reply)
    await recordOf(bed, id, 'delivered')
    return caseOf(id)
  }

  async function caseOf(id: string): Promise<Case> {
    const stored = await bed.cases.read(id)
    if (stored.kind !== 'found') throw new Error(`there is no case of ${id}: ${stored.kind}`)
    return stored.item
  }

  function eventOf({ id: ticket, source }: Case, number: number, change: Change): TicketEvent {
    const by = { via: 'cli', name: `Writer ${number}` } as const
    return { v: 1, id: `cli:${ticket}:${number}`, ticket, source, at: bed.clock.now() - 100 + number, by, ...change }
  }

  async function markersOf(id: string): Promise<string[]> {
    return (await listKeys(bed, 'index/')).filter((key) => ticketOfIndexKey(key) === id)
  }

  it('closed, and found among the closed tickets alone', async () => {
    const opened = await openTicket('Closed')
    expect(await markersOf(opened.id)).toEqual([...indexKeysOf(opened)].toSorted())
    await bed.sendEvent(eventOf(opened, 1, { kind: 'closed', reason: 'fixed' }))
    const markers = await eventually(bed, async () => {
      const found = await markersOf(opened.id)
      expect(found).toHaveLength(1)
      return found
    })
    const closed = await caseOf(opened.id)
    expect(stateOf(closed)).toMatchObject({ status: 'closed', ending: { reason: 'fixed' } })
    expect(markers).toEqual([...indexKeysOf(closed)])
  })

  it('by a hundred writers at once: nothing is lost, and nothing is there twice', async () => {
    const opened = await openTicket('Busy')
    const events = Array.from({ length: 100 }, (_, number) => eventOf(opened, number, busyChange(number)))
    await Promise.all([...events, ...events.slice(0, 20)].map((event) => bed.sendEvent(event)))
    const busy = await eventually(bed, async () => {
      const known = await caseOf(opened.id)
      expect(known.events).toHaveLength(100)
      return known
    })
    expect(stateOf(busy).history).toEqual(events.toSorted((one, other) => one.at - other.at))
    // Writers that met conflicts may leave markers of versions that were never written: readers know them, and remove them.
    const left = (await markersOf(opened.id)).filter((key) => !isStaleKey(key, busy))
    expect(left).toEqual([...indexKeysOf(busy)].toSorted())
  })
})

const CHANGES: readonly Change[] = [
  { kind: 'commented', text: 'Me too.' },
  { kind: 'taken' },
  { kind: 'closed' },
  { kind: 'reopened' },
  { kind: 'priority-changed', to: 'high' },
]

function busyChange(number: number): Change {
  return CHANGES[number % CHANGES.length] ?? { kind: 'acknowledged' }
}
