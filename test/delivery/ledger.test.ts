import { AwsError } from '@ticketing/local-aws'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AwsCall, Fate } from './container.ts'
import { type Line, START, startLine } from './line.ts'
import { buildTicket, envelopeOf } from './messages.ts'

let line: Line
beforeEach(async () => {
  line = await startLine()
})
afterEach(() => line.close())

/** Meets the first write of the record in this state. */
function meetWriteOf(state: string, fate: Fate): (call: AwsCall) => Fate {
  let isOver = false
  return ({ name, body }) => {
    if (isOver || !name.startsWith('s3 PUT ledger/') || !body.includes(`"state":"${state}"`)) return 'passes'
    isOver = true
    return fate
  }
}

/** S3 fails at one operation on the ledger: it answers an error, or nothing at all. */
function breakLedger(operation: 'GetObject' | 'PutObject', how: 'answers 503' | 'hangs'): () => void {
  return line.breakCloud(async (call, { Key }) => {
    if (call.operation !== operation || !String(Key).startsWith('ledger/')) return undefined
    if (how === 'hangs') return new Promise(() => {})
    throw new AwsError('ServiceUnavailable', 'Service is unable to handle request.', { status: 503 })
  })
}

describe('an object of S3', () => {
  test('that is there already proves the delivery of a suspect, and stays as it is', async () => {
    const ticket = buildTicket('low')
    await line.send('low', envelopeOf(ticket))
    await line.run('low', { aws: ({ name }) => (name.startsWith('s3 PUT tickets/') ? 'killed-after' : 'passes') })
    expect(await line.record(ticket.id)).toMatchObject({ state: 'claimed' })
    await line.clock.advance('181s')
    expect(await line.run('low')).toEqual({ kind: 'answered', back: [] })
    expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered', suspect: true, receipt: { found: true } })
    expect(await line.objects('tickets/')).toEqual([`tickets/2026/11/24/095958-ticket-1-${ticket.id}.json`])
  })
})

describe('a ledger write whose answer was lost', () => {
  test.each(['claimed', 'delivered'])('is known by its nonce (%s): delivered once, without a doubt', async (state) => {
    const ticket = buildTicket('high')
    await line.send('high', envelopeOf(ticket))
    expect(await line.run('high', { aws: meetWriteOf(state, 'lost-after') })).toEqual({ kind: 'answered', back: [] })
    const record = await line.record(ticket.id)
    expect(record).toMatchObject({ state: 'delivered', attempts: { count: 1 } })
    expect(record?.suspect).toBeUndefined()
    expect(line.slack.messages).toHaveLength(1)
  })

  test.each(['claimed', 'delivered'])('and that did nothing (%s) is made again', async (state) => {
    const ticket = buildTicket('high')
    await line.send('high', envelopeOf(ticket))
    expect(await line.run('high', { aws: meetWriteOf(state, 'lost-before') })).toEqual({ kind: 'answered', back: [] })
    expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered', attempts: { count: 1 } })
    expect(line.slack.messages).toHaveLength(1)
  })
})

describe('a ledger that is down', () => {
  test.each([
    ['GetObject', 'answers 503'],
    ['GetObject', 'hangs'],
    ['PutObject', 'answers 503'],
    ['PutObject', 'hangs'],
  ] as const)(
    'before the claim (%s %s): the vendor is not called, the message is hidden for 180 s',
    async (operation, how) => {
      const ticket = buildTicket('high')
      await line.send('high', envelopeOf(ticket))
      const repair = breakLedger(operation, how)
      expect((await line.run('high')).back).toHaveLength(1)
      repair()
      expect(line.slack.messages).toEqual([])
      await line.clock.advance('179s')
      expect((await line.run('high')).kind).toBe('idle')
      await line.clock.advance('1s')
      expect(await line.run('high')).toEqual({ kind: 'answered', back: [] })
      expect(line.slack.messages).toHaveLength(1)
      expect((await line.record(ticket.id))?.suspect).toBeUndefined()
    },
  )

  test.each([
    ['medium', 'answers 503'],
    ['high', 'answers 503'],
    ['medium', 'hangs'],
    ['high', 'hangs'],
  ] as const)(
    'after the delivery (%s, %s): answers in time, and the next holder takes it for a suspect',
    async (priority, how) => {
      const ticket = buildTicket(priority)
      await line.send(priority, envelopeOf(ticket))
      let repair: (() => void) | undefined
      const ran = await line.run(priority, {
        aws: ({ name, body }) => {
          if (name.startsWith('s3 PUT ledger/') && body.includes('"state":"delivered"'))
            repair ??= breakLedger('PutObject', how)
          return 'passes'
        },
      })
      expect(ran).toMatchObject({ kind: 'answered', back: [expect.any(String)] })
      expect(line.clock.now()).toBeLessThanOrEqual(START + 30_000)
      await line.clock.advance('5s')
      repair?.()
      expect(await line.record(ticket.id)).toMatchObject({ state: 'claimed', claim: { until: START + 35_000 } })
      await line.clock.advance('300s')
      expect(await line.run(priority)).toEqual({ kind: 'answered', back: [] })
      expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered', suspect: true })
      const copies =
        priority === 'medium'
          ? line.trello.cards.map(() => 'card')
          : line.slack.messages.map(({ shown }) => (shown.includes('Possible repeat') ? 'repeat' : 'message'))
      expect(copies).toEqual(priority === 'medium' ? ['card'] : ['message', 'repeat'])
    },
  )
})

test('a record that is damaged is left as it is, and the vendor is not called', async () => {
  const ticket = buildTicket('high')
  await line.send('high', envelopeOf(ticket))
  await line.run('high', { vendor: () => 'killed-before' })
  const repair = line.breakCloud(async ({ operation }, { Key }) =>
    operation === 'GetObject' && String(Key).startsWith('ledger/')
      ? { output: { Body: new TextEncoder().encode('{"v":1,"state":"claim'), ETag: '"damaged"' } }
      : undefined,
  )
  await line.clock.advance('181s')
  expect((await line.run('high')).back).toHaveLength(1)
  repair()
  expect(line.slack.messages).toEqual([])
  expect(await line.record(ticket.id)).toMatchObject({ state: 'claimed', claim: { until: START + 35_000 } })
  expect(line.logged.join('')).toContain('is damaged')
})
