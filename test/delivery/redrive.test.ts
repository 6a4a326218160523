import { AwsError } from '@ticketing/local-aws'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ticket } from 'ticket-core'
import { type Line, START, startLine } from './line.ts'
import { buildTicket, envelopeOf } from './messages.ts'

/** Trello's calls are 250 ms apart, and a new function looks up the list before it makes a card. */
let line: Line
beforeEach(async () => {
  line = await startLine()
})
afterEach(() => line.close())

/** Lets Trello refuse the ticket once, and the dead letter be reported. */
async function die(ticket: Ticket): Promise<void> {
  line.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, times: 1 })
  await line.run('medium')
  await line.clock.advance('2s')
  await line.run('dead')
  expect(await line.record(ticket.id)).toMatchObject({ state: 'dead' })
}

async function sendAndDie(): Promise<Ticket> {
  const ticket = buildTicket('medium')
  await line.send('medium', envelopeOf(ticket))
  await die(ticket)
  return ticket
}

test('a dead ticket is delivered in its next life, and its archive says so', async () => {
  const ticket = await sendAndDie()
  await line.clock.advance('1h')
  expect(await line.redrive(ticket.id)).toEqual({ kind: 'redriven', life: 1, marked: true, mayBeDelivered: false })
  expect(await line.letter(ticket.id)).toMatchObject({ life: 0, redrivenAt: START + 3_602_250 })
  expect(await line.run('medium')).toEqual({ kind: 'answered', back: [] })
  expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered', life: 1, attempts: { count: 2 } })
  expect(line.trello.cards).toHaveLength(1)
})

describe('nothing is sent for', () => {
  test('a key that is not in the archive', async () => {
    expect(await line.redrive('T-00000-00000')).toMatchObject({ kind: 'refused', code: 'unknown' })
  })

  test('a ticket that was delivered after all', async () => {
    const ticket = buildTicket('medium')
    await line.send('dead', envelopeOf(ticket), { code: 'trello-400', reason: 'refused' })
    await line.run('dead', { aws: ({ name }) => (name.startsWith('s3 PUT ledger/') ? 'killed-before' : 'passes') })
    await line.send('medium', envelopeOf(ticket))
    await line.run('medium')
    expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'delivered' })
    await line.clock.advance('181s')
    await line.run('dead')
    expect(await line.letter(ticket.id)).toMatchObject({ correctedAt: START + 250 })
    expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'delivered' })
    expect((await line.run('medium')).kind).toBe('idle')
  })

  test('a ticket that is on its way although its archive is there already', async () => {
    const ticket = buildTicket('medium')
    await line.send('dead', envelopeOf(ticket), { code: 'trello-400', reason: 'refused' })
    await line.run('dead', { aws: ({ name }) => (name.startsWith('s3 PUT ledger/') ? 'killed-before' : 'passes') })
    await line.send('medium', envelopeOf(ticket))
    line.faults.add({ at: 'trello.*', kind: '429', times: 1 })
    await line.run('medium')
    expect(await line.record(ticket.id)).toMatchObject({ state: 'waiting' })
    expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'not-dead' })
  })

  test('a ticket that was redriven already', async () => {
    const ticket = await sendAndDie()
    await line.redrive(ticket.id)
    expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'redriven-already' })
    await line.run('medium')
    expect(line.trello.cards).toHaveLength(1)
    expect((await line.run('medium')).kind).toBe('idle')
  })

  test('a body without a ticket', async () => {
    await line.send('dead', 'not JSON')
    await line.run('dead')
    const [key = ''] = await line.objects('dead-letters/')
    expect(await line.redrive(key.slice('dead-letters/'.length, -'.json'.length))).toMatchObject({
      kind: 'refused',
      code: 'no-ticket',
    })
  })
})

test('a redrive whose mark was not written may be run again: two messages of one life deliver once', async () => {
  const ticket = await sendAndDie()
  const repair = line.breakCloud(async ({ operation }) => {
    if (operation === 'PutObject') throw new AwsError('InternalError', 'down', { status: 500 })
    return undefined
  })
  expect(await line.redrive(ticket.id)).toEqual({ kind: 'redriven', life: 1, marked: false, mayBeDelivered: false })
  repair()
  expect(await line.redrive(ticket.id)).toEqual({ kind: 'redriven', life: 1, marked: true, mayBeDelivered: false })
  expect(await line.run('medium')).toEqual({ kind: 'answered', back: [] })
  expect(line.trello.cards).toHaveLength(1)
  expect(line.trello.cards[0]?.desc).toContain(ticket.id)
})

/** Sends the message of the next life, and fails to mark the archive. */
async function redriveUnmarked(): Promise<Ticket> {
  const ticket = await sendAndDie()
  const repair = line.breakCloud(async ({ operation }) => {
    if (operation === 'PutObject') throw new AwsError('InternalError', 'down', { status: 500 })
    return undefined
  })
  expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'redriven', marked: false })
  repair()
  return ticket
}

