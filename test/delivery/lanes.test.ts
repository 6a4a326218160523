import { digestTicket, PRIORITIES, type LedgerRecord, type Ticket } from 'ticket-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Line, START, startLine } from './line.ts'
import { buildTicket, envelopeOf } from './messages.ts'

let line: Line
beforeEach(async () => {
  line = await startLine()
})
afterEach(() => line.close())

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
    await line.send(priority, envelopeOf(buildTicket(priority)))
    await line.run(priority)
    expect(await line.record(id)).toMatchObject({ state: 'delivered' })
    expect(await line.objects('ledger/')).toEqual([`ledger/${priority}/${id}.json`])
  })

  test('also the record of a ticket that was never claimed', async () => {
    const ticket = buildTicket('high')
    await line.send('dead', envelopeOf(ticket))
    await line.run('dead')
    expect(await line.objects('ledger/')).toEqual([`ledger/high/${ticket.id}.json`])
  })
})

describe('a record in another lane', () => {
  test('that says "delivered" keeps no ticket from its destination', async () => {
    const ticket = buildTicket('high')
    await line.put(`ledger/low/${ticket.id}.json`, forge(ticket, 'delivered'))
    await line.send('high', envelopeOf(ticket))
    expect(await line.run('high')).toEqual({ kind: 'answered', back: [] })
    expect(line.slack.messages).toHaveLength(1)
  })

  test('that says "delivered" keeps no dead letter from its admin, its redrive and its status', async () => {
    const ticket = buildTicket('high')
    await line.put(`ledger/low/${ticket.id}.json`, forge(ticket, 'delivered'))
    await line.send('dead', envelopeOf(ticket), { code: 'slack-404', reason: 'No such webhook.' })
    await line.run('dead')
    expect(line.slack.messagesIn('admins')).toHaveLength(1)
    expect(await line.record(ticket.id)).toMatchObject({ state: 'dead' })
    expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'redriven', life: 1 })
    await line.run('high')
    expect(await line.object(`ledger/high/${ticket.id}.json`)).toContain('"life":1,"state":"delivered"')
    expect(line.slack.messagesIn('tickets')).toHaveLength(1)
  })
})

describe('a ticket in the queue of another priority', () => {
  test('is not delivered to the wrong place: its dead letter says why, and a redrive sends it to the right queue', async () => {
    const ticket = buildTicket('high')
    await line.send('low', envelopeOf(ticket))
    expect(await line.run('low')).toEqual({ kind: 'answered', back: [] })
    expect(await line.objects('tickets/')).toEqual([])
    expect(await line.objects('ledger/')).toEqual([])
    await line.clock.advance('1s')
    await line.run('dead')
    expect(await line.letter(ticket.id)).toMatchObject({ kind: 'ticket', ticket, cause: { code: 'misrouted' } })
    expect(line.slack.messagesIn('admins')).toMatchObject([
      { shown: expect.stringContaining('a ticket of priority high came by the queue of lane low') },
    ])
    await line.redrive(ticket.id)
    await line.run('high')
    expect(line.slack.messagesIn('tickets')).toMatchObject([{ shown: expect.stringContaining(ticket.id) }])
    expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered', life: 1 })
  })

  test('a copy of one that was delivered ends without a letter', async () => {
    const ticket = buildTicket('high')
    await line.send('high', envelopeOf(ticket))
    await line.run('high')
    await line.send('low', envelopeOf(ticket))
    await line.run('low')
    await line.clock.advance('1s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(await line.objects('dead-letters/')).toEqual([])
    expect(line.slack.messages).toHaveLength(1)
  })

  test('stays in its queue while the dead-letter queue does not answer', async () => {
    const ticket = buildTicket('high')
    await line.send('low', envelopeOf(ticket))
    line.breakCloud(async (call) => {
      if (call.operation.startsWith('SendMessage')) throw new Error('down')
      return undefined
    })
    expect(await line.run('low')).toMatchObject({ kind: 'answered', back: [expect.any(String)] })
    expect(await line.objects('tickets/')).toEqual([])
  })
})
