import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AwsError } from '@ticketing/local-aws'
import { type Line, START, startLine } from './line.ts'
import { buildTicket, envelopeOf } from './messages.ts'

let line: Line
beforeEach(async () => {
  line = await startLine()
})
afterEach(() => line.close())

/** The queue shows a message again after `seconds`, not one second earlier. */
async function expectHidden(queue: 'low' | 'medium' | 'high', seconds: number): Promise<void> {
  await line.clock.advance((seconds - 1) * 1000)
  expect((await line.run(queue)).kind).toBe('idle')
  await line.clock.advance(1000)
  expect((await line.run(queue)).kind).not.toBe('idle')
}

describe('a message whose turn has not come', () => {
  test('not yet due: it goes back uncalled, for 180 s at least', async () => {
    const ticket = buildTicket('medium')
    await line.send('medium', envelopeOf(ticket))
    const fault = line.faults.add({ at: 'trello.*', kind: '429', retryAfter: 60 })
    await line.run('medium')
    await line.send('medium', envelopeOf(ticket))
    expect((await line.run('medium')).back).toHaveLength(1)
    expect(fault.fired).toBe(1)
    line.faults.clear()
    await line.clock.advance('62s')
    await line.run('medium')
    expect(line.trello.cards).toHaveLength(1)
    await expectHidden('medium', 118)
    expect(line.trello.cards).toHaveLength(1)
  })

  test('claimed by another function: back until the claim ends, and the vendor is not called', async () => {
    const ticket = buildTicket('high')
    await line.send('high', envelopeOf(ticket))
    await line.run('high', { vendor: () => 'killed-before', milliseconds: 300_000 })
    await line.send('high', envelopeOf(ticket))
    expect((await line.run('high')).back).toHaveLength(1)
    expect(await line.record(ticket.id)).toMatchObject({ state: 'claimed', claim: { until: START + 305_000 } })
    expect(line.slack.messages).toEqual([])
  })
})

test('one ticket in two messages: the second is acknowledged, and the vendor is not called', async () => {
  const ticket = buildTicket('high')
  await line.send('high', envelopeOf(ticket))
  await line.send('high', envelopeOf(ticket))
  expect(await line.run('high')).toEqual({ kind: 'answered', back: [] })
  expect(line.slack.messages).toHaveLength(1)
  await line.clock.advance('1h')
  expect((await line.run('high')).kind).toBe('idle')
})

describe('a vendor that answers 5xx', () => {
  test('twice in a row ends the batch: the rest goes back uncalled', async () => {
    for (let number = 1; number <= 4; number += 1) await line.send('high', envelopeOf(buildTicket('high', number)))
    const fault = line.faults.add({ at: 'slack.postMessage', kind: '5xx' })
    expect((await line.run('high')).back).toHaveLength(4)
    expect(fault.fired).toBe(2)
    expect(await line.objects('ledger/')).toHaveLength(2)
  })

  test('once does not: the rest of the batch is delivered', async () => {
    for (let number = 1; number <= 4; number += 1) await line.send('high', envelopeOf(buildTicket('high', number)))
    line.faults.add({ at: 'slack.postMessage', kind: '5xx', times: 1 })
    expect((await line.run('high')).back).toHaveLength(1)
    expect(line.slack.messages).toHaveLength(3)
  })
})

