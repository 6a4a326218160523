import { placeKey, PLACES } from 'ticket-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildTicket, envelopeOf } from '../support/records.ts'

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

const TICKET = buildTicket('medium')
const BACK = { kind: 'answered', back: 1 }
const DONE = { kind: 'answered', back: 0 }

/** The place that the only card must have. */
function placeOfCard(): string {
  return placeKey(bed.trello.cards[0]?.id ?? '', TICKET.id) ?? 'no card'
}

describe('the place of a card', () => {
  test('says which ticket it shows, before the outcome is recorded', async () => {
    await bed.send('medium', envelopeOf(TICKET))
    expect(await bed.run('medium')).toEqual(DONE)
    expect(await bed.objects(PLACES)).toEqual([placeOfCard()])
    const keys = bed.journal.all({ source: 's3', kind: 'object-put' }).map(({ detail }) => String(detail['key']))
    const order = keys.map((key) => key.split('/')[0])
    expect(order.slice(order.indexOf('places') - 1)).toEqual(['ledger', 'places', 'ledger'])
  })

  test.each(['low', 'high'] as const)('is of the board only: a ticket of priority %s has none', async (priority) => {
    await bed.send(priority, envelopeOf(buildTicket(priority)))
    await bed.run(priority)
    expect(await bed.objects(PLACES)).toEqual([])
  })

  test('that could not be written costs the ticket nothing: it is delivered, and the message comes back for it', async () => {
    bed.faults.add({ at: 's3.putObject', kind: 'denied', text: PLACES, times: 2 })
    await bed.send('medium', envelopeOf(TICKET))
    expect(await bed.run('medium')).toEqual(BACK)
    expect(await bed.record(TICKET.id)).toMatchObject({ state: 'delivered' })
    expect(await bed.objects(PLACES)).toEqual([])
    await bed.clock.advance('181s')
    expect(await bed.run('medium')).toEqual(BACK)
    await bed.clock.advance('181s')
    expect(await bed.run('medium')).toEqual(DONE)
    expect(await bed.objects(PLACES)).toEqual([placeOfCard()])
    expect(bed.trello.cards).toHaveLength(1)
  })

  test('whose writing takes too long leaves time for the outcome', async () => {
    bed.faults.add({ at: 's3.putObject', kind: 'slow', ms: 20_000, text: PLACES, times: 1 })
    await bed.send('medium', envelopeOf(TICKET))
    expect(await bed.run('medium')).toEqual(BACK)
    expect(await bed.record(TICKET.id)).toMatchObject({ state: 'delivered' })
    await bed.clock.advance('181s')
    expect(await bed.run('medium')).toEqual(DONE)
    expect(await bed.objects(PLACES)).toEqual([placeOfCard()])
  })

  test.each(['before', 'after'] as const)('is there although the function is killed %s its writing', async (when) => {
    bed.faults.add({ at: 'function.medium', kind: 'killed', when, call: 's3.putObject', text: PLACES, times: 1 })
    await bed.send('medium', envelopeOf(TICKET))
    await bed.run('medium')
    await bed.clock.advance('10m')
    expect(await bed.run('medium')).toEqual(DONE)
    expect(await bed.objects(PLACES)).toEqual([placeOfCard()])
    expect(await bed.record(TICKET.id)).toMatchObject({ state: 'delivered', receipt: { found: true } })
    expect(bed.trello.cards).toHaveLength(1)
  })

  test('of a ticket that was delivered before is written once more by a repeat of its message', async () => {
    await bed.send('medium', envelopeOf(TICKET))
    await bed.send('medium', envelopeOf(TICKET))
    await bed.run('medium')
    expect(await bed.objects(PLACES)).toEqual([placeOfCard()])
    expect(bed.trello.cards).toHaveLength(1)
  })
})
