import { digestTicket, PRIORITIES, type LedgerRecord, type Ticket } from 'ticket-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildTicket, envelopeOf, START } from '../support/records.ts'

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

/** What a lane's role could write about another lane's ticket, if it were stolen. */
function forge(ticket: Ticket, state: LedgerRecord['state']): string {
  const { id, source } = ticket
  const attempts = { count: 0, last: [] }
  return JSON.stringify({
    v: 1,
    id,
    source,
    digest: digestTicket(ticket),
    life: 0,
    state,
    nonce: 'forged',
    crashes: 0,
    firstClaimAt: START,
    attempts,
  })
}

describe('the ledger of a lane', () => {
  test.each(PRIORITIES)('holds the records of priority %s, and no other lane does', async (priority) => {
    const { id } = buildTicket(priority)
    await bed.send(priority, envelopeOf(buildTicket(priority)))
    await bed.run(priority)
    expect(await bed.record(id)).toMatchObject({ state: 'delivered' })
    expect(await bed.objects('ledger/')).toEqual([`ledger/${priority}/${id}.json`])
  })

  test('also the record of a ticket that was never claimed', async () => {
    const ticket = buildTicket('high')
    await bed.send('dead', envelopeOf(ticket))
    await bed.run('dead')
    expect(await bed.objects('ledger/')).toEqual([`ledger/high/${ticket.id}.json`])
  })
})

describe('a record in another lane', () => {
  test('that says "delivered" keeps no ticket from its destination', async () => {
    const ticket = buildTicket('high')
    await bed.put(`ledger/low/${ticket.id}.json`, forge(ticket, 'delivered'))
    await bed.send('high', envelopeOf(ticket))
    expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
    expect(bed.slack.messages).toHaveLength(1)
  })

  test('that says "delivered" keeps no dead letter from its admin, its redrive and its status', async () => {
    const ticket = buildTicket('high')
    await bed.put(`ledger/low/${ticket.id}.json`, forge(ticket, 'delivered'))
    await bed.send('dead', envelopeOf(ticket), { code: 'slack-404', reason: 'No such webhook.' })
    await bed.run('dead')
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'dead' })
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'redriven', life: 1 })
    await bed.run('high')
    expect(await bed.object(`ledger/high/${ticket.id}.json`)).toContain('"life":1,"state":"delivered"')
    expect(bed.slack.messagesIn('tickets')).toHaveLength(1)
  })
})

describe('a ticket in the queue of another priority', () => {
  test('is not delivered to the wrong place: its dead letter says why, and a redrive sends it to the right queue', async () => {
    const ticket = buildTicket('high')
    await bed.send('low', envelopeOf(ticket))
    expect(await bed.run('low')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.objects('tickets/')).toEqual([])
    expect(await bed.objects('ledger/')).toEqual([])
    await bed.clock.advance('1s')
    await bed.run('dead')
    expect(await bed.letter(ticket.id)).toMatchObject({ kind: 'ticket', ticket, cause: { code: 'misrouted' } })
    expect(bed.slack.messagesIn('ticket-admins')).toMatchObject([
      { shown: expect.stringContaining('a ticket of priority high came by the queue of lane low') },
    ])
    await bed.redrive(ticket.id)
    await bed.run('high')
    expect(bed.slack.messagesIn('tickets')).toMatchObject([{ shown: expect.stringContaining(ticket.id) }])
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', life: 1 })
  })

  test('a copy of one that was delivered ends without a letter', async () => {
    const ticket = buildTicket('high')
    await bed.send('high', envelopeOf(ticket))
    await bed.run('high')
    await bed.send('low', envelopeOf(ticket))
    await bed.run('low')
    await bed.clock.advance('1s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.objects('dead-letters/')).toEqual([])
    expect(bed.slack.messages).toHaveLength(1)
  })

  test('stays in its queue while the dead-letter queue does not answer', async () => {
    const ticket = buildTicket('high')
    await bed.send('low', envelopeOf(ticket))
    bed.faults.add({ at: 'sqs.sendMessageBatch', kind: '5xx' })
    expect(await bed.run('low')).toMatchObject({ kind: 'answered', back: 1 })
    expect(await bed.objects('tickets/')).toEqual([])
  })
})
