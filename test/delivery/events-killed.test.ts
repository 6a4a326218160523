import { type Change, type Ticket, INDEX, indexKeysOf, isStaleKey, newCase, stateOf, writeEvent } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildEvent, buildTicket } from '../support/records.ts'

/** Each call of line 4 for an event that moves its ticket to another list. */
const CALLS = [
  ['s3.getObject', 'cases/'],
  ['s3.putObject', 'index/'],
  ['s3.putObject', 'cases/'],
  ['s3.deleteObject', 'index/open/'],
  ['s3.deleteObject', 'index/unassigned/'],
] as const

const WHOLE = CALLS.flatMap(([call, text]) => (['before', 'after'] as const).map((when) => ({ call, text, when })))

async function openCase(bed: DeliveryBed, ticket: Ticket, ...changes: readonly Change[]): Promise<void> {
  const events = changes.map((change, at) => buildEvent(ticket, change, { number: at + 1 }))
  const opened = { ...newCase(ticket, 'n'), events }
  for (const key of indexKeysOf(opened)) await bed.index.put(key)
  await bed.cases.write(ticket.id, opened, 'absent')
}

async function send(bed: DeliveryBed, ticket: Ticket, change: Change, number: number): Promise<void> {
  const body = writeEvent(buildEvent(ticket, change, { number }))
  await bed.send('events', body.ok ? body.value : '')
}

/** The markers that are there, and those that must be, once a reader has removed what is stale. */
async function compareIndex(bed: DeliveryBed, { id }: Ticket): Promise<{ missing: string[]; beside: string[] }> {
  const stored = await bed.cases.read(id)
  if (stored.kind !== 'found') throw new Error(`there is no case of ${id}`)
  const wanted = indexKeysOf(stored.item)
  const there = (await bed.objects(INDEX)).filter((key) => !isStaleKey(key, stored.item))
  return { missing: [...wanted].filter((key) => !there.includes(key)), beside: there.filter((key) => !wanted.has(key)) }
}

describe.each(WHOLE)('line 4, killed $when $call of $text', ({ call, text, when }) => {
  test('has lost nothing when its message comes back, and no list ever missed the ticket', async () => {
    await using bed = await startDeliveryBed()
    const ticket = { ...buildTicket('medium'), teamId: '19:team' }
    await openCase(bed, ticket)
    await send(bed, ticket, { kind: 'closed' }, 1)
    bed.faults.add({ at: 'function.events', kind: 'killed', when, call, text, times: 1 })
    expect(await bed.run('events')).toMatchObject({ kind: 'ended-early' })
    expect((await compareIndex(bed, ticket)).missing).toEqual([])
    await bed.clock.advance('181s')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    const stored = await bed.cases.read(ticket.id)
    expect(stored.kind === 'found' && stateOf(stored.item)).toMatchObject({ status: 'closed', history: [{}] })
    expect(await compareIndex(bed, ticket)).toEqual({ missing: [], beside: [] })
  })

  test('leaves a ticket in its lists that was reopened before the message came back', async () => {
    await using bed = await startDeliveryBed()
    const ticket = { ...buildTicket('medium'), teamId: '19:team' }
    await openCase(bed, ticket)
    await send(bed, ticket, { kind: 'closed' }, 1)
    bed.faults.add({ at: 'function.events', kind: 'killed', when, call, text, times: 1 })
    expect(await bed.run('events')).toMatchObject({ kind: 'ended-early' })
    await send(bed, ticket, { kind: 'reopened' }, 2)
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    expect((await compareIndex(bed, ticket)).missing).toEqual([])
    await bed.clock.advance('181s')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    const stored = await bed.cases.read(ticket.id)
    expect(stored.kind === 'found' && stateOf(stored.item)).toMatchObject({ status: 'open' })
    expect(await compareIndex(bed, ticket)).toEqual({ missing: [], beside: [] })
  })
})
