import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, archiveWithoutRecord, startDeliveryBed } from './delivery-bed.ts'
import { buildTicket, envelopeOf } from '../support/records.ts'

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

const BODY = '{"v":1,"half'

async function keyOfOnly(): Promise<string> {
  const [key = ''] = await bed.letters()
  return key
}

describe('a closed letter of a text without a ticket', () => {
  test('stays closed when its own message comes back, which was sent before', async () => {
    await bed.send('dead', BODY, { code: 'unreadable', reason: 'the body is not JSON' })
    bed.faults.add({ at: 'slack.postMessage', kind: '5xx', times: 1 })
    expect((await bed.run('dead')).back).toBe(1)
    const key = await keyOfOnly()
    await bed.clock.advance('1m')
    expect(await bed.closeLetter(key, 'a test')).toEqual({ kind: 'closed' })
    const closed = await bed.letter(key)
    await bed.clock.advance('120s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.letter(key)).toEqual(closed)
    expect(bed.slack.messagesIn('ticket-admins')).toEqual([])
  })

  test('waits again when the same text is sent again: an admin is notified, and the closing is its history', async () => {
    const die = async (): Promise<void> => {
      await bed.send('low', BODY)
      await bed.run('low')
      await bed.clock.advance('2s')
      expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    }
    await die()
    const key = await keyOfOnly()
    await bed.closeLetter(key, 'a test')
    const closedAt = bed.clock.now()
    await bed.clock.advance('1h')
    await die()
    const letter = await bed.letter(key)
    expect(letter).toMatchObject({
      at: bed.clock.now(),
      toldAt: bed.clock.now(),
      history: [{ life: 0, toldAt: expect.any(Number), closed: { at: closedAt, because: 'a test' } }],
    })
    expect(letter?.closed).toBeUndefined()
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(2)
  })
})

describe('a closed letter of a ticket', () => {
  const ticket = buildTicket('medium')
  const attributes = { code: 'trello-400', reason: 'Trello answered 400.', ticket: ticket.id, life: '0' }

  test('stays closed, without a notice, however many copies of its message come', async () => {
    await bed.send('dead', envelopeOf(ticket), attributes)
    bed.faults.add({ at: 'slack.postMessage', kind: '5xx', times: 1 })
    expect((await bed.run('dead')).back).toBe(1)
    await bed.closeLetter(ticket.id, 'seen in the list')
    await bed.clock.advance('180s')
    await bed.send('dead', envelopeOf(ticket), attributes)
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.letter(ticket.id)).toMatchObject({ closed: { because: 'seen in the list' } })
    expect((await bed.letter(ticket.id))?.toldAt).toBeUndefined()
    expect(bed.slack.messagesIn('ticket-admins')).toEqual([])
  })

  /** The reporter is killed between archive and ledger, and the ticket's own message is still on its way. */
  async function closeBeforeItIsDead(): Promise<void> {
    await archiveWithoutRecord(bed, ticket)
    await bed.closeLetter(ticket.id, 'nobody needs it')
    await bed.send('medium', envelopeOf(ticket))
  }

  test('is corrected when the ticket was delivered after all', async () => {
    await closeBeforeItIsDead()
    await bed.run('medium')
    await bed.clock.advance('181s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.letter(ticket.id)).toMatchObject({
      correctedAt: expect.any(Number),
      closed: { because: 'nobody needs it' },
    })
  })

  test('waits again when the ticket may have been delivered: the operator who closed it did not know', async () => {
    await closeBeforeItIsDead()
    bed.faults.add({ at: 'trello.createCard', kind: '5xx', when: 'after', times: 1 })
    await bed.run('medium')
    await bed.clock.advance('181s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    const letter = await bed.letter(ticket.id)
    expect(letter).toMatchObject({ mayBeDelivered: true, toldAt: bed.clock.now() })
    expect(letter?.closed).toBeUndefined()
    expect(bed.slack.messagesIn('ticket-admins')[0]?.shown).toContain('may have been delivered already')
  })

  test('that is redriven and fails again is a new letter, which waits; the closing is its history', async () => {
    await bed.send('dead', envelopeOf(ticket), attributes)
    await bed.run('dead')
    await bed.closeLetter(ticket.id, 'made the card by hand')
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'closed' })
    expect(await bed.redrive(ticket.id, { closed: true })).toMatchObject({ kind: 'redriven', life: 1 })
    bed.faults.add({ at: 'trello.*', kind: '4xx', status: 400, times: 1 })
    await bed.run('medium')
    await bed.clock.advance('2s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    const letter = await bed.letter(ticket.id)
    expect(letter).toMatchObject({
      life: 1,
      toldAt: expect.any(Number),
      history: [{ life: 0, closed: { because: 'made the card by hand' }, redrivenAt: expect.any(Number) }],
    })
    expect(letter?.closed).toBeUndefined()
    expect(await bed.closeLetter(ticket.id, 'again')).toEqual({ kind: 'closed' })
  })
})