describe('a message that cannot be delivered', () => {
  test('a body without a ticket is archived whole, and the other nine are delivered', async () => {
    await line.send('low', '{"v":1,"ticket":', { sender: 'crm', code: 'theirs' })
    for (let number = 1; number <= 9; number += 1) await line.send('low', envelopeOf(buildTicket('low', number)))
    expect(await line.run('low')).toEqual({ kind: 'answered', back: [] })
    expect(await line.objects('tickets/')).toHaveLength(9)
    await line.run('dead')
    const [key = ''] = await line.objects('dead-letters/')
    expect(key).toMatch(/^dead-letters\/unreadable-[0-9a-f]{16}\.json$/)
    expect(await line.letter(key.slice('dead-letters/'.length, -'.json'.length))).toMatchObject({
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
    await line.send('low', envelopeOf(ticket), { life: 'x' })
    await line.run('low')
    await line.run('dead')
    expect(await line.letter(ticket.id)).toMatchObject({
      cause: { code: 'unreadable', reason: 'the life is not a whole number from 0 up' },
      message: { attributes: { 'original.life': 'x' } },
    })
    expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'redriven', life: 1 })
  })

  test('a second message under the id of another one: archived apart, the first one’s record is not touched', async () => {
    const ticket = buildTicket('low')
    await line.send('low', envelopeOf(ticket))
    await line.run('low')
    const before = await line.record(ticket.id)
    const source = 'c0111510'.repeat(8)
    await line.send('low', envelopeOf({ ...ticket, source, title: 'Something else' }))
    expect(await line.run('low')).toEqual({ kind: 'answered', back: [] })
    await line.run('dead')
    expect(await line.record(ticket.id)).toEqual(before)
    const [archived = ''] = await line.objects('dead-letters/')
    expect(archived).toMatch(/^dead-letters\/collision-[0-9a-f]{16}\.json$/)
    expect(await line.letter(archived.slice('dead-letters/'.length, -'.json'.length))).toMatchObject({
      kind: 'collision',
      ticket: { title: 'Something else' },
      toldAt: START,
    })
  })
})

describe('giving up', () => {
  test('a day after the first failure, not after the first delivery attempt of an earlier life', async () => {
    const ticket = buildTicket('medium')
    await line.send('medium', envelopeOf(ticket))
    line.faults.add({ at: 'trello.*', kind: '4xx', status: 400, times: 1 })
    await line.run('medium')
    await line.clock.advance('2s')
    await line.run('dead')
    await line.clock.advance('30h')
    expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'redriven', life: 1 })
    line.faults.add({ at: 'trello.*', kind: '429' })
    await line.run('medium')
    expect(await line.record(ticket.id)).toMatchObject({ state: 'waiting', life: 1 })
    const failedAt = line.clock.now()
    await line.clock.advance('23h')
    await line.run('medium')
    expect(await line.record(ticket.id)).toMatchObject({ state: 'waiting', firstFailureAt: failedAt })
    await line.clock.advance('1h')
    await line.run('medium')
    expect(await line.record(ticket.id)).toMatchObject({ state: 'dead', life: 1, failure: { code: 'gave-up' } })
    expect((await line.record(ticket.id))?.failure?.reason).toMatch(/^given up after 24\.0 h of failed attempts/)
  })

  test('while the dead-letter queue takes nothing: the ticket waits, and its dead letter is sent later', async () => {
    const ticket = buildTicket('medium')
    await line.send('medium', envelopeOf(ticket))
    line.faults.add({ at: 'trello.*', kind: '4xx', status: 400 })
    const repair = line.breakCloud(async ({ operation }) => {
      if (operation === 'SendMessageBatch') throw new AwsError('ServiceUnavailable', 'down', { status: 503 })
      return undefined
    })
    expect((await line.run('medium')).back).toHaveLength(1)
    expect(await line.record(ticket.id)).toMatchObject({ state: 'waiting', attempts: { count: 1 } })
    repair()
    await line.clock.advance('181s')
    expect(await line.run('medium')).toEqual({ kind: 'answered', back: [] })
    expect(await line.record(ticket.id)).toMatchObject({ state: 'dead', failure: { code: 'trello-400' } })
    await line.clock.advance('2s')
    await line.run('dead')
    expect(await line.letter(ticket.id)).toMatchObject({ cause: { code: 'trello-400' }, toldAt: line.clock.now() })
    expect(line.slack.messagesIn('admins')).toHaveLength(1)
  })
})

test('while SQS hides nothing: the batch is answered in time, so that what was delivered does not come back', async () => {
  for (let number = 1; number <= 10; number += 1) await line.send('high', envelopeOf(buildTicket('high', number)))
  line.faults.add({ at: 'slack.postMessage', kind: '429', ticket: buildTicket('high', 2).id })
  line.breakCloud(async ({ operation }) =>
    operation === 'ChangeMessageVisibility' ? new Promise(() => {}) : undefined,
  )
  const ran = await line.run('high', { milliseconds: 20_000 })
  expect(ran).toMatchObject({ kind: 'answered' })
  expect(ran.back).toHaveLength(9)
  expect(line.clock.now()).toBeLessThanOrEqual(START + 20_000)
})
