import { startTestbed, type VirtualTestbed, type VirtualTestbedOptions } from '@ticketing/testbed'
import { readEvent, stateOf, type TicketEvent } from 'ticket-core'
import { describe, expect, it } from 'vitest'
import { acceptedId, caseOf, listKeys } from '../support/bed.ts'

function start(options: Partial<VirtualTestbedOptions> = {}): Promise<VirtualTestbed> {
  return startTestbed({ clock: 'virtual', callbacks: { trello: '/trello' }, sweep: {}, ...options })
}

async function deliver(bed: VirtualTestbed): Promise<string> {
  const sent = { title: 'Report counts twice', priority: 'medium', description: 'October only.' }
  const id = acceptedId(await bed.teams.send(sent))
  await bed.clock.advance('2m')
  return id
}

async function eventsOf(bed: VirtualTestbed, id: string): Promise<readonly TicketEvent[]> {
  return (await caseOf(bed, id)).events.map((event) => {
    const read = readEvent(event)
    if (!read.ok) throw new Error(read.failure)
    return read.value
  })
}

const kindsOf = async (bed: VirtualTestbed, id: string): Promise<readonly string[]> =>
  (await eventsOf(bed, id)).map(({ kind }) => kind)

function eventsQueued(bed: VirtualTestbed): number {
  return bed.journal.count(
    ({ source, kind, ...entry }) =>
      source === 'sqs' && kind === 'message-sent' && JSON.stringify(entry).includes('test-EVQ'),
  )
}

/** Every callback from now on is lost. */
const LOST = { at: 'callback.trello', kind: 'lost' } as const

