import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildTicket, envelopeOf, START } from '../support/records.ts'

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

/** The queue shows a message again after `seconds`, not one second earlier. */
async function expectHidden(queue: 'low' | 'medium' | 'high', seconds: number): Promise<void> {
  await bed.clock.advance((seconds - 1) * 1000)
  expect((await bed.run(queue)).kind).toBe('idle')
  await bed.clock.advance(1000)
  expect((await bed.run(queue)).kind).not.toBe('idle')
}

describe('a message whose turn has not come', () => {
  test('not yet due: it goes back uncalled, for 180 s at least', async () => {
    const ticket = buildTicket('medium')
    await bed.send('medium', envelopeOf(ticket))
    const fault = bed.faults.add({ at: 'trello.*', kind: '429', retryAfter: 60 })
    await bed.run('medium')
    await bed.send('medium', envelopeOf(ticket))
    expect((await bed.run('medium')).back).toBe(1)
    expect(fault.fired).toBe(1)
    bed.faults.clear()
    await bed.clock.advance('62s')
    await bed.run('medium')
    expect(bed.trello.cards).toHaveLength(1)
    await expectHidden('medium', 118)
    expect(bed.trello.cards).toHaveLength(1)
  })

  test('claimed by another function: back until the claim ends, and the vendor is not called', async () => {
    const ticket = buildTicket('high')
    await bed.send('high', envelopeOf(ticket))
    bed.faults.add({ at: 'function.high', kind: 'killed', when: 'before', call: 'slack.postMessage', times: 1 })
    await bed.run('high', { timeoutSeconds: 300 })
    await bed.send('high', envelopeOf(ticket))
    expect((await bed.run('high')).back).toBe(1)
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'claimed', claim: { until: START + 305_000 } })
    expect(bed.slack.messages).toEqual([])
  })
})

test('one ticket in two messages: the second is acknowledged, and the vendor is not called', async () => {
  const ticket = buildTicket('high')
  await bed.send('high', envelopeOf(ticket))
  await bed.send('high', envelopeOf(ticket))
  expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
  expect(bed.slack.messages).toHaveLength(1)
  await bed.clock.advance('1h')
  expect((await bed.run('high')).kind).toBe('idle')
})

describe('a vendor that answers 5xx', () => {
  test('twice in a row ends the batch: the rest goes back uncalled', async () => {
    for (let number = 1; number <= 4; number += 1) await bed.send('high', envelopeOf(buildTicket('high', number)))
    const fault = bed.faults.add({ at: 'slack.postMessage', kind: '5xx' })
    expect((await bed.run('high')).back).toBe(4)
    expect(fault.fired).toBe(2)
    expect(await bed.objects('ledger/')).toHaveLength(2)
  })

  test('once does not: the rest of the batch is delivered', async () => {
    for (let number = 1; number <= 4; number += 1) await bed.send('high', envelopeOf(buildTicket('high', number)))
    bed.faults.add({ at: 'slack.postMessage', kind: '5xx', times: 1 })
    expect((await bed.run('high')).back).toBe(1)
    expect(bed.slack.messages).toHaveLength(3)
  })
})

