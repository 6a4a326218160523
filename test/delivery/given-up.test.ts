import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildTicket, envelopeOf } from '../support/records.ts'

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

/** The dead-letter queue takes nothing until the fault is removed. */
function breakDeadLetterQueue(): { remove(): void } {
  return bed.faults.add({ at: 'sqs.sendMessageBatch', kind: '5xx' })
}

async function runUntilIdle(queue: 'medium' | 'high' | 'dead'): Promise<void> {
  for (let runs = 0; runs < 20; runs += 1) {
    await bed.run(queue)
    await bed.clock.advance('181s')
  }
}

describe.each([
  ['medium', 'trello.createCard', () => bed.trello.cards.length],
  ['high', 'slack.postMessage', () => bed.slack.messagesIn('tickets').length],
] as const)('a final "no" to a ticket of priority %s', (priority, edge, delivered) => {
  /** The vendor would take it from the second call on: to ask it again would be seen. */
  function refuseOnce(): void {
    bed.faults.add({ at: edge, kind: '4xx', status: 400, times: 1 })
  }

  test('is kept while the dead-letter queue does not take it; only the dead-lettering is repeated', async () => {
    const ticket = buildTicket(priority)
    refuseOnce()
    await bed.send(priority, envelopeOf(ticket))
    const outage = breakDeadLetterQueue()
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await bed.run(priority)).toMatchObject({ kind: 'answered', back: 1 })
      expect(await bed.record(ticket.id)).toMatchObject({
        state: 'waiting',
        failure: { code: expect.stringContaining('400') },
        attempts: { count: 1 },
      })
      await bed.clock.advance('1h')
    }
    outage.remove()
    expect(await bed.run(priority)).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'dead', attempts: { count: 1 } })
    await bed.clock.advance('1s')
    await bed.run('dead')
    expect(await bed.letter(ticket.id)).toMatchObject({ cause: { code: expect.stringContaining('400') } })
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
    expect(delivered()).toBe(0)
  })

  test('is kept where the queue took it and its answer was lost', async () => {
    const ticket = buildTicket(priority)
    refuseOnce()
    await bed.send(priority, envelopeOf(ticket))
    const lost = bed.faults.add({ at: 'sqs.sendMessageBatch', kind: 'reset', when: 'after' })
    await bed.run(priority)
    lost.remove()
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'waiting', failure: {} })
    await bed.clock.advance('1s')
    await bed.run('dead')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'dead' })
    await runUntilIdle(priority)
    await runUntilIdle('dead')
    expect(delivered()).toBe(0)
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
  })

  test.each(['before', 'after'] as const)(
    'is kept though the next function is killed %s it repeats the dead-lettering',
    async (when) => {
      const ticket = buildTicket(priority)
      refuseOnce()
      await bed.send(priority, envelopeOf(ticket))
      const outage = breakDeadLetterQueue()
      await bed.run(priority)
      outage.remove()
      await bed.clock.advance('181s')
      bed.faults.add({ at: `function.${priority}`, kind: 'killed', when, call: 'sqs.sendMessageBatch', times: 1 })
      expect((await bed.run(priority)).kind).toBe('ended-early')
      await bed.clock.advance('181s')
      await runUntilIdle(priority)
      await runUntilIdle('dead')
      expect(await bed.record(ticket.id)).toMatchObject({ state: 'dead' })
      expect(delivered()).toBe(0)
      expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
    },
  )

  test('ends with a redrive: then the vendor is asked again', async () => {
    const ticket = buildTicket(priority)
    refuseOnce()
    await bed.send(priority, envelopeOf(ticket))
    const outage = breakDeadLetterQueue()
    await bed.run(priority)
    outage.remove()
    await bed.clock.advance('181s')
    await bed.run(priority)
    await bed.clock.advance('1s')
    await bed.run('dead')
    await bed.redrive(ticket.id)
    await bed.run(priority)
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', life: 1 })
    expect(await bed.record(ticket.id)).not.toHaveProperty('failure')
    expect(delivered()).toBe(1)
  })

  test('that SQS moves by itself keeps its cause', async () => {
    const ticket = buildTicket(priority)
    refuseOnce()
    await bed.send(priority, envelopeOf(ticket))
    const outage = breakDeadLetterQueue()
    await bed.run(priority)
    const record = await bed.record(ticket.id)
    outage.remove()
    await bed.send('dead', envelopeOf(ticket))
    await bed.run('dead')
    expect(await bed.letter(ticket.id)).toMatchObject({ cause: record?.failure })
  })
})

test('a ticket that crashes its function is given up once, whatever the dead-letter queue does', async () => {
  const ticket = buildTicket('high')
  await bed.send('high', envelopeOf(ticket))
  bed.faults.add({ at: 'function.high', kind: 'killed', when: 'before', call: 'slack.postMessage', times: 3 })
  for (let crashes = 0; crashes < 3; crashes += 1) {
    await bed.run('high')
    await bed.clock.advance('181s')
  }
  const outage = breakDeadLetterQueue()
  for (let tries = 0; tries < 3; tries += 1) {
    await bed.run('high')
    expect(await bed.record(ticket.id)).toMatchObject({
      state: 'waiting',
      failure: { code: 'crashed' },
      suspect: true,
    })
    await bed.clock.advance('181s')
  }
  outage.remove()
  await bed.run('high')
  expect(await bed.record(ticket.id)).toMatchObject({ state: 'dead', attempts: { count: 3 } })
  expect(bed.slack.messagesIn('tickets')).toEqual([])
})
