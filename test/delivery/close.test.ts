import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Line, startLine } from './line.ts'
import { buildTicket, envelopeOf } from './messages.ts'

let line: Line
beforeEach(async () => {
  line = await startLine()
})
afterEach(() => line.close())

const BODY = '{"v":1,"half'

async function keyOfOnly(): Promise<string> {
  const [object = ''] = await line.objects('dead-letters/')
  return object.slice('dead-letters/'.length, -'.json'.length)
}

describe('a closed letter of a text without a ticket', () => {
  test('stays closed when its own message comes back, which was sent before', async () => {
    await line.send('dead', BODY, { code: 'unreadable', reason: 'the body is not JSON' })
    line.faults.add({ at: 'slack.postMessage', kind: '5xx', times: 1 })
    expect((await line.run('dead')).back).toHaveLength(1)
    const key = await keyOfOnly()
    await line.clock.advance('1m')
    expect(await line.closeLetter(key, 'a test')).toEqual({ kind: 'closed' })
    const closed = await line.letter(key)
    await line.clock.advance('120s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(await line.letter(key)).toEqual(closed)
    expect(line.slack.messagesIn('admins')).toEqual([])
  })

  test('waits again when the same text is sent again: an admin is notified, and the closing is its history', async () => {
    const die = async (): Promise<void> => {
      await line.send('low', BODY)
      await line.run('low')
      await line.clock.advance('2s')
      expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    }
    await die()
    const key = await keyOfOnly()
    await line.closeLetter(key, 'a test')
    const closedAt = line.clock.now()
    await line.clock.advance('1h')
    await die()
    const letter = await line.letter(key)
    expect(letter).toMatchObject({
      at: line.clock.now(),
      toldAt: line.clock.now(),
      history: [{ life: 0, toldAt: expect.any(Number), closed: { at: closedAt, because: 'a test' } }],
    })
    expect(letter?.closed).toBeUndefined()
    expect(line.slack.messagesIn('admins')).toHaveLength(2)
  })
})

describe('a closed letter of a ticket', () => {
  const ticket = buildTicket('medium')
  const attributes = { code: 'trello-400', reason: 'Trello answered 400.', ticket: ticket.id, life: '0' }

  test('stays closed, without a notice, however many copies of its message come', async () => {
    await line.send('dead', envelopeOf(ticket), attributes)
    line.faults.add({ at: 'slack.postMessage', kind: '5xx', times: 1 })
    expect((await line.run('dead')).back).toHaveLength(1)
    await line.closeLetter(ticket.id, 'seen in the list')
    await line.clock.advance('180s')
    await line.send('dead', envelopeOf(ticket), attributes)
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(await line.letter(ticket.id)).toMatchObject({ closed: { because: 'seen in the list' } })
    expect((await line.letter(ticket.id))?.toldAt).toBeUndefined()
    expect(line.slack.messagesIn('admins')).toEqual([])
  })

  /** The reporter is killed between archive and ledger, and the ticket's own message is still on its way. */
  async function closeBeforeItIsDead(): Promise<void> {
    await line.send('dead', envelopeOf(ticket), attributes)
    await line.run('dead', { aws: ({ name }) => (name.startsWith('s3 PUT ledger/') ? 'killed-before' : 'passes') })
    await line.closeLetter(ticket.id, 'nobody needs it')
    await line.send('medium', envelopeOf(ticket))
  }

  test('is corrected when the ticket was delivered after all', async () => {
    await closeBeforeItIsDead()
    await line.run('medium')
    await line.clock.advance('181s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(await line.letter(ticket.id)).toMatchObject({
      correctedAt: expect.any(Number),
      closed: { because: 'nobody needs it' },
    })
  })

  test('waits again when the ticket may have been delivered: the operator who closed it did not know', async () => {
    await closeBeforeItIsDead()
    line.faults.add({ at: 'trello.createCard', kind: '5xx', when: 'after', times: 1 })
    await line.run('medium')
    await line.clock.advance('181s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    const letter = await line.letter(ticket.id)
    expect(letter).toMatchObject({ mayBeDelivered: true, toldAt: line.clock.now() })
    expect(letter?.closed).toBeUndefined()
    expect(line.slack.messagesIn('admins')[0]?.shown).toContain('may have been delivered already')
  })

  test('that is redriven and fails again is a new letter, which waits; the closing is its history', async () => {
    await line.send('dead', envelopeOf(ticket), attributes)
    await line.run('dead')
    await line.closeLetter(ticket.id, 'made the card by hand')
    expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'closed' })
    expect(await line.redrive(ticket.id, { closed: true })).toMatchObject({ kind: 'redriven', life: 1 })
    line.faults.add({ at: 'trello.*', kind: '4xx', status: 400, times: 1 })
    await line.run('medium')
    await line.clock.advance('2s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    const letter = await line.letter(ticket.id)
    expect(letter).toMatchObject({
      life: 1,
      toldAt: expect.any(Number),
      history: [{ life: 0, closed: { because: 'made the card by hand' }, redrivenAt: expect.any(Number) }],
    })
    expect(letter?.closed).toBeUndefined()
    expect(await line.closeLetter(ticket.id, 'again')).toEqual({ kind: 'closed' })
  })
})
