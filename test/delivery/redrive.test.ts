import { beforeEach, describe, expect, test } from 'vitest'
import { type Ticket, digestTicket, effectKey } from 'ticket-core'
import { type DeliveryBed, archiveWithoutRecord, startDeliveryBed } from './delivery-bed.ts'
import { buildEvent, buildTicket, envelopeOf, START } from '../support/records.ts'

/** Trello's calls are 250 ms apart, and a cold function looks up the list before it makes a card. */
let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

/** Lets Trello refuse the ticket once, and the dead letter be reported. */
async function die(ticket: Ticket): Promise<void> {
  bed.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, times: 1 })
  await bed.run('medium')
  await bed.clock.advance('2s')
  await bed.run('dead')
  expect(await bed.record(ticket.id)).toMatchObject({ state: 'dead' })
}

async function sendAndDie(): Promise<Ticket> {
  const ticket = buildTicket('medium')
  await bed.send('medium', envelopeOf(ticket))
  await die(ticket)
  return ticket
}

test('a dead ticket is delivered in its next life, and its archive says so', async () => {
  const ticket = await sendAndDie()
  await bed.clock.advance('1h')
  expect(await bed.redrive(ticket.id)).toEqual({ kind: 'redriven', life: 1, marked: true, mayBeDelivered: false })
  expect(await bed.letter(ticket.id)).toMatchObject({ life: 0, redrivenAt: START + 3_602_250 })
  expect(await bed.run('medium')).toEqual({ kind: 'answered', back: 0 })
  expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', life: 1, attempts: { count: 2 } })
  expect(bed.trello.cards).toHaveLength(1)
})

test('a dead ticket that got another priority is where it belongs now: its letter brings no card', async () => {
  const ticket = await sendAndDie()
  await bed.addEvent(buildEvent(ticket, { kind: 'priority-changed', to: 'high' }, { number: 1 }))
  await bed.run('high')
  await bed.clock.advance('10s')
  await bed.run('high')
  expect(bed.slack.messagesIn('tickets')[0]?.shown).toContain(ticket.id)
  expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', receipt: { destination: 'alert' } })

  const refused = await bed.redrive(ticket.id)
  expect(refused).toMatchObject({ kind: 'refused', code: 'moved', reason: expect.stringContaining('is high now') })
  await bed.run('medium')
  expect(bed.trello.cards).toEqual([])

  await bed.addEvent(buildEvent(ticket, { kind: 'priority-changed', to: 'medium' }, { number: 2 }))
  expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'redriven' })
})

describe('what waited for a ticket that was dead for a day', () => {
  const COMMENT = { kind: 'commented', text: 'Any news?' } as const

  /** A dead ticket, its comment and closing, both given up. Resolves with the keys of the effects for the board. */
  async function waitInVain(): Promise<{ readonly ticket: Ticket; readonly keys: readonly string[] }> {
    const ticket = await sendAndDie()
    const comment = await bed.addEvent(buildEvent(ticket, COMMENT, { number: 1 }))
    const closing = await bed.addEvent(buildEvent(ticket, { kind: 'closed' }, { number: 2 }))
    const keys = [...comment, ...closing].filter(({ place }) => place === 'board').map(effectKey)
    expect(keys).toHaveLength(3)
    await bed.run('medium')
    await bed.clock.advance('24h')
    await bed.run('medium')
    await bed.clock.advance('2s')
    await bed.run('dead')
    for (const key of keys) expect(await bed.letter(key)).toMatchObject({ cause: { code: 'ticket-missing' } })
    return { ticket, keys }
  }

  test('goes again with it: the card is there, commented and done', async () => {
    const { ticket, keys } = await waitInVain()
    const redriven = await bed.redrive(ticket.id)
    expect(redriven).toMatchObject({ kind: 'redriven', life: 1, alongside: expect.arrayContaining([...keys]) })
    for (let round = 0; round < 4; round += 1) {
      await bed.run('medium')
      await bed.clock.advance('3m')
    }
    expect(bed.trello.cards).toMatchObject([{ comments: 2, dueComplete: true }])
    for (const key of keys) expect(await bed.effect(key)).toMatchObject({ state: 'delivered', life: 1 })
  })

  test('goes only once, and not what an operator closed', async () => {
    const { ticket, keys } = await waitInVain()
    const [note = ''] = keys
    await bed.closeLetter(note, 'said on the phone')
    await bed.redrive(keys[1] ?? '')
    expect(await bed.redrive(ticket.id)).toMatchObject({ alongside: [keys[2]] })
    expect(await bed.letter(note)).not.toHaveProperty('redrivenAt')
  })
})

