import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildTicket, envelopeOf, START } from '../support/records.ts'

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

/** S3 fails at one operation on the ledger: it answers an error, or nothing at all. */
const HOW = { 'answers 503': '5xx', hangs: 'timeout-before-effect' } as const

describe('an object of S3', () => {
  test('that is there already proves the delivery of a suspect, and stays as it is', async () => {
    const ticket = buildTicket('low')
    await bed.send('low', envelopeOf(ticket))
    bed.faults.add({
      at: 'function.low',
      kind: 'killed',
      when: 'after',
      call: 's3.putObject',
      text: 'tickets/',
      times: 1,
    })
    await bed.run('low')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'claimed' })
    await bed.clock.advance('181s')
    expect(await bed.run('low')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', suspect: true, receipt: { found: true } })
    expect(await bed.objects('tickets/')).toEqual([`tickets/2026/11/24/095958-ticket-1-${ticket.id}.json`])
  })
})

describe('a ledger write whose answer was lost', () => {
  test.each(['claimed', 'delivered'])('is known by its nonce (%s): delivered once, without a doubt', async (state) => {
    const ticket = buildTicket('high')
    await bed.send('high', envelopeOf(ticket))
    bed.faults.add({ at: 's3.putObject', kind: 'reset', when: 'after', text: `"state":"${state}"`, times: 1 })
    expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
    const record = await bed.record(ticket.id)
    expect(record).toMatchObject({ state: 'delivered', attempts: { count: 1 } })
    expect(record?.suspect).toBeUndefined()
    expect(bed.slack.messages).toHaveLength(1)
  })

  test.each(['claimed', 'delivered'])('and that did nothing (%s) is made again', async (state) => {
    const ticket = buildTicket('high')
    await bed.send('high', envelopeOf(ticket))
    bed.faults.add({ at: 's3.putObject', kind: 'reset', when: 'before', text: `"state":"${state}"`, times: 1 })
    expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', attempts: { count: 1 } })
    expect(bed.slack.messages).toHaveLength(1)
  })
})

describe('a ledger that is down', () => {
  test.each([
    ['s3.getObject', 'answers 503'],
    ['s3.getObject', 'hangs'],
    ['s3.putObject', 'answers 503'],
    ['s3.putObject', 'hangs'],
  ] as const)(
    'before the claim (%s %s): the vendor is not called, the message is hidden for 180 s',
    async (at, how) => {
      const ticket = buildTicket('high')
      await bed.send('high', envelopeOf(ticket))
      const outage = bed.faults.add({ at, kind: HOW[how], text: 'ledger/' })
      expect((await bed.run('high')).back).toBe(1)
      outage.remove()
      expect(bed.slack.messages).toEqual([])
      await bed.clock.advance('179s')
      expect((await bed.run('high')).kind).toBe('idle')
      await bed.clock.advance('1s')
      expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
      expect(bed.slack.messages).toHaveLength(1)
      expect((await bed.record(ticket.id))?.suspect).toBeUndefined()
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
      await bed.send(priority, envelopeOf(ticket))
      const outage = bed.faults.add({ at: 's3.putObject', kind: HOW[how], text: '"state":"delivered"' })
      expect(await bed.run(priority)).toMatchObject({ kind: 'answered', back: 1 })
      expect(bed.clock.now()).toBeLessThanOrEqual(START + 30_000)
      await bed.clock.advance('5s')
      outage.remove()
      expect(await bed.record(ticket.id)).toMatchObject({ state: 'claimed', claim: { until: START + 35_000 } })
      await bed.clock.advance('300s')
      expect(await bed.run(priority)).toEqual({ kind: 'answered', back: 0 })
      expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', suspect: true })
      const copies =
        priority === 'medium'
          ? bed.trello.cards.map(() => 'card')
          : bed.slack.messages.map(({ shown }) => (shown.includes('Possible repeat') ? 'repeat' : 'message'))
      expect(copies).toEqual(priority === 'medium' ? ['card'] : ['message', 'repeat'])
    },
  )
})

test('a record that is damaged is left as it is, and the vendor is not called', async () => {
  const ticket = buildTicket('high')
  await bed.send('high', envelopeOf(ticket))
  const key = `ledger/high/${ticket.id}.json`
  await bed.put(key, '{"v":1,"state":"claim')
  await bed.clock.advance('181s')
  expect((await bed.run('high')).back).toBe(1)
  expect(bed.slack.messages).toEqual([])
  expect(await bed.object(key)).toBe('{"v":1,"state":"claim')
  expect(bed.journal.timeline()).toContain('is damaged')
})
