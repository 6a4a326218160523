import { PRIORITIES, type Ticket } from 'ticket-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildTicket, envelopeOf } from '../support/records.ts'

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

const LONG: Partial<Ticket> = {
  description: 'A line of the description.\n'.repeat(1500),
  steps: 'A step.\n'.repeat(3000),
  reporter: { name: 'Ada Lovelace' },
}

function nameOf({ id }: Ticket): string {
  return `cases/${id}.json`
}

async function readCase(key: string): Promise<{ id: string; source: string; ticket: Ticket; events: unknown[] }> {
  return JSON.parse((await bed.object(key)) ?? 'null')
}

describe('the case of a ticket', () => {
  test.each(PRIORITIES)('of priority %s holds it whole and uncut', async (priority) => {
    const ticket = { ...buildTicket(priority), ...LONG }
    await bed.send(priority, envelopeOf(ticket))
    await bed.run(priority)
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', caseKey: ticket.id })
    expect(await readCase(nameOf(ticket))).toMatchObject({ v: 1, source: ticket.source, ticket, events: [] })
  })

  test('is there before the vendor is called, and while its ticket waits for a vendor that is down', async () => {
    const ticket = buildTicket('medium')
    bed.faults.add({ at: 'trello.createCard', kind: '5xx', times: 1 })
    await bed.send('medium', envelopeOf(ticket))
    await bed.run('medium')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'waiting' })
    expect(await readCase(nameOf(ticket))).toMatchObject({ ticket })
  })

  test('is written once, however often its ticket is tried', async () => {
    const ticket = buildTicket('medium')
    bed.faults.add({ at: 'trello.createCard', kind: '429', times: 2 })
    await bed.send('medium', envelopeOf(ticket))
    for (let tries = 0; tries < 3; tries += 1) {
      await bed.run('medium')
      await bed.clock.advance('1h')
    }
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered' })
    const writes = bed.journal.all({ source: 's3', kind: 'object-put' })
    expect(writes.filter(({ detail }) => detail['key'] === nameOf(ticket))).toHaveLength(1)
  })

  test.each([
    ['before', 'index/'],
    ['after', 'index/'],
    ['before', 'cases/'],
    ['after', 'cases/'],
  ] as const)('survives that the function is killed %s writing into %s', async (when, text) => {
    const ticket = buildTicket('high')
    await bed.send('high', envelopeOf(ticket))
    bed.faults.add({ at: 'function.high', kind: 'killed', when, call: 's3.putObject', text, times: 1 })
    await bed.run('high')
    expect(bed.slack.messages).toEqual([])
    await bed.clock.advance('181s')
    expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
    expect(await readCase(nameOf(ticket))).toMatchObject({ ticket })
    // No claim was taken: the vendor was not called, so there is no doubt.
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered', attempts: { count: 1 } })
    expect(bed.slack.messages).toHaveLength(1)
  })

  test('is recognised after a lost answer', async () => {
    const ticket = buildTicket('high')
    await bed.send('high', envelopeOf(ticket))
    bed.faults.add({ at: 's3.putObject', kind: 'reset', when: 'after', text: 'cases/', times: 1 })
    expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
    expect(bed.journal.count({ source: 'function', kind: 'case.mismatch' })).toBe(0)
    expect(bed.slack.messages).toHaveLength(1)
  })

  test.each(['index/', 'cases/'])(
    'that cannot be written into %s stops the delivery: nothing is delivered that is not kept',
    async (text) => {
      const ticket = buildTicket('high')
      await bed.send('high', envelopeOf(ticket))
      const outage = bed.faults.add({ at: 's3.putObject', kind: '5xx', text })
      expect(await bed.run('high')).toMatchObject({ kind: 'answered', back: 1 })
      expect(bed.slack.messages).toEqual([])
      expect(bed.journal.count({ source: 'function', kind: 'case.unavailable' })).toBe(1)
      outage.remove()
      await bed.clock.advance('181s')
      await bed.run('high')
      expect(bed.slack.messages).toHaveLength(1)
    },
  )
})

/** What another lane's function could put there, if it were taken over. */
function forge(ticket: Ticket): string {
  return JSON.stringify({
    v: 1,
    id: ticket.id,
    source: ticket.source,
    ticket: { ...ticket, title: 'Forged', description: 'Forged.' },
    events: [],
    nonce: 'forged',
  })
}

