import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildTicket, envelopeOf, START } from '../support/records.ts'

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

describe('a call whose outcome is not known', () => {
  test('Trello: the card that was made is found, and no second one is made', async () => {
    const ticket = buildTicket('medium')
    await bed.send('medium', envelopeOf(ticket))
    bed.faults.add({ at: 'trello.createCard', kind: 'reset', when: 'after', times: 1 })
    await bed.run('medium')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'waiting', suspect: true, retryAt: START + 60_250 })
    await bed.clock.advance('61s')
    await bed.run('medium')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', suspect: true, receipt: { found: true } })
    expect(bed.trello.cards).toHaveLength(1)
    expect(await bed.run('medium')).toEqual({ kind: 'idle', back: 0 })
  })

  test('Slack: it is sent again, marked as a possible repeat', async () => {
    const ticket = buildTicket('high')
    await bed.send('high', envelopeOf(ticket))
    bed.faults.add({ at: 'slack.postMessage', kind: 'reset', when: 'after', times: 1 })
    await bed.run('high')
    await bed.clock.advance('61s')
    await bed.run('high')
    expect(bed.slack.messages.map(({ shown }) => shown.includes('Possible repeat'))).toEqual([false, true])
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', receipt: { possibleRepeat: true } })
  })
})

describe('a function that is killed', () => {
  test('between the card and the ledger: looked for no earlier than 60 s after the claim ended', async () => {
    const ticket = buildTicket('medium')
    await bed.send('medium', envelopeOf(ticket))
    const text = '"state":"delivered"'
    bed.faults.add({ at: 'function.medium', kind: 'killed', when: 'before', call: 's3.putObject', text, times: 1 })
    expect((await bed.run('medium')).kind).toBe('ended-early')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'claimed', claim: { until: START + 35_000 } })
    await bed.clock.advance('181s')
    await bed.run('medium')
    expect(await bed.record(ticket.id)).toMatchObject({
      state: 'delivered',
      crashes: 0,
      suspect: true,
      receipt: { found: true },
      attempts: { count: 2, first: { outcome: 'crashed', at: START + 35_000 } },
    })
    expect(bed.trello.cards).toHaveLength(1)
  })

  test('three times in a row: the ticket goes to the dead letters, whole, in doubt', async () => {
    const ticket = buildTicket('high')
    await bed.send('high', envelopeOf(ticket))
    bed.faults.add({ at: 'function.high', kind: 'killed', when: 'before', call: 'slack.postMessage', times: 3 })
    for (let crash = 0; crash < 3; crash += 1) {
      expect((await bed.run('high')).kind).toBe('ended-early')
      await bed.clock.advance('181s')
    }
    expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'dead', suspect: true, failure: { code: 'crashed' } })
    await bed.clock.advance('2s')
    await bed.run('dead')
    expect(await bed.letter(ticket.id)).toMatchObject({ life: 0, mayBeDelivered: true, toldAt: bed.clock.now() })
    expect(bed.slack.messagesIn('tickets')).toEqual([])
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
  })
})

describe('a vendor that is down', () => {
  test('waits grow with each failure', async () => {
    const ticket = buildTicket('medium')
    await bed.send('medium', envelopeOf(ticket))
    bed.faults.add({ at: 'trello.*', kind: '429' })
    const waits: number[] = []
    for (let failure = 0; failure < 4; failure += 1) {
      await bed.run('medium')
      const until = (await bed.record(ticket.id))?.retryAt ?? 0
      waits.push(Math.round((until - bed.clock.now()) / 1000))
      await bed.clock.advance(until - bed.clock.now() + 1000)
    }
    expect(waits).toEqual([20, 40, 80, 160])
  })

  test('a 429 ends the batch: the rest goes back uncalled for 180 s', async () => {
    for (let number = 1; number <= 4; number += 1) await bed.send('high', envelopeOf(buildTicket('high', number)))
    const fault = bed.faults.add({ at: 'slack.postMessage', kind: '429' })
    expect((await bed.run('high')).back).toBe(4)
    expect(fault.fired).toBe(1)
    expect(await bed.objects('ledger/')).toHaveLength(1)
  })
})
