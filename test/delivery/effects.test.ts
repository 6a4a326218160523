import { type Change, type Ticket, writeEvent } from 'ticket-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildEvent, buildTicket, envelopeOf } from '../support/records.ts'

let bed: DeliveryBed
let ticket: Ticket

beforeEach(async () => {
  bed = await startDeliveryBed()
  ticket = buildTicket('medium')
  await bed.send('medium', envelopeOf(ticket))
  await bed.run('medium')
})

async function send(change: Change, number = 1): Promise<void> {
  const body = writeEvent(buildEvent(ticket, change, { number }))
  if (!body.ok) throw new Error('the event is too large')
  await bed.send('events', body.value)
}

const CLOSED: Change = { kind: 'closed', reason: 'Fixed.' }
const comments = (): number => bed.trello.cards[0]?.comments ?? 0

describe('what an event causes elsewhere', () => {
  test('is sent after the case has the event', async () => {
    await send(CLOSED)
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.run('medium')).toEqual({ kind: 'answered', back: 0 })
    expect(bed.trello.cards).toMatchObject([{ list: 'Done', dueComplete: true, comments: 1 }])
  })

  test('happens once, however often the event comes', async () => {
    for (let repeat = 0; repeat < 3; repeat += 1) {
      await send(CLOSED)
      await bed.run('events')
      await bed.run('medium')
    }
    expect(comments()).toBe(1)
  })

  test('is sent again when a queue did not take it', async () => {
    await send(CLOSED)
    bed.faults.add({ at: 'sqs.sendMessageBatch', kind: 'denied', by: 'function.events', times: 1 })
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 1 })
    await bed.run('medium')
    await bed.clock.advance('3m')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    await bed.run('medium')
    expect(comments()).toBe(1)
  })

  test('is sent by the next function when one is killed before it', async () => {
    await send(CLOSED)
    bed.faults.add({
      at: 'function.events',
      kind: 'killed',
      when: 'before',
      call: 'sqs.sendMessageBatch',
      times: 1,
    })
    expect((await bed.run('events')).kind).toBe('ended-early')
    await bed.clock.advance('3m')
    await bed.run('events')
    await bed.run('medium')
    expect(bed.trello.cards).toMatchObject([{ list: 'Done', comments: 1 }])
  })
})
