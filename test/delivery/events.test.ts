import { type Change, type Ticket, type TicketEvent, newCase, stateOf, writeEvent } from 'ticket-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildEvent, buildTicket, envelopeOf } from '../support/records.ts'

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

const REPORTER = { name: 'Ada Lovelace', aadObjectId: 'aad-ada' }

/** A ticket that was delivered, with its case. */
async function deliver(change: Partial<Ticket> = {}): Promise<Ticket> {
  const ticket = { ...buildTicket('medium'), teamId: '19:team', reporter: REPORTER, ...change }
  await bed.send('medium', envelopeOf(ticket))
  expect(await bed.run('medium')).toEqual({ kind: 'answered', back: 0 })
  return ticket
}

async function send(event: TicketEvent, attributes?: Readonly<Record<string, string>>): Promise<void> {
  const body = writeEvent(event)
  if (!body.ok) throw new Error('the event is too large')
  await bed.send('events', body.value, attributes)
}

/** Sends an event and lets the function take it. */
async function apply(event: TicketEvent): ReturnType<DeliveryBed['run']> {
  await send(event)
  return bed.run('events')
}

async function stateIn({ id }: Ticket): Promise<ReturnType<typeof stateOf>> {
  const stored = await bed.cases.read(id)
  if (stored.kind !== 'found') throw new Error(`there is no case of ${id}`)
  return stateOf(stored.item)
}

/** The lists of the index that hold the ticket: `open/0`, `person`, … */
async function listsOf({ id }: Ticket): Promise<string[]> {
  const keys = (await bed.objects('index/')).filter((key) => key.includes(id))
  return keys.map((key) => key.split('/').toSpliced(0, 1).toSpliced(1, 1).slice(0, -1).join('/'))
}

describe('an event', () => {
  test('is added to the case of its ticket', async () => {
    const ticket = await deliver()
    expect(await apply(buildEvent(ticket, { kind: 'taken' }))).toEqual({ kind: 'answered', back: 0 })
    expect(await stateIn(ticket)).toMatchObject({ status: 'in-progress', assignee: { name: 'Grace Hopper' } })
    expect(await bed.run('events')).toEqual({ kind: 'idle', back: 0 })
  })

  test('that comes twice is in the case once', async () => {
    const ticket = await deliver()
    const comment = buildEvent(ticket, { kind: 'commented', text: 'Looking.' })
    await send(comment)
    expect(await apply(comment)).toEqual({ kind: 'answered', back: 0 })
    expect((await stateIn(ticket)).comments).toHaveLength(1)
    expect(bed.journal.count({ source: 'function', kind: 'event.repeated' })).toBe(1)
  })

  test('is added beside events that this version does not know', async () => {
    const ticket = { ...buildTicket('medium'), teamId: '19:team' }
    const unknown = { v: 1, id: 'page:1', kind: 'merged', into: 'T-00000-00000' }
    await bed.put(`cases/${ticket.id}.json`, JSON.stringify({ ...newCase(ticket, 'n'), events: [unknown] }))
    await apply(buildEvent(ticket, { kind: 'closed' }))
    const stored = await bed.cases.read(ticket.id)
    expect(stored).toMatchObject({ item: { events: [unknown, { kind: 'closed' }] } })
  })

  test('before its ticket’s case waits, and is added when the case is there', async () => {
    const ticket = buildTicket('medium')
    expect(await apply(buildEvent(ticket, { kind: 'closed' }))).toEqual({ kind: 'answered', back: 1 })
    expect(await bed.run('events')).toEqual({ kind: 'idle', back: 0 })
    await deliver({ teamId: '19:team' })
    await bed.clock.advance('21s')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    expect(await stateIn(ticket)).toMatchObject({ status: 'closed' })
  })

  test('meets a conflict, and is added to what the other writer wrote', async () => {
    const ticket = await deliver()
    await send(buildEvent(ticket, { kind: 'taken' }, { number: 1 }))
    await send(buildEvent(ticket, { kind: 'commented', text: 'Mine.' }, { number: 2 }))
    bed.faults.add({ at: 's3.putObject', kind: 'conflict', text: `cases/${ticket.id}`, times: 1 })
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    expect((await stateIn(ticket)).history).toHaveLength(2)
  })

  test('is recognised after a lost answer, and not added again', async () => {
    const ticket = await deliver()
    bed.faults.add({ at: 's3.putObject', kind: 'reset', when: 'after', text: `cases/${ticket.id}`, times: 1 })
    expect(await apply(buildEvent(ticket, { kind: 'closed' }))).toEqual({ kind: 'answered', back: 0 })
    const stored = await bed.cases.read(ticket.id)
    expect(stored).toMatchObject({ item: { events: [{ kind: 'closed' }] } })
  })

  test('of a batch that fails keeps no other one back', async () => {
    const ticket = await deliver()
    await send(buildEvent(buildTicket('medium', 2), { kind: 'closed' }))
    await send(buildEvent(ticket, { kind: 'closed' }))
    await bed.send('events', 'not JSON')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 1 })
    expect(await stateIn(ticket)).toMatchObject({ status: 'closed' })
  })

  test('stays in its queue while S3 does not answer, however long that takes', async () => {
    const ticket = await deliver()
    const outage = bed.faults.add({ at: 's3.*', kind: '5xx', by: 'function.events' })
    await send(buildEvent(ticket, { kind: 'closed' }))
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 1 })
    await bed.clock.advance('25h')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 1 })
    outage.remove()
    await bed.clock.advance('16m')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    expect(await stateIn(ticket)).toMatchObject({ status: 'closed' })
  })
})