describe('a case with other content under the ticket’s id', () => {
  test.each([
    ['forged', forge],
    ['damaged', () => 'not JSON'],
    ['of another id', (ticket: Ticket) => forge({ ...ticket, id: 'T-00000-00000' })],
  ])('(%s) never wins: the message’s own ticket is delivered and kept, and it is reported', async (_, write) => {
    const ticket = { ...buildTicket('medium'), ...LONG }
    await bed.put(nameOf(ticket), write(ticket))
    await bed.send('medium', envelopeOf(ticket))
    expect(await bed.run('medium')).toEqual({ kind: 'answered', back: 0 })
    const { caseKey = '' } = (await bed.record(ticket.id)) ?? {}
    expect(caseKey).toMatch(new RegExp(`^${ticket.id}-[0-9a-f]{16}$`))
    expect(await readCase(`cases/${caseKey}.json`)).toMatchObject({ id: ticket.id, ticket })
    expect(await bed.object(nameOf(ticket))).toBe(write(ticket))
    expect(bed.trello.cards).toMatchObject([
      { name: ticket.title, desc: expect.stringContaining(`cases/${caseKey}.json`) },
    ])
    expect(bed.journal.count({ source: 'function', kind: 'case.mismatch' })).toBe(1)
    const counts = JSON.stringify(bed.journal.all({ source: 'function', kind: 'metric' }))
    expect(counts).toContain('ticketing_case_mismatches_total')
  })

  test('is reported once: the next attempt knows its own case', async () => {
    const ticket = buildTicket('medium')
    await bed.put(nameOf(ticket), forge(ticket))
    bed.faults.add({ at: 'trello.createCard', kind: '429', times: 1 })
    await bed.send('medium', envelopeOf(ticket))
    await bed.run('medium')
    await bed.clock.advance('1h')
    await bed.run('medium')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered' })
    expect(bed.journal.count({ source: 'function', kind: 'case.mismatch' })).toBe(1)
    expect(await bed.objects('cases/')).toHaveLength(2)
  })
})

async function claimAndWait(ticket: Ticket): Promise<void> {
  bed.faults.add({ at: 'slack.postMessage', kind: '429', times: 1 })
  await bed.send('high', envelopeOf(ticket))
  await bed.run('high')
  expect(await bed.record(ticket.id)).toMatchObject({ state: 'waiting', caseKey: ticket.id })
}

describe('a dead letter that is not what the lane sends of a ticket that was claimed', () => {
  test('with another text ends nothing: it is archived beside the ticket, an admin is notified, and the ticket is delivered', async () => {
    const ticket = buildTicket('high')
    await claimAndWait(ticket)
    await bed.send('dead', envelopeOf({ ...ticket, description: 'Forged.' }), { code: 'slack-404', reason: 'x' })
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    const [key = ''] = await bed.letters()
    expect(key).toMatch(/^collision-[0-9a-f]{16}$/)
    expect(await bed.letter(key)).toMatchObject({ kind: 'collision', cause: { code: 'altered' } })
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
    expect(await bed.redrive(key)).toMatchObject({ kind: 'refused' })
    await bed.clock.advance('1h')
    await bed.run('high')
    expect(bed.slack.messagesIn('tickets')).toMatchObject([{ shown: expect.stringContaining(ticket.description) }])
  })

  test('is not the ticket’s own, which is archived as always', async () => {
    const ticket = buildTicket('high')
    await claimAndWait(ticket)
    await bed.send('dead', envelopeOf(ticket), { code: 'slack-404', reason: 'x' })
    await bed.run('dead')
    expect(await bed.letter(ticket.id)).toMatchObject({ kind: 'ticket', ticket })
  })

  test.each([
    ['of another life', (ticket: Ticket) => ({ ticket, life: 2 })],
    ['of the last life that a number can say', (ticket: Ticket) => ({ ticket, life: 999_999_999 })],
  ])('%s, which no lane sends, ends nothing', async (_, forgeLetter) => {
    const ticket = buildTicket('high')
    await claimAndWait(ticket)
    const { ticket: sent, life } = forgeLetter(ticket)
    await bed.send('dead', envelopeOf(sent), { code: 'slack-404', reason: 'x', life: String(life) })
    await bed.run('dead')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'waiting' })
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
  })
})

async function reportForged(ticket: Ticket): Promise<void> {
  await bed.send('dead', envelopeOf({ ...ticket, title: 'Forged', description: 'Forged.' }), {
    code: 'slack-404',
    reason: 'x',
  })
  expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
  expect(await bed.record(ticket.id)).toMatchObject({ state: 'dead' })
}

async function expectKept(ticket: Ticket): Promise<void> {
  await bed.send('high', envelopeOf(ticket))
  expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
  expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
  const collisions = (await bed.letters()).filter((key) => key.startsWith('collision-'))
  expect(collisions).toHaveLength(1)
  expect(await bed.letter(collisions[0] ?? '')).toMatchObject({ kind: 'collision', ticket })
}

describe('a dead letter with other words, before the ticket itself was claimed', () => {
  test('does not make the ticket a repeat: its own words are archived and an admin is notified', async () => {
    const ticket = buildTicket('high')
    await reportForged(ticket)
    await expectKept(ticket)
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(2)
  })

  test('nor when it was redriven, and delivered, before the ticket came', async () => {
    const ticket = buildTicket('high')
    await reportForged(ticket)
    await bed.redrive(ticket.id)
    await bed.run('high')
    expect(await bed.record(ticket.id)).toMatchObject({ state: 'delivered' })
    await expectKept(ticket)
  })
})
