import { startTestbed, type VirtualTestbed } from '@ticketing/testbed'
import { type Case, type Change, indexKeysOf, isStaleKey, newCase } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { buildEvent, buildTicket } from '../support/records.ts'
import { listKeys } from '../support/bed.ts'

const CHANGES: readonly Change[] = [
  { kind: 'closed' },
  { kind: 'reopened' },
  { kind: 'taken' },
  { kind: 'closed' },
  { kind: 'commented', text: 'Why?' },
  { kind: 'reopened' },
  { kind: 'released' },
  { kind: 'priority-changed', to: 'low' },
  { kind: 'reopened' },
]

async function openCase(bed: VirtualTestbed): Promise<Case> {
  const opened = newCase({ ...buildTicket('low'), teamId: '19:team' }, 'n')
  for (const key of indexKeysOf(opened)) await bed.index.put(key)
  await bed.cases.write(opened.id, opened, 'absent')
  return opened
}

async function caseOf(bed: VirtualTestbed, id: string): Promise<Case> {
  const stored = await bed.cases.read(id)
  if (stored.kind !== 'found') throw new Error(`there is no case of ${id}`)
  return stored.item
}

describe('the index, while functions add events at once and are killed at random', () => {
  test.each([1, 2, 3])('misses the ticket at no step: seed %i', async (seed) => {
    await using bed = await startTestbed({ clock: 'virtual', seed })
    const { id, ticket } = await openCase(bed)
    for (const call of ['s3.putObject', 's3.deleteObject', 's3.getObject'] as const) {
      bed.faults.add({ at: 'function.events', kind: 'killed', when: 'before', call, chance: 0.1, times: 3 })
      bed.faults.add({ at: 'function.events', kind: 'killed', when: 'after', call, chance: 0.1, times: 3 })
    }
    bed.faults.add({ at: 's3.*', kind: 'slow', ms: 300, chance: 0.3, by: 'function.events' })
    for (const [at, change] of CHANGES.entries()) await bed.sendEvent(buildEvent(ticket, change, { number: at + 1 }))
    let steps = 0
    do {
      // The case first: what it asks for must have been put before it was written.
      const known = await caseOf(bed, id)
      const there = await listKeys(bed, 'index/')
      const missing = [...indexKeysOf(known)].filter((key) => !there.includes(key))
      expect(missing).toEqual([])
      steps += 1
    } while ((await caseOf(bed, id)).events.length < CHANGES.length && (await bed.clock.advanceToNext()))
    await bed.clock.runUntilQuiet()
    const known = await caseOf(bed, id)
    expect(known.events).toHaveLength(CHANGES.length)
    const left = (await listKeys(bed, 'index/')).filter((key) => !isStaleKey(key, known))
    expect(left).toEqual([...indexKeysOf(known)].toSorted())
    expect(steps).toBeGreaterThan(20)
  })
})