describe('the lists that a ticket is in', () => {
  test('are there before its case, and follow what happens to it', async () => {
    const ticket = await deliver()
    const steps: readonly (readonly [Change, readonly string[]])[] = [
      [{ kind: 'acknowledged' }, ['open/1', 'person', 'unassigned/1']],
      [{ kind: 'taken' }, ['open/1', 'person', 'person']],
      [{ kind: 'priority-changed', to: 'high' }, ['open/0', 'person', 'person']],
      [{ kind: 'released' }, ['open/0', 'person', 'unassigned/0']],
      [{ kind: 'commented', text: 'Found it.' }, ['open/0', 'person', 'unassigned/0']],
      [{ kind: 'closed' }, ['closed']],
      [{ kind: 'reopened' }, ['open/0', 'person', 'unassigned/0']],
      [{ kind: 'withdrawn' }, ['closed']],
    ]
    expect((await listsOf(ticket)).map((list) => list.replace(/(person)\/.*/, '$1'))).toEqual(steps[0]?.[1])
    for (const [at, [change, lists]] of steps.entries()) {
      expect(await apply(buildEvent(ticket, change, { number: at + 1 }))).toEqual({ kind: 'answered', back: 0 })
      expect((await listsOf(ticket)).map((list) => list.replace(/(person)\/.*/, '$1'))).toEqual(lists)
    }
  })

  test('are empty objects, and their keys name no person', async () => {
    const ticket = await deliver()
    await apply(buildEvent(ticket, { kind: 'taken' }))
    const keys = await bed.objects('index/')
    expect(keys.length).toBeGreaterThan(1)
    for (const key of keys) expect(await bed.object(key)).toBe('')
    expect(keys.join()).not.toMatch(/ada|grace|team/i)
  })

  test('cost nothing where an event changes none of them: the case is written, and nothing else', async () => {
    const ticket = await deliver()
    await apply(buildEvent(ticket, { kind: 'commented', text: 'Looking.' }, { number: 1 }))
    const before = bed.journal.count({ source: 's3', kind: 'object-put' })
    await apply(buildEvent(ticket, { kind: 'commented', text: 'Found it.' }, { number: 2 }))
    const puts = bed.journal.all({ source: 's3', kind: 'object-put' }).slice(before)
    expect(puts.map(({ detail }) => detail['key'])).toEqual([`cases/${ticket.id}.json`])
  })

  test('are right again after a marker could not be put: the event is added later', async () => {
    const ticket = await deliver()
    bed.faults.add({ at: 's3.putObject', kind: '5xx', text: 'index/closed/', times: 30 })
    expect(await apply(buildEvent(ticket, { kind: 'closed' }))).toEqual({ kind: 'answered', back: 1 })
    expect(await stateIn(ticket)).toMatchObject({ status: 'open' })
    bed.faults.clear()
    await bed.clock.advance('21s')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    expect(await listsOf(ticket)).toEqual(['closed'])
  })

  test('are right again after markers could not be removed', async () => {
    const ticket = await deliver()
    bed.faults.add({ at: 's3.deleteObject', kind: '5xx', times: 30 })
    expect(await apply(buildEvent(ticket, { kind: 'closed' }))).toEqual({ kind: 'answered', back: 1 })
    expect(await stateIn(ticket)).toMatchObject({ status: 'closed' })
    bed.faults.clear()
    await bed.clock.advance('21s')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    expect(await listsOf(ticket)).toEqual(['closed'])
  })

  test('are derived again where line 2 finds the case: its ticket was closed before the claim', async () => {
    const ticket = { ...buildTicket('low'), teamId: '19:team' }
    await bed.send('low', envelopeOf(ticket))
    bed.faults.add({
      at: 'function.low',
      kind: 'killed',
      when: 'after',
      call: 's3.putObject',
      text: 'cases/',
      times: 1,
    })
    expect(await bed.run('low')).toMatchObject({ kind: 'ended-early' })
    await apply(buildEvent(ticket, { kind: 'closed' }))
    await bed.clock.advance('181s')
    expect(await bed.run('low')).toEqual({ kind: 'answered', back: 0 })
    expect(await listsOf(ticket)).toEqual(['closed'])
  })
})

