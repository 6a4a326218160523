import { PRIORITIES, type Ticket } from 'ticket-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Line, startLine } from './line.ts'
import { buildTicket, envelopeOf } from './messages.ts'

let line: Line
beforeEach(async () => {
  line = await startLine()
})
afterEach(() => line.close())

const LONG: Partial<Ticket> = {
  description: 'A line of the description.\n'.repeat(1500),
  steps: 'A step.\n'.repeat(3000),
  reporter: { name: 'Ada Lovelace' },
}

function nameOf({ id }: Ticket): string {
  return `cases/${id}.json`
}

async function readCase(key: string): Promise<{ id: string; source: string; ticket: Ticket; events: unknown[] }> {
  return JSON.parse((await line.object(key)) ?? 'null')
}

const isCaseWrite = ({ name }: { name: string }): boolean => name.startsWith('s3 PUT cases/')

describe('the case of a ticket', () => {
  test.each(PRIORITIES)('of priority %s holds it whole and uncut', async (priority) => {
    const ticket = { ...buildTicket(priority), ...LONG }
    await line.send(priority, envelopeOf(ticket))
    await line.run(priority)
    expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered', caseKey: ticket.id })
    expect(await readCase(nameOf(ticket))).toMatchObject({ v: 1, source: ticket.source, ticket, events: [] })
  })

  test('is there before the vendor is called, and while its ticket waits for a vendor that is down', async () => {
    const ticket = buildTicket('medium')
    line.faults.add({ at: 'trello.createCard', kind: '5xx', times: 1 })
    await line.send('medium', envelopeOf(ticket))
    await line.run('medium')
    expect(await line.record(ticket.id)).toMatchObject({ state: 'waiting' })
    expect(await readCase(nameOf(ticket))).toMatchObject({ ticket })
  })

  test('is written once, however often its ticket is tried', async () => {
    const ticket = buildTicket('medium')
    line.faults.add({ at: 'trello.createCard', kind: '429', times: 2 })
    await line.send('medium', envelopeOf(ticket))
    const writes: string[] = []
    for (let tries = 0; tries < 3; tries += 1) {
      await line.run('medium', {
        aws: (call) => {
          if (isCaseWrite(call)) writes.push(call.name)
          return 'passes'
        },
      })
      await line.clock.advance('1h')
    }
    expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered' })
    expect(writes).toHaveLength(1)
  })

  test.each(['killed-before', 'killed-after'] as const)(
    'survives that the function is %s its writing',
    async (fate) => {
      const ticket = buildTicket('high')
      await line.send('high', envelopeOf(ticket))
      await line.run('high', { aws: (call) => (isCaseWrite(call) ? fate : 'passes') })
      expect(line.slack.messages).toEqual([])
      await line.clock.advance('181s')
      expect(await line.run('high')).toEqual({ kind: 'answered', back: [] })
      expect(await readCase(nameOf(ticket))).toMatchObject({ ticket })
      // No claim was taken: the vendor was not called, so there is no doubt.
      expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered', attempts: { count: 1 } })
      expect(line.slack.messages).toHaveLength(1)
    },
  )

  test('is recognised after a lost answer', async () => {
    const ticket = buildTicket('high')
    await line.send('high', envelopeOf(ticket))
    let isLost = false
    expect(
      await line.run('high', {
        aws: (call) => {
          if (isLost || !isCaseWrite(call)) return 'passes'
          isLost = true
          return 'lost-after'
        },
      }),
    ).toEqual({ kind: 'answered', back: [] })
    expect(isLost).toBe(true)
    expect(line.logged.join('')).not.toContain('case.mismatch')
    expect(line.slack.messages).toHaveLength(1)
  })

  test('that cannot be written stops the delivery: nothing is delivered that is not kept', async () => {
    const ticket = buildTicket('high')
    await line.send('high', envelopeOf(ticket))
    const restore = line.breakCloud(async (call, { Key }) => {
      if (call.operation !== 'PutObject' || !String(Key).startsWith('cases/')) return undefined
      throw Object.assign(new Error('down'), { name: 'InternalError' })
    })
    expect(await line.run('high')).toMatchObject({ kind: 'answered', back: [expect.any(String)] })
    expect(line.slack.messages).toEqual([])
    expect(line.logged.join('')).toContain('case.unavailable')
    restore()
    await line.clock.advance('181s')
    await line.run('high')
    expect(line.slack.messages).toHaveLength(1)
  })
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
    await line.put(nameOf(ticket), write(ticket))
    await line.send('medium', envelopeOf(ticket))
    expect(await line.run('medium')).toEqual({ kind: 'answered', back: [] })
    const { caseKey = '' } = (await line.record(ticket.id)) ?? {}
    expect(caseKey).toMatch(new RegExp(`^${ticket.id}-[0-9a-f]{16}$`))
    expect(await readCase(`cases/${caseKey}.json`)).toMatchObject({ id: ticket.id, ticket })
    expect(await line.object(nameOf(ticket))).toBe(write(ticket))
    expect(line.trello.cards).toMatchObject([
      { name: ticket.title, desc: expect.stringContaining(`cases/${caseKey}.json`) },
    ])
    expect(line.logged.join('')).toContain('case.mismatch')
    expect(line.logged.join('')).toContain('ticketing_case_mismatches_total')
  })

  test('is reported once: the next attempt knows its own case', async () => {
    const ticket = buildTicket('medium')
    await line.put(nameOf(ticket), forge(ticket))
    line.faults.add({ at: 'trello.createCard', kind: '429', times: 1 })
    await line.send('medium', envelopeOf(ticket))
    await line.run('medium')
    await line.clock.advance('1h')
    await line.run('medium')
    expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered' })
    expect(line.logged.filter((one) => one.includes('"case.mismatch"'))).toHaveLength(1)
    expect(await line.objects('cases/')).toHaveLength(2)
  })
})