describe('what an operator edited', () => {
  const EDITED = { kind: 'edited', title: 'Edited' } as const

  test('is delivered in the next life, under the same id and record', async () => {
    const ticket = await sendAndDie()
    await bed.addEvent(buildEvent(ticket, EDITED, { via: 'cli' }))
    await bed.redrive(ticket.id)
    await bed.run('medium')
    expect(bed.trello.cards).toMatchObject([{ name: 'Edited', desc: expect.stringContaining(ticket.id) }])
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', life: 1, digest: digestTicket(ticket) })
  })

  test('is not there where the case is damaged: then the words of the message are delivered', async () => {
    const ticket = await sendAndDie()
    await bed.put(`cases/${ticket.id}.json`, '{')
    await bed.redrive(ticket.id)
    await bed.run('medium')
    expect(bed.trello.cards).toMatchObject([{ name: ticket.title }])
  })

  test('never gives the bucket a second object', async () => {
    const ticket = buildTicket('low')
    await bed.send('dead', envelopeOf(ticket), { code: 'gave-up', reason: 'S3 was away' })
    await bed.run('dead')
    await bed.redrive(ticket.id)
    await bed.addEvent(buildEvent(ticket, EDITED, { via: 'cli' })).catch(() => undefined)
    await bed.run('low')
    expect(await bed.objects('tickets/')).toEqual([expect.stringContaining('-ticket-1-')])
  })
})

describe('nothing is sent for', () => {
  test('a key that is not in the archive', async () => {
    expect(await bed.redrive('T-00000-00000')).toMatchObject({ kind: 'refused', code: 'unknown' })
  })

  test('a ticket that was delivered after all', async () => {
    const ticket = buildTicket('medium')
    await archiveWithoutRecord(bed, ticket)
    await bed.send('medium', envelopeOf(ticket))
    await bed.run('medium')
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'delivered' })
    await bed.clock.advance('181s')
    await bed.run('dead')
    expect(await bed.letter(ticket.id)).toMatchObject({ correctedAt: START + 250 })
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'delivered' })
    expect((await bed.run('medium')).kind).toBe('idle')
  })

  test('a ticket that is on its way although its archive is there already', async () => {
    const ticket = buildTicket('medium')
    await archiveWithoutRecord(bed, ticket)
    await bed.send('medium', envelopeOf(ticket))
    bed.faults.add({ at: 'trello.*', kind: '429', times: 1 })
    await bed.run('medium')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'waiting' })
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'not-dead' })
  })

  test('a ticket that was redriven already', async () => {
    const ticket = await sendAndDie()
    await bed.redrive(ticket.id)
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'redriven-already' })
    await bed.run('medium')
    expect(bed.trello.cards).toHaveLength(1)
    expect((await bed.run('medium')).kind).toBe('idle')
  })

  test('a body without a ticket', async () => {
    await bed.send('dead', 'not JSON')
    await bed.run('dead')
    const [key = ''] = await bed.letters()
    expect(await bed.redrive(key)).toMatchObject({ kind: 'refused', code: 'no-ticket' })
  })
})

test('a redrive whose mark was not written may be run again: two messages of one life deliver once', async () => {
  const ticket = await sendAndDie()
  const outage = bed.faults.add({ at: 's3.putObject', kind: '5xx' })
  expect(await bed.redrive(ticket.id)).toEqual({ kind: 'redriven', life: 1, marked: false, mayBeDelivered: false })
  outage.remove()
  expect(await bed.redrive(ticket.id)).toEqual({ kind: 'redriven', life: 1, marked: true, mayBeDelivered: false })
  expect(await bed.run('medium')).toEqual({ kind: 'answered', back: 0 })
  expect(bed.trello.cards).toHaveLength(1)
  expect(bed.trello.cards[0]?.desc).toContain(ticket.id)
})

/** Sends the message of the next life, and fails to mark the archive. */
async function redriveUnmarked(): Promise<Ticket> {
  const ticket = await sendAndDie()
  const outage = bed.faults.add({ at: 's3.putObject', kind: '5xx' })
  expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'redriven', marked: false })
  outage.remove()
  return ticket
}