/** The only letter, after the report function has taken it. */
async function onlyLetter(): Promise<Awaited<ReturnType<DeliveryBed['letter']>>> {
  expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
  const [key = '', ...more] = await bed.letters()
  expect(more).toEqual([])
  return bed.letter(key)
}

/** Lets an event without a case become a dead letter; gives its key. */
async function die(event: TicketEvent): Promise<string> {
  await apply(event)
  await bed.clock.advance('24h')
  await bed.run('events')
  return (await onlyLetter())?.key ?? ''
}

describe('an event that can never be added becomes a dead letter', () => {
  test('after the give-up age without a case', async () => {
    const event = buildEvent(buildTicket('medium'), { kind: 'closed' })
    expect(await apply(event)).toEqual({ kind: 'answered', back: 1 })
    await bed.clock.advance('24h')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    expect(await onlyLetter()).toMatchObject({
      key: expect.stringMatching(/^event-[0-9a-f]{16}$/),
      kind: 'event',
      event,
      cause: { code: 'no-case' },
      mayBeDelivered: false,
    })
    const [notice] = bed.slack.messagesIn('ticket-admins')
    expect(notice?.shown).toContain(`closed ${event.ticket}, by Grace Hopper (teams)`)
    expect(notice?.shown).toContain('dead-letters redrive event-')
  })

  test('when its case is damaged, after the same age', async () => {
    const ticket = buildTicket('medium')
    await bed.put(`cases/${ticket.id}.json`, 'not JSON')
    expect(await apply(buildEvent(ticket, { kind: 'closed' }))).toEqual({ kind: 'answered', back: 1 })
    await bed.clock.advance('24h')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    expect(await onlyLetter()).toMatchObject({ kind: 'event', cause: { code: 'case-damaged' } })
    expect(await bed.object(`cases/${ticket.id}.json`)).toBe('not JSON')
  })

  test('when the case under its id is another ticket’s', async () => {
    const ticket = await deliver()
    const event = { ...buildEvent(ticket, { kind: 'closed' }), source: 'f'.repeat(64) }
    expect(await apply(event)).toEqual({ kind: 'answered', back: 0 })
    expect(await stateIn(ticket)).toMatchObject({ status: 'open' })
    expect(await onlyLetter()).toMatchObject({ kind: 'event', cause: { code: 'collision' } })
  })

  test('when it brings a text for which its case has no room; the ticket can be closed all the same', async () => {
    const ticket = { ...buildTicket('medium'), teamId: '19:team' }
    const text = 'A long comment. '.repeat(124_990)
    const events = [1, 2].map((number) => buildEvent(ticket, { kind: 'commented', text }, { number }))
    await bed.put(`cases/${ticket.id}.json`, JSON.stringify({ ...newCase(ticket, 'n'), events }))
    const comment = { kind: 'commented', text: 'One more. '.repeat(50) } as const
    expect(await apply(buildEvent(ticket, comment, { number: 3 }))).toEqual({ kind: 'answered', back: 0 })
    expect(await apply(buildEvent(ticket, { kind: 'closed' }, { number: 4 }))).toEqual({ kind: 'answered', back: 0 })
    expect(await stateIn(ticket)).toMatchObject({ status: 'closed', comments: [{}, {}] })
    expect(await onlyLetter()).toMatchObject({ kind: 'event', cause: { code: 'case-full' } })
  })

  test.each([
    ['what is not JSON', 'not JSON'],
    [
      'an event of a kind that is not known',
      JSON.stringify({ ...buildEvent(buildTicket('low'), { kind: 'closed' }), kind: 'merged' }),
    ],
    ['a ticket', envelopeOf(buildTicket('low'))],
  ])('when it is unreadable: %s', async (_, body) => {
    await bed.send('events', body)
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    expect(await onlyLetter()).toMatchObject({ message: { body }, cause: { code: 'unreadable' } })
  })

  test('and goes back when the dead-letter queue does not confirm it', async () => {
    bed.faults.add({ at: 'sqs.sendMessageBatch', kind: '5xx', times: 20 })
    await bed.send('events', 'not JSON')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 1 })
    bed.faults.clear()
    await bed.clock.advance('21s')
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    expect(await onlyLetter()).toMatchObject({ kind: 'unreadable' })
  })

  test('and is redriven to its queue: added when its case is there', async () => {
    const event = buildEvent(buildTicket('medium'), { kind: 'closed' })
    const key = await die(event)
    await deliver({ teamId: '19:team' })
    expect(await bed.redrive(key)).toMatchObject({ kind: 'redriven', life: 1, marked: true })
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 0 })
    expect(await stateIn(buildTicket('medium'))).toMatchObject({ status: 'closed' })
    expect(await bed.redrive(key)).toMatchObject({ kind: 'refused', code: 'redriven-already' })
  })

  test('again, after a redrive that did not help: another life, with its history and a notice', async () => {
    const key = await die(buildEvent(buildTicket('medium'), { kind: 'closed' }))
    expect(await bed.redrive(key)).toMatchObject({ kind: 'redriven', life: 1 })
    expect(await bed.run('events')).toEqual({ kind: 'answered', back: 1 })
    await bed.clock.advance('24h')
    await bed.run('events')
    expect(await onlyLetter()).toMatchObject({ key, life: 1, cause: { code: 'no-case' }, history: [{ life: 0 }] })
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(2)
  })

  test('and is closed by an operator, with a reason', async () => {
    const key = await die(buildEvent(buildTicket('medium'), { kind: 'closed' }))
    expect(await bed.closeLetter(key, 'the ticket was a test')).toEqual({ kind: 'closed' })
    expect(await bed.redrive(key)).toMatchObject({ kind: 'refused', code: 'closed' })
  })
})
