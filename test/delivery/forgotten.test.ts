import type { Priority, Ticket } from 'ticket-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { buildTicket, envelopeOf } from '../support/records.ts'
import { runTicketing } from '../support/bed.ts'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'

const NAME = 'Zenobia Quill'
const WORDS = 'the quarterly figures of Quebec'
/** Anything of hers. */
const HERS = /Zenobia|Quill|quarterly|quebec/i

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

async function send(priority: Priority): Promise<Ticket> {
  const reporter = { name: NAME, aadObjectId: '00000000-0000-4000-8000-00000000feed' }
  const ticket = { ...buildTicket(priority), title: WORDS, description: WORDS, steps: WORDS, reporter }
  await bed.send(priority, envelopeOf(ticket))
  return ticket
}

async function forget(): Promise<void> {
  const forgotten = await runTicketing(bed, ['tickets', 'forget', NAME])
  expect(forgotten).toMatchObject({ code: 0 })
}

async function settle(priority: Priority): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    await bed.run(priority)
    await bed.run('dead')
    await bed.clock.advance('4m')
  }
}

/** Every object of the bucket with its key, and what Trello and the channel of alerts show. Notices to admins are out of reach. */
async function everything(): Promise<string> {
  const keys = await bed.objects('')
  const objects = await Promise.all(keys.map(async (key) => `${key}\n${(await bed.object(key)) ?? ''}`))
  const messages = bed.slack.messagesIn('tickets').map(({ shown }) => shown)
  return [...objects, bed.trello.save(), ...messages].join('\n')
}

describe('words that were erased do not come back', () => {
  test.each(['low', 'medium', 'high'] as const)(
    'with a ticket of priority %s that waited for its place',
    async (priority) => {
      const at = ({ low: 's3.putObject', medium: 'trello.createCard', high: 'slack.postMessage' } as const)[priority]
      const text = priority === 'low' ? { text: 'tickets/' } : {}
      const outage = bed.faults.add({ at, kind: '5xx', ...text })
      const ticket = await send(priority)
      await bed.run(priority)
      expect(await bed.record(ticket.id)).toMatchObject({ state: 'waiting' })
      await forget()
      outage.remove()
      await bed.clock.advance('10m')
      await settle(priority)
      expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered' })
      expect(await everything()).not.toMatch(HERS)
    },
  )

  test.each(['low', 'medium', 'high'] as const)(
    'with a ticket of priority %s whose case is there, and no record yet',
    async (priority) => {
      bed.faults.add({
        at: `function.${priority}`,
        kind: 'killed',
        when: 'after',
        call: 's3.putObject',
        text: 'cases/',
        times: 1,
      })
      const ticket = await send(priority)
      await bed.run(priority)
      expect(await bed.record(ticket.id)).toBeUndefined()
      await forget()
      await bed.clock.advance('10m')
      await settle(priority)
      expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered' })
      expect(await everything()).not.toMatch(HERS)
    },
  )

  test('with a redriven ticket that dies again', async () => {
    bed.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, times: 2 })
    const ticket = await send('medium')
    await settle('medium')
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'redriven' })
    await forget()
    await settle('medium')
    expect(await bed.letter(ticket.id)).toMatchObject({ life: 1, forgottenAt: expect.any(Number), closed: {} })
    expect(await everything()).not.toMatch(HERS)
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'refused' })
  })

  test('with the message of a dead ticket that comes again, now with a doubt', async () => {
    bed.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, times: 1 })
    const ticket = await send('medium')
    await settle('medium')
    await forget()
    const record = await bed.record(ticket.id)
    await bed.put(`ledger/medium/${ticket.id}.json`, JSON.stringify({ ...record, suspect: true }))
    await bed.send('dead', envelopeOf(ticket), { code: 'trello-400', reason: 'refused' })
    await settle('medium')
    expect(await bed.letter(ticket.id)).toMatchObject({ mayBeDelivered: true })
    expect(await everything()).not.toMatch(HERS)
  })
})
