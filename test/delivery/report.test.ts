import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ticket } from 'ticket-core'
import { type Line, START, startLine } from './line.ts'
import { buildTicket, envelopeOf } from './messages.ts'

let line: Line
beforeEach(async () => {
  line = await startLine()
})
afterEach(() => line.close())

/** As line 2 sends it. */
function sendDead(ticket: Ticket, life = 0): Promise<string> {
  const attributes = { code: 'trello-400', reason: 'Trello answered 400.', ticket: ticket.id, life: String(life) }
  return line.send('dead', envelopeOf(ticket, life), attributes)
}

async function sendThree(): Promise<Ticket[]> {
  const tickets = [1, 2, 3].map((number) => buildTicket('high', number))
  for (const ticket of tickets) await sendDead(ticket)
  return tickets
}

function toldOf(tickets: readonly Ticket[]): Promise<(number | undefined)[]> {
  return Promise.all(tickets.map(async ({ id }) => (await line.letter(id))?.toldAt))
}

const isArchiveWrite = ({ name }: { name: string }): boolean => name.startsWith('s3 PUT dead-letters/')
const isLedgerWrite = ({ name }: { name: string }): boolean => name.startsWith('s3 PUT ledger/')

describe('a ticket that is not dead', () => {
  test('delivered before its dead letter came: no archive, no notice', async () => {
    const ticket = buildTicket('low')
    await line.send('low', envelopeOf(ticket))
    await line.run('low')
    await sendDead(ticket)
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(await line.objects('dead-letters/')).toEqual([])
    expect(line.slack.messages).toEqual([])
  })

  test('delivered after it was archived: the archive is corrected, and no admin is notified', async () => {
    const ticket = buildTicket('low')
    await sendDead(ticket)
    expect((await line.run('dead', { aws: (call) => (isLedgerWrite(call) ? 'killed-before' : 'passes') })).kind).toBe(
      'killed',
    )
    expect(await line.letter(ticket.id)).toMatchObject({ life: 0, at: START })
    await line.send('low', envelopeOf(ticket))
    await line.run('low')
    await line.clock.advance('181s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(await line.letter(ticket.id)).toMatchObject({ correctedAt: START })
    expect((await line.letter(ticket.id))?.toldAt).toBeUndefined()
    expect(line.slack.messages).toEqual([])
  })

  test('claimed by another function: read again when the claim has ended, and then in doubt', async () => {
    const ticket = buildTicket('medium')
    await line.send('medium', envelopeOf(ticket))
    await line.run('medium', { vendor: () => 'killed-after', milliseconds: 300_000 })
    await sendDead(ticket)
    expect((await line.run('dead')).back).toHaveLength(1)
    expect(await line.objects('dead-letters/')).toEqual([])
    await line.clock.advance('304s')
    expect((await line.run('dead')).kind).toBe('idle')
    await line.clock.advance('1s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(await line.letter(ticket.id)).toMatchObject({ mayBeDelivered: true, toldAt: START + 305_000 })
    expect(line.slack.messagesIn('admins')[0]?.shown).toContain('may have been delivered already')
  })

  test('in its next life: the dead letter of its earlier life is acknowledged', async () => {
    const ticket = buildTicket('low')
    await sendDead(ticket)
    await line.run('dead')
    await line.redrive(ticket.id)
    await line.run('low', { aws: (call) => (call.name.startsWith('s3 PUT tickets/') ? 'killed-before' : 'passes') })
    expect(await line.record(ticket.id)).toMatchObject({ life: 1, state: 'claimed' })
    const letter = await line.letter(ticket.id)
    await sendDead(ticket)
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(await line.letter(ticket.id)).toEqual(letter)
    expect(line.slack.messagesIn('admins')).toHaveLength(1)
  })
})

describe('a ticket that was never claimed', () => {
  test('SQS moved it after too many receives: dead, archived whole, an admin notified', async () => {
    const ticket = buildTicket('high')
    await line.send('dead', envelopeOf(ticket))
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(await line.record(ticket.id)).toMatchObject({
      state: 'dead',
      failure: { code: 'received-too-often' },
      attempts: { count: 0 },
    })
    expect(await line.letter(ticket.id)).toMatchObject({
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
    await line.send('high', envelopeOf(ticket))
    line.faults.add({ at: 'slack.postMessage', kind: '4xx', status: 400, times: 1 })
    await line.run('high')
    await line.clock.advance('1h')
    await line.run('dead')
    expect(await line.record(ticket.id)).toMatchObject({ diedAt: START })
    expect(await line.letter(ticket.id)).toMatchObject({ at: START, toldAt: START + 3_600_000 })
  })

  test('of a ticket that was never claimed is when it was archived, however late the ledger is written', async () => {
    const ticket = buildTicket('high')
    await sendDead(ticket)
    await line.run('dead', { aws: (call) => (isLedgerWrite(call) ? 'killed-before' : 'passes') })
    await line.clock.advance('181s')
    await line.run('dead')
    expect(await line.record(ticket.id)).toMatchObject({ diedAt: START })
    expect(await line.letter(ticket.id)).toMatchObject({ at: START })
  })
})

describe('the notice', () => {
  test('that fails: the message goes back, and the admin is notified once, later', async () => {
    const ticket = buildTicket('high')
    await sendDead(ticket)
    line.faults.add({ at: 'slack.postMessage', kind: '5xx', times: 1 })
    expect((await line.run('dead')).back).toHaveLength(1)
    expect(await line.record(ticket.id)).toMatchObject({ state: 'dead' })
    expect((await line.letter(ticket.id))?.toldAt).toBeUndefined()
    await line.clock.advance('179s')
    expect((await line.run('dead')).kind).toBe('idle')
    await line.clock.advance('1s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(await line.letter(ticket.id)).toMatchObject({ at: START, toldAt: START + 180_000 })
    expect(line.slack.messagesIn('admins')).toHaveLength(1)
  })

  test('of one dead letter in several messages is sent once', async () => {
    const ticket = buildTicket('medium')
    for (let copy = 0; copy < 3; copy += 1) await sendDead(ticket)
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(line.slack.messagesIn('admins')).toHaveLength(1)
    expect(await line.letter(ticket.id)).toMatchObject({ history: [] })
  })

  test('whose note was lost is sent again rather than never', async () => {
    const ticket = buildTicket('medium')
    await sendDead(ticket)
    await line.run('dead', {
      aws: (call) => (isArchiveWrite(call) && call.body.includes('"toldAt"') ? 'killed-before' : 'passes'),
    })
    await line.clock.advance('181s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(line.slack.messagesIn('admins')).toHaveLength(2)
    expect(await line.letter(ticket.id)).toMatchObject({ toldAt: START + 181_000 })
  })

  test('comes with a doubt that arose after the archive was written', async () => {
    const ticket = buildTicket('high')
    await sendDead(ticket)
    await line.run('dead', { aws: (call) => (isLedgerWrite(call) ? 'killed-before' : 'passes') })
    expect(await line.letter(ticket.id)).toMatchObject({ mayBeDelivered: false })
    await line.send('high', envelopeOf(ticket))
    line.faults.add({ at: 'slack.postMessage', kind: '5xx', when: 'after', times: 1 })
    await line.run('high')
    await line.clock.advance('181s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(await line.letter(ticket.id)).toMatchObject({ life: 0, at: START, mayBeDelivered: true, history: [] })
    expect(line.slack.messagesIn('admins')[0]?.shown).toContain('may have been delivered already')
  })
})

describe('several dead letters of one batch', () => {
  test('are all archived, and dead, before the notice: a crash at the notice loses none', async () => {
    const tickets = await sendThree()
    expect((await line.run('dead', { vendor: () => 'killed-before' })).kind).toBe('killed')
    for (const { id } of tickets) {
      expect(await line.letter(id)).toMatchObject({ life: 0, at: START })
      expect(await line.record(id)).toMatchObject({ state: 'dead' })
    }
    expect(await toldOf(tickets)).toEqual([undefined, undefined, undefined])
    await line.clock.advance('181s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(await toldOf(tickets)).toEqual(tickets.map(() => START + 181_000))
  })

  test('share one notice, which names each of them and one command for all', async () => {
    const tickets = await sendThree()
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(line.clock.now()).toBe(START)
    const [notice, ...more] = line.slack.messagesIn('admins')
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
    await line.run('dead', {
      aws: ({ name, body }) =>
        name === `s3 PUT dead-letters/${first?.id}.json` && body.includes('"toldAt"') ? 'lost-before' : 'passes',
    })
    expect((await toldOf(tickets)).filter((at) => at !== undefined)).toEqual([START, START])
    await line.clock.advance('181s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(line.slack.messagesIn('admins').map(({ shown }) => shown.split('\n')[0])).toEqual([
      '3 tickets could not be delivered',
      `Ticket ${first?.id} could not be delivered`,
    ])
    expect((await toldOf(tickets)).every((at) => at !== undefined)).toBe(true)
  })

  test('of which one is redriven before the notice: its letter is read again first, and it is left out', async () => {
    const tickets = await sendThree()
    const [first, second] = tickets
    let redriven: Promise<unknown> | undefined
    await line.run('dead', {
      aws: ({ name }) => {
        if (name === `s3 GET dead-letters/${second?.id}.json`) redriven ??= line.redrive(first?.id ?? '')
        return 'passes'
      },
    })
    expect(await redriven).toMatchObject({ kind: 'redriven', marked: true })
    const [notice] = line.slack.messagesIn('admins')
    expect(notice?.shown).toContain('2 tickets could not be delivered')
    expect(notice?.shown).not.toContain(first?.id)
    await line.clock.advance('181s')
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    expect(line.slack.messagesIn('admins')).toHaveLength(1)
  })
})

test('without time left for a notice, no letter is begun', async () => {
  const ticket = buildTicket('high')
  await sendDead(ticket)
  expect((await line.run('dead', { milliseconds: 8_000 })).back).toHaveLength(1)
  expect(await line.objects('')).toEqual([])
  await line.clock.advance('180s')
  expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
  expect(line.slack.messagesIn('admins')).toHaveLength(1)
})

test('while SQS hides nothing: the batch is answered in time, so that no notice is sent twice', async () => {
  for (let number = 1; number <= 10; number += 1) await sendDead(buildTicket('high', number))
  line.faults.add({ at: 'slack.postMessage', kind: '5xx' })
  line.breakCloud(async ({ operation }) =>
    operation === 'ChangeMessageVisibility' ? new Promise(() => {}) : undefined,
  )
  expect((await line.run('dead', { milliseconds: 20_000 })).back).toHaveLength(10)
  expect(line.clock.now()).toBeLessThanOrEqual(START + 20_000)
})