describe('a message that cannot be delivered', () => {
  test('a body without a ticket is archived whole, and the other nine are delivered', async () => {
    await bed.send('low', '{"v":1,"ticket":', { sender: 'crm', code: 'theirs' })
    for (let number = 1; number <= 9; number += 1) await bed.send('low', envelopeOf(buildTicket('low', number)))
    expect(await bed.run('low')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.objects('tickets/')).toHaveLength(9)
    await bed.run('dead')
    const [key = ''] = await bed.letters()
    expect(key).toMatch(/^unreadable-[0-9a-f]{16}$/)
    expect(await bed.letter(key)).toMatchObject({
      kind: 'unreadable',
      message: {
        body: '{"v":1,"ticket":',
        attributes: { sender: 'crm', 'original.code': 'theirs', code: 'unreadable' },
      },
      cause: { code: 'unreadable', reason: 'the body is not JSON' },
      toldAt: START,
    })
  })

  test('a ticket that an attribute makes unreadable is archived as the ticket that it is, and can be redriven', async () => {
    const ticket = buildTicket('low')
    await bed.send('low', envelopeOf(ticket), { life: 'x' })
    await bed.run('low')
    await bed.run('dead')
    expect(await bed.letter(ticket.id)).toMatchObject({
      cause: { code: 'unreadable', reason: 'the life is not a whole number from 0 up' },
      message: { attributes: { 'original.life': 'x' } },
    })
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'redriven', life: 1 })
  })

  test('a second message under the id of another one: archived apart, the first one’s record is not touched', async () => {
    const ticket = buildTicket('low')
    await bed.send('low', envelopeOf(ticket))
    await bed.run('low')
    const before = await bed.record(ticket.id)
    const source = 'c0111510'.repeat(8)
    await bed.send('low', envelopeOf({ ...ticket, source, title: 'Something else' }))
    expect(await bed.run('low')).toEqual({ kind: 'answered', back: 0 })
    await bed.run('dead')
    expect(await bed.record(ticket.id)).toEqual(before)
    const [key = ''] = await bed.letters()
    expect(key).toMatch(/^collision-[0-9a-f]{16}$/)
    expect(await bed.letter(key)).toMatchObject({
      kind: 'collision',
      ticket: { title: 'Something else' },
      toldAt: START,
    })
  })
})

describe('giving up', () => {
  test('a day after the first failure, not after the first delivery attempt of an earlier life', async () => {
    const ticket = buildTicket('medium')
    await bed.send('medium', envelopeOf(ticket))
    bed.faults.add({ at: 'trello.*', kind: '4xx', status: 400, times: 1 })
    await bed.run('medium')
    await bed.clock.advance('2s')
    await bed.run('dead')
    await bed.clock.advance('30h')
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'redriven', life: 1 })
    bed.faults.add({ at: 'trello.*', kind: '429' })
    await bed.run('medium')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'waiting', life: 1 })
    const failedAt = bed.clock.now()
    await bed.clock.advance('23h')
    await bed.run('medium')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'waiting', firstFailureAt: failedAt })
    await bed.clock.advance('1h')
    await bed.run('medium')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'dead', life: 1, failure: { code: 'gave-up' } })
    expect((await bed.record(ticket.id))?.failure?.reason).toMatch(/^given up after 24\.0 h of failed attempts/)
  })

  test('while the dead-letter queue takes nothing: the ticket waits, and its dead letter is sent later', async () => {
    const ticket = buildTicket('medium')
    await bed.send('medium', envelopeOf(ticket))
    bed.faults.add({ at: 'trello.*', kind: '4xx', status: 400 })
    const outage = bed.faults.add({ at: 'sqs.sendMessageBatch', kind: '5xx' })
    expect((await bed.run('medium')).back).toBe(1)
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'waiting', attempts: { count: 1 } })
    outage.remove()
    await bed.clock.advance('181s')
    expect(await bed.run('medium')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'dead', failure: { code: 'trello-400' } })
    await bed.clock.advance('2s')
    await bed.run('dead')
    expect(await bed.letter(ticket.id)).toMatchObject({ cause: { code: 'trello-400' }, toldAt: bed.clock.now() })
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
  })
})

test('while SQS hides nothing: the batch is answered in time, so that what was delivered does not come back', async () => {
  for (let number = 1; number <= 10; number += 1) await bed.send('high', envelopeOf(buildTicket('high', number)))
  bed.faults.add({ at: 'slack.postMessage', kind: '429', ticket: buildTicket('high', 2).id })
  bed.faults.add({ at: 'sqs.changeMessageVisibilityBatch', kind: 'timeout-before-effect' })
  const ran = await bed.run('high', { timeoutSeconds: 20 })
  expect(ran).toMatchObject({ kind: 'answered' })
  expect(ran.back).toBe(9)
  expect(bed.clock.now()).toBeLessThanOrEqual(START + 20_000)
})
