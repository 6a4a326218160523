import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Line, START, startLine } from './line.ts'
import { buildTicket, envelopeOf } from './messages.ts'

let line: Line
beforeEach(async () => {
  line = await startLine()
})
afterEach(() => line.close())

describe('a call whose outcome is not known', () => {
  test('Trello: the card that was made is found, and no second one is made', async () => {
    const ticket = buildTicket('medium')
    await line.send('medium', envelopeOf(ticket))
    line.faults.add({ at: 'trello.createCard', kind: 'reset', when: 'after', times: 1 })
    await line.run('medium')
    expect(await line.record(ticket.id)).toMatchObject({ state: 'waiting', suspect: true, retryAt: START + 60_250 })
    await line.clock.advance('61s')
    await line.run('medium')
    expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered', suspect: true, receipt: { found: true } })
    expect(line.trello.cards).toHaveLength(1)
    expect(await line.run('medium')).toEqual({ kind: 'idle', back: [] })
  })

  test('Slack: it is sent again, marked as a possible repeat', async () => {
    const ticket = buildTicket('high')
    await line.send('high', envelopeOf(ticket))
    line.faults.add({ at: 'slack.postMessage', kind: 'reset', when: 'after', times: 1 })
    await line.run('high')
    await line.clock.advance('61s')
    await line.run('high')
    expect(line.slack.messages.map(({ shown }) => shown.includes('Possible repeat'))).toEqual([false, true])
    expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered', receipt: { possibleRepeat: true } })
  })
})

describe('a function that is killed', () => {
  test('between the card and the ledger: looked for no earlier than 60 s after the claim ended', async () => {
    const ticket = buildTicket('medium')
    await line.send('medium', envelopeOf(ticket))
    const killed = await line.run('medium', {
      aws: ({ name, body }) =>
        name.startsWith('s3 PUT ledger/') && body.includes('"state":"delivered"') ? 'killed-before' : 'passes',
    })
    expect(killed.kind).toBe('killed')
    expect(await line.record(ticket.id)).toMatchObject({ state: 'claimed', claim: { until: START + 35_000 } })
    await line.clock.advance('181s')
    await line.run('medium')
    expect(await line.record(ticket.id)).toMatchObject({
      state: 'delivered',
      crashes: 0,
      suspect: true,
      receipt: { found: true },
      attempts: { count: 2, first: { outcome: 'crashed', at: START + 35_000 } },
    })
    expect(line.trello.cards).toHaveLength(1)
  })

  test('three times in a row: the ticket goes to the dead letters, whole, in doubt', async () => {
    const ticket = buildTicket('high')
    await line.send('high', envelopeOf(ticket))
    for (let crash = 0; crash < 3; crash += 1) {
      expect((await line.run('high', { vendor: () => 'killed-before' })).kind).toBe('killed')
      await line.clock.advance('181s')
    }
    expect(await line.run('high')).toEqual({ kind: 'answered', back: [] })
    expect(await line.record(ticket.id)).toMatchObject({ state: 'dead', suspect: true, failure: { code: 'crashed' } })
    await line.clock.advance('2s')
    await line.run('dead')
    expect(await line.letter(ticket.id)).toMatchObject({ life: 0, mayBeDelivered: true, toldAt: line.clock.now() })
    expect(line.slack.messagesIn('tickets')).toEqual([])
    expect(line.slack.messagesIn('admins')).toHaveLength(1)
  })
})

describe('a vendor that is down', () => {
  test('waits grow with each failure', async () => {
    const ticket = buildTicket('medium')
    await line.send('medium', envelopeOf(ticket))
    line.faults.add({ at: 'trello.*', kind: '429' })
    const waits: number[] = []
    for (let failure = 0; failure < 4; failure += 1) {
      await line.run('medium')
      const until = (await line.record(ticket.id))?.retryAt ?? 0
      waits.push(Math.round((until - line.clock.now()) / 1000))
      await line.clock.advance(until - line.clock.now() + 1000)
    }
    expect(waits).toEqual([20, 40, 80, 160])
  })

  test('a 429 ends the batch: the rest goes back uncalled for 180 s', async () => {
    for (let number = 1; number <= 4; number += 1) await line.send('high', envelopeOf(buildTicket('high', number)))
    const fault = line.faults.add({ at: 'slack.postMessage', kind: '429' })
    expect((await line.run('high')).back).toHaveLength(4)
    expect(fault.fired).toBe(1)
    expect(await line.objects('ledger/')).toHaveLength(1)
  })
})
