import { beforeEach, describe, expect, test } from 'vitest'
import type { Ticket } from 'ticket-core'
import { type DeliveryBed, runUntilLedger, startDeliveryBed } from './delivery-bed.ts'
import { buildTicket, envelopeOf, START } from '../support/records.ts'

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

/** As line 2 sends it. */
function sendDead(ticket: Ticket, life = 0): Promise<void> {
  const attributes = { code: 'trello-400', reason: 'Trello answered 400.', ticket: ticket.id, life: String(life) }
  return bed.send('dead', envelopeOf(ticket, life), attributes)
}

async function sendThree(): Promise<Ticket[]> {
  const tickets = [1, 2, 3].map((number) => buildTicket('high', number))
  for (const ticket of tickets) await sendDead(ticket)
  return tickets
}

function toldOf(tickets: readonly Ticket[]): Promise<(number | undefined)[]> {
  return Promise.all(tickets.map(async ({ id }) => (await bed.letter(id))?.toldAt))
}

describe('a ticket that is not dead', () => {
  test('delivered before its dead letter came: no archive, no notice', async () => {
    const ticket = buildTicket('low')
    await bed.send('low', envelopeOf(ticket))
    await bed.run('low')
    await sendDead(ticket)
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.objects('dead-letters/')).toEqual([])
    expect(bed.slack.messages).toEqual([])
  })

  test('delivered after it was archived: the archive is corrected, and no admin is notified', async () => {
    const ticket = buildTicket('low')
    await sendDead(ticket)
    expect((await runUntilLedger(bed)).kind).toBe('ended-early')
    expect(await bed.letter(ticket.id)).toMatchObject({ life: 0, at: START })
    await bed.send('low', envelopeOf(ticket))
    await bed.run('low')
    await bed.clock.advance('181s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.letter(ticket.id)).toMatchObject({ correctedAt: START })
    expect((await bed.letter(ticket.id))?.toldAt).toBeUndefined()
    expect(bed.slack.messages).toEqual([])
  })

  test('claimed by another function: read again when the claim has ended, and then in doubt', async () => {
    const ticket = buildTicket('medium')
    await bed.send('medium', envelopeOf(ticket))
    bed.faults.add({ at: 'function.medium', kind: 'killed', when: 'after', call: 'trello.*', times: 1 })
    await bed.run('medium', { timeoutSeconds: 300 })
    await sendDead(ticket)
    expect((await bed.run('dead')).back).toBe(1)
    expect(await bed.objects('dead-letters/')).toEqual([])
    await bed.clock.advance('304s')
    expect((await bed.run('dead')).kind).toBe('idle')
    await bed.clock.advance('1s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.letter(ticket.id)).toMatchObject({ mayBeDelivered: true, toldAt: START + 305_000 })
    expect(bed.slack.messagesIn('ticket-admins')[0]?.shown).toContain('may have been delivered already')
  })

  test('in its next life: the dead letter of its earlier life is acknowledged', async () => {
    const ticket = buildTicket('low')
    await sendDead(ticket)
    await bed.run('dead')
    await bed.redrive(ticket.id)
    bed.faults.add({
      at: 'function.low',
      kind: 'killed',
      when: 'before',
      call: 's3.putObject',
      text: 'tickets/',
      times: 1,
    })
    await bed.run('low')
    expect(await bed.record(ticket.id)).toMatchObject({ life: 1, state: 'claimed' })
    const letter = await bed.letter(ticket.id)
    await sendDead(ticket)
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.letter(ticket.id)).toEqual(letter)
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
  })
})

describe('a ticket that was never claimed', () => {
  test('SQS moved it after too many receives: dead, archived whole, an admin notified', async () => {
    const ticket = buildTicket('high')
    await bed.send('dead', envelopeOf(ticket))
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.record(ticket.id)).toMatchObject({
      state: 'dead',
      failure: { code: 'received-too-often' },
      attempts: { count: 0 },
    })
    expect(await bed.letter(ticket.id)).toMatchObject({
      cause: { code: 'received-too-often' },
      message: { body: envelopeOf(ticket) },
      mayBeDelivered: false,
      toldAt: START,
    })
  })
})

describe('the time of a dead letter', () => {
  test('is one: that of the attempt that ended it, in ledger and archive', async () => {
    const ticket = buildTicket('high')
    await bed.send('high', envelopeOf(ticket))
    bed.faults.add({ at: 'slack.postMessage', kind: '4xx', status: 400, times: 1 })
    await bed.run('high')
    await bed.clock.advance('1h')
    await bed.run('dead')
    expect(await bed.record(ticket.id)).toMatchObject({ diedAt: START })
    expect(await bed.letter(ticket.id)).toMatchObject({ at: START, toldAt: START + 3_600_000 })
  })

  test('of a ticket that was never claimed is when it was archived, however late the ledger is written', async () => {
    const ticket = buildTicket('high')
    await sendDead(ticket)
    expect((await runUntilLedger(bed)).kind).toBe('ended-early')
    await bed.clock.advance('181s')
    await bed.run('dead')
    expect(await bed.record(ticket.id)).toMatchObject({ diedAt: START })
    expect(await bed.letter(ticket.id)).toMatchObject({ at: START })
  })
})