describe('what Trello did not call back about', () => {
  it('is an event within a minute, once, however often it is swept', async () => {
    await using bed = await start()
    const id = await deliver(bed)
    bed.faults.add(LOST)
    bed.trello.archiveCard(id, { by: 'Grace Example' })
    await bed.clock.advance('90s')
    expect(stateOf(await caseOf(bed, id)).status).toBe('closed')
    await bed.clock.advance('15m')
    expect(await eventsOf(bed, id)).toMatchObject([{ kind: 'closed', by: { via: 'trello', name: 'Grace Example' } }])
    expect(eventsQueued(bed)).toBe(1)
  })

  it('is no second event where it called back', async () => {
    await using bed = await start()
    const id = await deliver(bed)
    bed.trello.comment(id, 'October, 3 times.')
    await bed.clock.advance('15m')
    expect(await kindsOf(bed, id)).toEqual(['commented'])
  })

  it('during an hour in which Trello was away is reconciled, in its order', async () => {
    await using bed = await start()
    const id = await deliver(bed)
    const away = bed.faults.add({ at: 'trello.*', kind: '5xx' })
    const lost = bed.faults.add(LOST)
    bed.trello.moveCard(id, 'Doing', { by: 'Grace Example' })
    await bed.clock.advance('20m')
    bed.trello.comment(id, 'It is the export.')
    await bed.clock.advance('20m')
    bed.trello.archiveCard(id)
    await bed.teams.sendText(`comment ${id} Any news?`)
    await bed.clock.advance('20m')
    expect(await kindsOf(bed, id)).toEqual(['commented'])
    away.remove()
    lost.remove()
    await bed.clock.advance('10m')
    expect((await eventsOf(bed, id)).map(({ kind, by }) => `${kind} in ${by.via}`)).toEqual([
      'commented in teams',
      'moved in trello',
      'commented in trello',
      'closed in trello',
    ])
    expect(stateOf(await caseOf(bed, id))).toMatchObject({ status: 'closed', stage: 'Doing' })
  })

  it('is found also by a server that never lives for a minute', async () => {
    await using bed = await start()
    const id = await deliver(bed)
    bed.faults.add(LOST)
    bed.trello.archiveCard(id, { by: 'Grace Example' })
    for (let life = 0; life < 3; life += 1) {
      bed.replicas[0]?.kill()
      await bed.replicas[0]?.start()
      await bed.clock.advance('30s')
    }
    expect(await kindsOf(bed, id)).toEqual(['closed'])
  })

  it('is one event where three replicas sweep at once', async () => {
    await using bed = await start({ replicas: 3 })
    const id = await deliver(bed)
    bed.faults.add(LOST)
    bed.trello.archiveCard(id)
    await bed.clock.advance('5m')
    expect(await kindsOf(bed, id)).toEqual(['closed'])
  })

  it('is not what our own sync did: a card that was archived because its ticket was closed, reopened meanwhile', async () => {
    await using bed = await start()
    const id = await deliver(bed)
    bed.faults.add(LOST)
    await bed.teams.sendText(`close ${id}`)
    await bed.clock.advance('10s')
    await bed.teams.sendText(`reopen ${id}`)
    await bed.clock.advance('15m')
    expect(await kindsOf(bed, id)).toEqual(['closed', 'reopened'])
    expect(stateOf(await caseOf(bed, id)).status).toBe('open')
  })

  it.each([
    ['the cursor cannot be written', { at: 's3.putObject', kind: '5xx', text: 'sweep/', times: 6 }],
    [
      'the server is killed before the cursor is written',
      { at: 'server', kind: 'killed', when: 'before', call: 's3.putObject', times: 1 },
    ],
    ['the queue does not answer', { at: 'sqs.sendMessageBatch', kind: '5xx', by: 'server', times: 1 }],
    ['the case cannot be read', { at: 's3.getObject', kind: '5xx', by: 'server', text: 'cases/', times: 4 }],
    ['Trello answers only half', { at: 'trello.listActions', kind: 'half-answer', times: 1 }],
  ] as const)('is an event, once, although %s', async (_what, fault) => {
    await using bed = await start()
    const id = await deliver(bed)
    bed.faults.add(LOST)
    bed.trello.archiveCard(id)
    bed.faults.add(fault)
    for (let minute = 0; minute < 15; minute += 1) {
      await bed.clock.advance('1m')
      await bed.replicas[0]?.start()
    }
    expect(await kindsOf(bed, id)).toEqual(['closed'])
  })

  it('is found for a card that no place names, but not for a copy of it', async () => {
    await using bed = await start()
    const sent = { title: 'Report counts twice', priority: 'medium', description: 'October only.' }
    bed.faults.add({ at: 's3.putObject', kind: '5xx', text: 'places/' })
    const id = acceptedId(await bed.teams.send(sent))
    await bed.clock.advance('2m')
    expect(await listKeys(bed, 'places/')).toEqual([])
    bed.faults.add(LOST)
    bed.trello.comment(id, 'Seen.')
    const copy = bed.trello.addCard('A copy', 'To Do')
    bed.trello.describeCard(copy, bed.trello.cards.find(({ desc }) => desc.includes(id))?.desc ?? '')
    bed.trello.comment(copy, 'Not of the ticket.')
    await bed.clock.advance('2m')
    expect(await eventsOf(bed, id)).toMatchObject([{ kind: 'commented', text: 'Seen.' }])
  })

  it('is found after a minute in which the board had more actions than can be read', async () => {
    await using bed = await start()
    const id = await deliver(bed)
    bed.faults.add(LOST)
    const lunch = bed.trello.addCard('Lunch', 'To Do')
    for (let number = 0; number < 10_100; number += 1) bed.trello.comment(lunch, String(number))
    bed.trello.archiveCard(id)
    await bed.clock.advance('4m')
    expect(await kindsOf(bed, id)).toEqual(['closed'])
    expect(bed.journal.count({ source: 'server', kind: 'sweep.passed-over' })).toBeGreaterThan(0)
  })

  it('is not kept back for ever by an action whose ticket cannot be read', async () => {
    await using bed = await start()
    const [damaged, id] = [await deliver(bed), await deliver(bed)]
    bed.faults.add(LOST)
    bed.faults.add({ at: 's3.getObject', kind: '5xx', by: 'server', text: `cases/${damaged}` })
    bed.trello.archiveCard(damaged)
    await bed.clock.advance('2m')
    bed.trello.archiveCard(id)
    await bed.clock.advance('2m')
    expect(await kindsOf(bed, id)).toEqual(['closed'])
    bed.clock.jump('25h')
    await bed.clock.advance('5m')
    expect(bed.journal.count({ source: 'server', kind: 'sweep.passed-over' })).toBe(1)
  })

  it('costs one call of Trello a minute when nothing happens, however many replicas there are', async () => {
    await using bed = await start({ replicas: 3 })
    await deliver(bed)
    const before = bed.journal.count({ source: 'trello', kind: 'call' })
    await bed.clock.advance('10m')
    expect(bed.journal.count({ source: 'trello', kind: 'call' }) - before).toBeLessThanOrEqual(30)
  })
})

describe('tickets that wait for their destination', () => {
  it('are counted in the log, with the age of the oldest one, until they are delivered', async () => {
    await using bed = await start()
    const away = bed.faults.add({ at: 'trello.createCard', kind: '5xx' })
    const sent = { title: 'Report counts twice', priority: 'medium', description: 'October only.' }
    await bed.teams.send(sent)
    await bed.clock.advance('30m')
    await bed.teams.send({ ...sent, title: 'Another one' })
    await bed.teams.send({ ...sent, title: 'Delivered at once', priority: 'low' })
    const backlog = (): unknown =>
      bed.journal.entries.findLast((entry) => entry.source === 'server' && entry.kind === 'backlog')
    await bed.clock.advance('2m')
    expect(backlog()).toMatchObject({
      fields: { line: expect.stringMatching(/"waiting":2,"oldestSeconds":18\d\d,"isWhole":true/) },
    })
    away.remove()
    await bed.clock.advance('3h')
    expect(backlog()).toMatchObject({ fields: { line: expect.stringContaining('"waiting":0,"oldestSeconds":0') } })
  })
})
