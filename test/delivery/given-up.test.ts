import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AwsError } from '@ticketing/local-aws'
import { type Line, startLine } from './line.ts'
import { buildTicket, envelopeOf } from './messages.ts'

let line: Line
beforeEach(async () => {
  line = await startLine()
})
afterEach(() => line.close())

/** The dead-letter queue takes nothing until it is restored. */
function breakDeadLetterQueue(): () => void {
  return line.breakCloud(async (call) => {
    if (!call.operation.startsWith('SendMessage')) return undefined
    throw new AwsError('ServiceUnavailable', 'Service is unable to handle request.', { status: 503 })
  })
}

async function runUntilIdle(queue: 'medium' | 'high' | 'dead'): Promise<void> {
  for (let runs = 0; runs < 20; runs += 1) {
    await line.run(queue)
    await line.clock.advance('181s')
  }
}

describe.each([
  ['medium', 'trello.createCard', () => line.trello.cards.length],
  ['high', 'slack.postMessage', () => line.slack.messagesIn('tickets').length],
] as const)('a final "no" to a ticket of priority %s', (priority, edge, delivered) => {
  /** The vendor would take it from the second call on: to ask it again would be seen. */
  function refuseOnce(): void {
    line.faults.add({ at: edge, kind: '4xx', status: 400, times: 1 })
  }

  test('is kept while the dead-letter queue does not take it; only the dead-lettering is repeated', async () => {
    const ticket = buildTicket(priority)
    refuseOnce()
    await line.send(priority, envelopeOf(ticket))
    const restore = breakDeadLetterQueue()
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await line.run(priority)).toMatchObject({ kind: 'answered', back: [expect.any(String)] })
      expect(await line.record(ticket.id)).toMatchObject({
        state: 'waiting',
        failure: { code: expect.stringContaining('400') },
        attempts: { count: 1 },
      })
      await line.clock.advance('1h')
    }
    restore()
    expect(await line.run(priority)).toEqual({ kind: 'answered', back: [] })
    expect(await line.record(ticket.id)).toMatchObject({ state: 'dead', attempts: { count: 1 } })
    await line.clock.advance('1s')
    await line.run('dead')
    expect(await line.letter(ticket.id)).toMatchObject({ cause: { code: expect.stringContaining('400') } })
    expect(line.slack.messagesIn('admins')).toHaveLength(1)
    expect(delivered()).toBe(0)
  })

  test('is kept where the queue took it and its answer was lost', async () => {
    const ticket = buildTicket(priority)
    refuseOnce()
    await line.send(priority, envelopeOf(ticket))
    await line.run(priority, { aws: ({ name }) => (name.startsWith('sqs SendMessage') ? 'lost-after' : 'passes') })
    expect(await line.record(ticket.id)).toMatchObject({ state: 'waiting', failure: {} })
    await line.clock.advance('1s')
    await line.run('dead')
    expect(await line.record(ticket.id)).toMatchObject({ state: 'dead' })
    await runUntilIdle(priority)
    await runUntilIdle('dead')
    expect(delivered()).toBe(0)
    expect(line.slack.messagesIn('admins')).toHaveLength(1)
  })

  test.each(['killed-before', 'killed-after'] as const)(
    'is kept though the next function is %s it repeats the dead-lettering',
    async (fate) => {
      const ticket = buildTicket(priority)
      refuseOnce()
      await line.send(priority, envelopeOf(ticket))
      const restore = breakDeadLetterQueue()
      await line.run(priority)
      restore()
      await line.clock.advance('181s')
      await line.run(priority, { aws: ({ name }) => (name.startsWith('sqs SendMessage') ? fate : 'passes') })
      await line.clock.advance('181s')
      await runUntilIdle(priority)
      await runUntilIdle('dead')
      expect(await line.record(ticket.id)).toMatchObject({ state: 'dead' })
      expect(delivered()).toBe(0)
      expect(line.slack.messagesIn('admins')).toHaveLength(1)
    },
  )

  test('ends with a redrive: then the vendor is asked again', async () => {
    const ticket = buildTicket(priority)
    refuseOnce()
    await line.send(priority, envelopeOf(ticket))
    const restore = breakDeadLetterQueue()
    await line.run(priority)
    restore()
    await line.clock.advance('181s')
    await line.run(priority)
    await line.clock.advance('1s')
    await line.run('dead')
    await line.redrive(ticket.id)
    await line.run(priority)
    expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered', life: 1 })
    expect(await line.record(ticket.id)).not.toHaveProperty('failure')
    expect(delivered()).toBe(1)
  })

  test('that SQS moves by itself keeps its cause', async () => {
    const ticket = buildTicket(priority)
    refuseOnce()
    await line.send(priority, envelopeOf(ticket))
    const restore = breakDeadLetterQueue()
    await line.run(priority)
    const record = await line.record(ticket.id)
    restore()
    await line.send('dead', envelopeOf(ticket))
    await line.run('dead')
    expect(await line.letter(ticket.id)).toMatchObject({ cause: record?.failure })
  })
})

test('a ticket that crashes its function is given up once, whatever the dead-letter queue does', async () => {
  const ticket = buildTicket('high')
  await line.send('high', envelopeOf(ticket))
  for (let crashes = 0; crashes < 3; crashes += 1) {
    await line.run('high', { vendor: () => 'killed-before' })
    await line.clock.advance('181s')
  }
  const restore = breakDeadLetterQueue()
  for (let tries = 0; tries < 3; tries += 1) {
    await line.run('high')
    expect(await line.record(ticket.id)).toMatchObject({
      state: 'waiting',
      failure: { code: 'crashed' },
      suspect: true,
    })
    await line.clock.advance('181s')
  }
  restore()
  await line.run('high')
  expect(await line.record(ticket.id)).toMatchObject({ state: 'dead', attempts: { count: 3 } })
  expect(line.slack.messagesIn('tickets')).toEqual([])
})
