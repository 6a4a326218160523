import { startTestbed, type VirtualTestbed } from '@ticketing/testbed'
import { createIndexStore } from 'ticket-adapters/s3'
import { type Case, type IndexStore, indexKeysOf, indexPrefix, newCase, ticketOfIndexKey } from 'ticket-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { listKeys, operatorClients } from '../support/bed.ts'
import { buildTicket } from '../support/records.ts'

const TEAM = '19:team'
const OPEN = indexPrefix(TEAM, { kind: 'open' })

let bed: VirtualTestbed
let index: IndexStore
beforeEach(async () => {
  bed = await startTestbed({ clock: 'virtual' })
  // Its calls meet faults; those of the testbed itself do not.
  index = createIndexStore({ client: operatorClients(bed).s3, bucket: bed.bucket, clock: bed.clock })
})

/** Each ticket is a second younger than the one before. */
function buildCase(number: number): Case {
  const createdAt = new Date(Date.UTC(2026, 10, 24) + number * 1000).toISOString()
  return newCase({ ...buildTicket('medium', number), teamId: TEAM, createdAt }, 'n')
}

const [KEY = ''] = indexKeysOf(buildCase(1))

describe('a marker', () => {
  test('is put once, however often', async () => {
    expect([await index.put(KEY), await index.put(KEY)]).toEqual([{ kind: 'done' }, { kind: 'done' }])
    expect(await listKeys(bed, 'index/')).toEqual([KEY])
  })

  test('is removed, and is gone for one who removes it again', async () => {
    await index.put(KEY)
    expect([await index.remove(KEY), await index.remove(KEY)]).toEqual([{ kind: 'done' }, { kind: 'done' }])
    expect(await listKeys(bed, 'index/')).toEqual([])
  })

  test.each([
    { kind: 'throttled' },
    { kind: '5xx' },
    { kind: '5xx', when: 'after' },
    { kind: 'reset', when: 'after' },
    { kind: 'timeout-after-effect' },
    { kind: 'conflict' },
  ] as const)('is put, and removed, through one failure: $kind $when', async (fault) => {
    bed.faults.add({ at: 's3.putObject', times: 1, ...fault })
    bed.faults.add({ at: 's3.deleteObject', times: 1, ...fault })
    expect(await bed.clock.runUntilSettled(index.put(KEY))).toEqual({ kind: 'done' })
    expect(await listKeys(bed, 'index/')).toEqual([KEY])
    expect(await bed.clock.runUntilSettled(index.remove(KEY))).toEqual({ kind: 'done' })
    expect(await listKeys(bed, 'index/')).toEqual([])
  })

  test('says why it could not be put, and takes no longer than it may', async () => {
    bed.faults.add({ at: 's3.putObject', kind: 'timeout-before-effect' })
    bed.faults.add({ at: 's3.deleteObject', kind: 'denied', times: 1 })
    const began = bed.clock.now()
    expect(await bed.clock.runUntilSettled(index.put(KEY))).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('S3 did not answer'),
    })
    expect(bed.clock.now() - began).toBeLessThanOrEqual(5000)
    expect(await index.remove(KEY)).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('403') })
  })
})

describe('a list', () => {
  test('gives the newest first, page by page', async () => {
    for (const number of [1, 2, 3, 4, 5]) for (const key of indexKeysOf(buildCase(number))) await index.put(key)
    const seen: (string | undefined)[][] = []
    let after: string | undefined
    for (;;) {
      const page = await index.list(OPEN, { limit: 2, after })
      if (page.kind !== 'page') throw new Error(page.reason)
      seen.push(page.keys.map(ticketOfIndexKey))
      if (page.isLast) break
      after = page.keys.at(-1)
    }
    const ids = [5, 4, 3, 2, 1].map((number) => buildCase(number).id)
    expect(seen).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])
  })

  test('says that it cannot be read', async () => {
    bed.faults.add({ at: 's3.listObjectsV2', kind: '5xx', times: 1 })
    expect(await index.list(OPEN, { limit: 1 })).toMatchObject({ kind: 'unavailable' })
  })

  test('of 10,000 open tickets gives the ten newest in less than a second', async () => {
    const keys = Array.from(
      { length: 10_000 },
      (_, number) => indexKeysOf(buildCase(number)).values().next().value ?? '',
    )
    for (const key of keys) await bed.index.put(key)
    const began = performance.now()
    const page = await index.list(OPEN, { limit: 10 })
    expect(performance.now() - began).toBeLessThan(1000)
    expect(page).toEqual({ kind: 'page', keys: keys.slice(-10).toReversed(), isLast: false })
  })
})