describe('the notice', () => {
  test('that fails: the message goes back, and the admin is notified once, later', async () => {
    const ticket = buildTicket('high')
    await sendDead(ticket)
    bed.faults.add({ at: 'slack.postMessage', kind: '5xx', times: 1 })
    expect((await bed.run('dead')).back).toBe(1)
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'dead' })
    expect((await bed.letter(ticket.id))?.toldAt).toBeUndefined()
    await bed.clock.advance('179s')
    expect((await bed.run('dead')).kind).toBe('idle')
    await bed.clock.advance('1s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.letter(ticket.id)).toMatchObject({ at: START, toldAt: START + 180_000 })
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
  })

  test('of one dead letter in several messages is sent once', async () => {
    const ticket = buildTicket('medium')
    for (let copy = 0; copy < 3; copy += 1) await sendDead(ticket)
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
    expect(await bed.letter(ticket.id)).toMatchObject({ history: [] })
  })

  test('whose note was lost is sent again rather than never', async () => {
    const ticket = buildTicket('medium')
    await sendDead(ticket)
    const text = '"toldAt"'
    bed.faults.add({ at: 'function.dead', kind: 'killed', when: 'before', call: 's3.putObject', text, times: 1 })
    await bed.run('dead')
    await bed.clock.advance('181s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(2)
    expect(await bed.letter(ticket.id)).toMatchObject({ toldAt: START + 181_000 })
  })

  test('comes with a doubt that arose after the archive was written', async () => {
    const ticket = buildTicket('high')
    await sendDead(ticket)
    expect((await runUntilLedger(bed)).kind).toBe('ended-early')
    expect(await bed.letter(ticket.id)).toMatchObject({ mayBeDelivered: false })
    await bed.send('high', envelopeOf(ticket))
    bed.faults.add({ at: 'slack.postMessage', kind: '5xx', when: 'after', times: 1 })
    await bed.run('high')
    await bed.clock.advance('181s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.letter(ticket.id)).toMatchObject({ life: 0, at: START, mayBeDelivered: true, history: [] })
    expect(bed.slack.messagesIn('ticket-admins')[0]?.shown).toContain('may have been delivered already')
  })
})

describe('several dead letters of one batch', () => {
  test('are all archived, and dead, before the notice: a crash at the notice loses none', async () => {
    const tickets = await sendThree()
    bed.faults.add({ at: 'function.dead', kind: 'killed', when: 'before', call: 'slack.postMessage', times: 1 })
    expect((await bed.run('dead')).kind).toBe('ended-early')
    for (const { id } of tickets) {
      expect(await bed.letter(id)).toMatchObject({ life: 0, at: START })
      expect(await bed.record(id)).toMatchObject({ state: 'dead' })
    }
    expect(await toldOf(tickets)).toEqual([undefined, undefined, undefined])
    await bed.clock.advance('181s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await toldOf(tickets)).toEqual(tickets.map(() => START + 181_000))
  })

  test('share one notice, which names each of them and one command for all', async () => {
    const tickets = await sendThree()
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(bed.clock.now()).toBe(START)
    const [notice, ...more] = bed.slack.messagesIn('ticket-admins')
    expect(more).toEqual([])
    expect(notice?.shown).toContain('3 tickets could not be delivered')
    for (const { id, title } of tickets) expect(notice?.shown).toContain(`${id}: ${title} (high)`)
    const [redrive = ''] = /dead-letters redrive .*/.exec(notice?.shown ?? '') ?? []
    expect(redrive.split(' ').slice(2).toSorted()).toEqual(tickets.map(({ id }) => id).toSorted())
    expect(await toldOf(tickets)).toEqual([START, START, START])
  })

  test('of which one mark is lost: only that one gets a second notice', async () => {
    const tickets = await sendThree()
    const [first] = tickets
    const lost = bed.faults.add({ at: 's3.putObject', kind: 'reset', ticket: first?.id ?? '', text: '"toldAt"' })
    await bed.run('dead')
    lost.remove()
    expect((await toldOf(tickets)).filter((at) => at !== undefined)).toEqual([START, START])
    await bed.clock.advance('181s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(bed.slack.messagesIn('ticket-admins').map(({ shown }) => shown.split('\n')[0])).toEqual([
      '3 tickets could not be delivered',
      `Ticket ${first?.id} could not be delivered`,
    ])
    expect((await toldOf(tickets)).every((at) => at !== undefined)).toBe(true)
  })

  test('of which one is redriven before the notice: its letter is read again first, and it is left out', async () => {
    const tickets = await sendThree()
    const [first, second] = tickets
    bed.faults.add({ at: 's3.getObject', kind: 'slow', ms: 1_000, text: `dead-letters/${second?.id}.json`, times: 1 })
    const running = bed.run('dead')
    await bed.journal.until({ source: 'fault', kind: 'slow' })
    expect(await bed.redrive(first?.id ?? '')).toMatchObject({ kind: 'redriven', marked: true })
    await running
    const [notice] = bed.slack.messagesIn('ticket-admins')
    expect(notice?.shown).toContain('2 tickets could not be delivered')
    expect(notice?.shown).not.toContain(first?.id)
    await bed.clock.advance('181s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
  })
})

test('without time left for a notice, no letter is begun', async () => {
  const ticket = buildTicket('high')
  await sendDead(ticket)
  expect((await bed.run('dead', { timeoutSeconds: 8 })).back).toBe(1)
  expect(await bed.objects('')).toEqual([])
  await bed.clock.advance('180s')
  expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
  expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
})

test('while SQS hides nothing: the batch is answered in time, so that no notice is sent twice', async () => {
  for (let number = 1; number <= 10; number += 1) await sendDead(buildTicket('high', number))
  bed.faults.add({ at: 'slack.postMessage', kind: '5xx' })
  bed.faults.add({ at: 'sqs.changeMessageVisibilityBatch', kind: 'timeout-before-effect' })
  expect((await bed.run('dead', { timeoutSeconds: 20 })).back).toBe(10)
  expect(bed.clock.now()).toBeLessThanOrEqual(START + 20_000)
})