describe('a redrive whose mark was not written, and whose ticket has gone on', () => {
  test('is refused for a delivered ticket, and the letter no longer waits', async () => {
    const ticket = await redriveUnmarked()
    await line.run('medium')
    const delivered = await line.record(ticket.id)
    expect(await line.redrive(ticket.id, { dryRun: true })).toMatchObject({ kind: 'refused', code: 'delivered' })
    expect((await line.letter(ticket.id))?.correctedAt).toBeUndefined()
    expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'delivered' })
    expect(await line.letter(ticket.id)).toMatchObject({ life: 0, correctedAt: delivered?.deliveredAt })
    expect(await line.record(ticket.id)).toEqual(delivered)
    expect(line.trello.cards).toHaveLength(1)
  })

  test('is refused for a ticket on its way in a newer life, and the letter says so', async () => {
    const ticket = await redriveUnmarked()
    line.faults.add({ at: 'trello.createCard', kind: '429', times: 1 })
    await line.run('medium')
    expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'not-dead' })
    expect(await line.letter(ticket.id)).toMatchObject({ life: 0, redrivenAt: line.clock.now() })
    expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'redriven-already' })
  })

  test('leaves a second dead letter to be archived, notified and redriven', async () => {
    const ticket = await redriveUnmarked()
    line.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, times: 1 })
    await line.run('medium')
    expect(await line.redrive(ticket.id)).toMatchObject({
      kind: 'refused',
      code: 'not-dead',
      reason: expect.stringContaining('as dead in life 1: it died again'),
    })
    await line.clock.advance('2s')
    await line.run('dead')
    expect(await line.letter(ticket.id)).toMatchObject({ life: 1, toldAt: expect.any(Number), history: [{ life: 0 }] })
    expect(await line.redrive(ticket.id)).toMatchObject({ kind: 'redriven', life: 2, marked: true })
    await line.run('medium')
    expect(line.trello.cards).toHaveLength(1)
  })
})

test('a second dead letter replaces the first, keeps it as history, and has a notice of its own', async () => {
  const ticket = await sendAndDie()
  await line.redrive(ticket.id)
  line.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, times: 1 })
  await line.run('medium')
  await line.clock.advance('2s')
  line.faults.add({ at: 'slack.postMessage', kind: '5xx', times: 1 })
  await line.run('dead')
  const letter = await line.letter(ticket.id)
  expect(letter).toMatchObject({
    life: 1,
    at: START + 2_500,
    history: [{ life: 0, at: START + 250, toldAt: START + 2_250, redrivenAt: START + 2_250 }],
  })
  expect(letter?.toldAt).toBeUndefined()
  expect(letter?.redrivenAt).toBeUndefined()
  await line.clock.advance('180s')
  await line.run('dead')
  expect(await line.letter(ticket.id)).toMatchObject({ life: 1, toldAt: START + 184_500 })
  expect(line.slack.messagesIn('admins').map(({ shown }) => shown.includes('Redriven before: once'))).toEqual([
    false,
    true,
  ])
  expect(await line.redrive(ticket.id)).toEqual({ kind: 'redriven', life: 2, marked: true, mayBeDelivered: false })
  await line.run('medium')
  expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered', life: 2 })
})

describe('a body of the older system', () => {
  const BODY = '{"Title":"Printer","Description":"It is on fire","Priority":"Medium"}'

  test('keeps its id as a dead letter and after a redrive', async () => {
    await line.send('medium', BODY)
    line.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, times: 1 })
    await line.run('medium')
    await line.clock.advance('2s')
    await line.run('dead')
    const [archived = ''] = await line.objects('dead-letters/')
    const id = archived.slice('dead-letters/'.length, -'.json'.length)
    expect(id).toMatch(/^T-[0-9A-Z]{5}-[0-9A-Z]{5}$/)
    expect(await line.redrive(id)).toEqual({ kind: 'redriven', life: 1, marked: true, mayBeDelivered: false })
    await line.run('medium')
    expect(await line.objects('ledger/')).toEqual([`ledger/medium/${id}.json`])
    expect(await line.record(id)).toMatchObject({ state: 'delivered', life: 1 })
    expect(line.trello.cards.map(({ name, desc }) => [name, desc.includes(id)])).toEqual([['Printer', true]])
  })

  test('that SQS moved to the dead-letter queue can be redriven: once', async () => {
    await line.send('dead', BODY)
    await line.run('dead')
    const [archived = ''] = await line.objects('dead-letters/')
    const id = archived.slice('dead-letters/'.length, -'.json'.length)
    await line.redrive(id)
    await line.run('medium')
    expect(await line.record(id)).toMatchObject({ state: 'delivered', life: 1 })
    expect(line.trello.cards).toHaveLength(1)
  })
})