async function claimAndWait(ticket: Ticket): Promise<void> {
  line.faults.add({ at: 'slack.postMessage', kind: '429', times: 1 })
  await line.send('high', envelopeOf(ticket))
  await line.run('high')
  expect(await line.record(ticket.id)).toMatchObject({ state: 'waiting', caseKey: ticket.id })
}

describe('a dead letter that is not what the lane sends of a ticket that was claimed', () => {
  test('with another text ends nothing: it is archived beside the ticket, an admin is notified, and the ticket is delivered', async () => {
    const ticket = buildTicket('high')
    await claimAndWait(ticket)
    await line.send('dead', envelopeOf({ ...ticket, description: 'Forged.' }), { code: 'slack-404', reason: 'x' })
    expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
    const [archived = ''] = await line.objects('dead-letters/')
    expect(archived).toMatch(/^dead-letters\/collision-[0-9a-f]{16}\.json$/)
    const key = archived.slice('dead-letters/'.length, -'.json'.length)
    expect(await line.letter(key)).toMatchObject({ kind: 'collision', cause: { code: 'altered' } })
    expect(line.slack.messagesIn('admins')).toHaveLength(1)
    expect(await line.redrive(key)).toMatchObject({ kind: 'refused' })
    await line.clock.advance('1h')
    await line.run('high')
    expect(line.slack.messagesIn('tickets')).toMatchObject([{ shown: expect.stringContaining(ticket.description) }])
  })

  test('is not the ticket’s own, which is archived as always', async () => {
    const ticket = buildTicket('high')
    await claimAndWait(ticket)
    await line.send('dead', envelopeOf(ticket), { code: 'slack-404', reason: 'x' })
    await line.run('dead')
    expect(await line.letter(ticket.id)).toMatchObject({ kind: 'ticket', ticket })
  })

  test.each([
    ['of another life', (ticket: Ticket) => ({ ticket, life: 2 })],
    ['of the last life that a number can say', (ticket: Ticket) => ({ ticket, life: 999_999_999 })],
  ])('%s, which no lane sends, ends nothing', async (_, forgeLetter) => {
    const ticket = buildTicket('high')
    await claimAndWait(ticket)
    const { ticket: sent, life } = forgeLetter(ticket)
    await line.send('dead', envelopeOf(sent), { code: 'slack-404', reason: 'x', life: String(life) })
    await line.run('dead')
    expect(await line.record(ticket.id)).toMatchObject({ state: 'waiting' })
    expect(line.slack.messagesIn('admins')).toHaveLength(1)
  })
})

async function reportForged(ticket: Ticket): Promise<void> {
  await line.send('dead', envelopeOf({ ...ticket, title: 'Forged', description: 'Forged.' }), {
    code: 'slack-404',
    reason: 'x',
  })
  expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
  expect(await line.record(ticket.id)).toMatchObject({ state: 'dead' })
}

async function expectKept(ticket: Ticket): Promise<void> {
  await line.send('high', envelopeOf(ticket))
  expect(await line.run('high')).toEqual({ kind: 'answered', back: [] })
  expect(await line.run('dead')).toEqual({ kind: 'answered', back: [] })
  const keys = (await line.objects('dead-letters/')).map((name) => name.slice('dead-letters/'.length, -'.json'.length))
  const collisions = keys.filter((key) => key.startsWith('collision-'))
  expect(collisions).toHaveLength(1)
  expect(await line.letter(collisions[0] ?? '')).toMatchObject({ kind: 'collision', ticket })
}

describe('a dead letter with other words, before the ticket itself was claimed', () => {
  test('does not make the ticket a repeat: its own words are archived and an admin is notified', async () => {
    const ticket = buildTicket('high')
    await reportForged(ticket)
    await expectKept(ticket)
    expect(line.slack.messagesIn('admins')).toHaveLength(2)
  })

  test('nor when it was redriven, and delivered, before the ticket came', async () => {
    const ticket = buildTicket('high')
    await reportForged(ticket)
    await line.redrive(ticket.id)
    await line.run('high')
    expect(await line.record(ticket.id)).toMatchObject({ state: 'delivered' })
    await expectKept(ticket)
  })
})