describe('a redrive whose mark was not written, and whose ticket has gone on', () => {
  test('is refused for a delivered ticket, and the letter no longer waits', async () => {
    const ticket = await redriveUnmarked()
    await bed.run('medium')
    const delivered = await bed.record(ticket.id)
    expect(await bed.redrive(ticket.id, { dryRun: true })).toMatchObject({ kind: 'refused', code: 'delivered' })
    expect((await bed.letter(ticket.id))?.correctedAt).toBeUndefined()
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'delivered' })
    expect(await bed.letter(ticket.id)).toMatchObject({ life: 0, correctedAt: delivered?.deliveredAt })
    expect(await bed.record(ticket.id)).toEqual(delivered)
    expect(bed.trello.cards).toHaveLength(1)
  })

  test('is refused for a ticket on its way in a newer life, and the letter says so', async () => {
    const ticket = await redriveUnmarked()
    bed.faults.add({ at: 'trello.createCard', kind: '429', times: 1 })
    await bed.run('medium')
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'not-dead' })
    expect(await bed.letter(ticket.id)).toMatchObject({ life: 0, redrivenAt: bed.clock.now() })
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'refused', code: 'redriven-already' })
  })

  test('leaves a second dead letter to be archived, notified and redriven', async () => {
    const ticket = await redriveUnmarked()
    bed.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, times: 1 })
    await bed.run('medium')
    expect(await bed.redrive(ticket.id)).toMatchObject({
      kind: 'refused',
      code: 'not-dead',
      reason: expect.stringContaining('as dead in life 1: it died again'),
    })
    await bed.clock.advance('2s')
    await bed.run('dead')
    expect(await bed.letter(ticket.id)).toMatchObject({ life: 1, toldAt: expect.any(Number), history: [{ life: 0 }] })
    expect(await bed.redrive(ticket.id)).toMatchObject({ kind: 'redriven', life: 2, marked: true })
    await bed.run('medium')
    expect(bed.trello.cards).toHaveLength(1)
  })
})

test('a second dead letter replaces the first, keeps it as history, and has a notice of its own', async () => {
  const ticket = await sendAndDie()
  await bed.redrive(ticket.id)
  bed.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, times: 1 })
  await bed.run('medium')
  await bed.clock.advance('2s')
  bed.faults.add({ at: 'slack.postMessage', kind: '5xx', times: 1 })
  await bed.run('dead')
  const letter = await bed.letter(ticket.id)
  expect(letter).toMatchObject({
    life: 1,
    at: START + 2_250,
    history: [{ life: 0, at: START + 250, toldAt: START + 2_250, redrivenAt: START + 2_250 }],
  })
  expect(letter?.toldAt).toBeUndefined()
  expect(letter?.redrivenAt).toBeUndefined()
  await bed.clock.advance('180s')
  await bed.run('dead')
  expect(await bed.letter(ticket.id)).toMatchObject({ life: 1, toldAt: START + 184_250 })
  expect(bed.slack.messagesIn('ticket-admins').map(({ shown }) => shown.includes('Redriven before: once'))).toEqual([
    false,
    true,
  ])
  expect(await bed.redrive(ticket.id)).toEqual({ kind: 'redriven', life: 2, marked: true, mayBeDelivered: false })
  await bed.run('medium')
  expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', life: 2 })
})

describe('a body of the older system', () => {
  const BODY = '{"Title":"Printer","Description":"It is on fire","Priority":"Medium"}'

  test('keeps its id as a dead letter and after a redrive', async () => {
    await bed.send('medium', BODY)
    bed.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, times: 1 })
    await bed.run('medium')
    await bed.clock.advance('2s')
    await bed.run('dead')
    const [id = ''] = await bed.letters()
    expect(id).toMatch(/^T-[0-9A-Z]{5}-[0-9A-Z]{5}$/)
    expect(await bed.redrive(id)).toEqual({ kind: 'redriven', life: 1, marked: true, mayBeDelivered: false })
    await bed.run('medium')
    expect(await bed.objects('ledger/')).toEqual([`ledger/medium/${id}.json`])
    expect(await bed.record(id)).toMatchObject({ state: 'delivered', life: 1 })
    expect(bed.trello.cards.map(({ name, desc }) => [name, desc.includes(id)])).toEqual([['Printer', true]])
  })

  test('that SQS moved to the dead-letter queue can be redriven: once', async () => {
    await bed.send('dead', BODY)
    await bed.run('dead')
    const [id = ''] = await bed.letters()
    await bed.redrive(id)
    await bed.run('medium')
    expect(await bed.record(id)).toMatchObject({ state: 'delivered', life: 1 })
    expect(bed.trello.cards).toHaveLength(1)
  })
})
