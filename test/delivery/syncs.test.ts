import { type Change, type Ticket, type Via, writeEffect } from 'ticket-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildEvent, buildTicket, envelopeOf } from '../support/records.ts'

let bed: DeliveryBed
let ticket: Ticket
let events: number

beforeEach(async () => {
  bed = await startDeliveryBed()
  ticket = buildTicket('medium')
  events = 0
  await bed.send('medium', envelopeOf(ticket))
  await bed.run('medium')
})

/** Each event comes after the one before. */
async function addEvent(change: Change, via: Via = 'teams'): Promise<void> {
  events += 1
  await bed.addEvent(buildEvent(ticket, change, { number: events, via }))
}

const CLOSED: Change = { kind: 'closed', reason: 'Fixed.' }
const DONE = { list: 'Done', dueComplete: true, closed: false }
const OPEN = { list: 'To Do', dueComplete: false, closed: false }
const REOPENED: Change = { kind: 'reopened' }
const name = (): string => `sync-board-${ticket.id}`
const card = (): DeliveryBed['trello']['cards'][number] | undefined => bed.trello.cards[0]
const updates = (): number => bed.journal.count({ source: 'trello', kind: 'card-updated' })

/** Sends one more sync of the card. */
async function sync(): Promise<void> {
  const effect = { kind: 'sync', place: 'board', ticket: ticket.id, source: ticket.source } as const
  await bed.send('medium', writeEffect({ effect, life: 0 }))
}

describe('a card', () => {
  test('is on the list of what is done when its ticket is closed, and back when it is reopened', async () => {
    await addEvent(CLOSED)
    expect(await bed.run('medium')).toEqual({ kind: 'answered', back: 0 })
    expect(card()).toMatchObject(DONE)
    expect(await bed.effect(name())).toMatchObject({ state: 'delivered', synced: 1 })
    await addEvent(REOPENED)
    await bed.run('medium')
    expect(card()).toMatchObject(OPEN)
    expect(await bed.effect(name())).toMatchObject({ state: 'delivered', synced: 2 })
  })

  test.each<[string, (id: string) => void]>([
    ['archived', (id) => bed.trello.archiveCard(id)],
    ['complete', (id) => bed.trello.completeCard(id)],
  ])('that is %s already is left as it is', async (_, close) => {
    close(ticket.id)
    const before = updates()
    await addEvent(CLOSED)
    await bed.run('medium')
    expect(updates()).toBe(before)
    expect(await bed.effect(name())).toMatchObject({ state: 'delivered', synced: 1 })
  })

  test('is marked as not complete when its ticket is reopened', async () => {
    bed.trello.completeCard(ticket.id)
    await addEvent(CLOSED, 'trello')
    await addEvent(REOPENED)
    await bed.run('medium')
    expect(card()).toMatchObject(OPEN)
  })

  test('shows an edit, and later syncs leave what people change on it', async () => {
    await addEvent({ kind: 'edited', title: 'New title', description: 'New text.' })
    await bed.run('medium')
    expect(card()).toMatchObject({ name: 'New title', desc: expect.stringMatching(/^New text\.\n\n/) })
    bed.trello.renameCard(ticket.id, 'Renamed in Trello')
    await addEvent(CLOSED)
    await bed.run('medium')
    expect(card()).toMatchObject({ name: 'Renamed in Trello', ...DONE })
  })

  test('that was deleted is closed enough; one that is reopened cannot be shown', async () => {
    bed.trello.deleteCard(ticket.id)
    await addEvent(CLOSED, 'trello')
    await bed.run('medium')
    expect(await bed.effect(name())).toMatchObject({ state: 'delivered', synced: 1 })
    await addEvent(REOPENED, 'trello')
    await bed.run('medium')
    expect(await bed.effect(name())).toMatchObject({ state: 'dead', failure: { code: 'trello-card-gone' } })
  })
})

describe('a sync', () => {
  test('shows the state as it is when it runs, not the event that caused it', async () => {
    await addEvent(CLOSED)
    await addEvent(REOPENED)
    await bed.run('medium')
    expect(card()).toMatchObject(OPEN)
    expect(updates()).toBe(0)
    expect(await bed.effect(name())).toMatchObject({ synced: 2 })
  })

  test('repeated without a newer event asks Trello nothing', async () => {
    await addEvent(CLOSED)
    await bed.run('medium')
    const asked = bed.journal.count({ source: 'trello', kind: 'call' })
    await sync()
    expect(await bed.run('medium')).toEqual({ kind: 'answered', back: 0 })
    expect(bed.journal.count({ source: 'trello', kind: 'call' })).toBe(asked)
  })

  test('undoes what an older sync did after a person: closed in Trello, taken back by us, closed again', async () => {
    // The person's archiving is not in the case yet when a sync for something else runs.
    bed.trello.archiveCard(ticket.id)
    await addEvent({ kind: 'edited', title: 'New title' })
    await bed.run('medium')
    expect(card()).toMatchObject(OPEN)
    await addEvent(CLOSED, 'trello')
    await bed.run('medium')
    expect(card()).toMatchObject(DONE)
  })

  test('of which the outcome is not known runs again', async () => {
    await addEvent(CLOSED)
    bed.faults.add({ at: 'trello.updateCard', kind: 'reset', when: 'before', times: 1 })
    await bed.run('medium')
    expect(await bed.effect(name())).toMatchObject({ state: 'waiting', suspect: true, syncing: 1 })
    await bed.clock.advance('62s')
    await bed.run('medium')
    expect(card()).toMatchObject(DONE)
    await addEvent(REOPENED)
    await bed.run('medium')
    const record = await bed.effect(name())
    expect(record).toMatchObject({ state: 'delivered', synced: 2 })
    expect(record).not.toHaveProperty('suspect')
    expect(record).not.toHaveProperty('firstFailureAt')
  })

  test('that was given up runs again after a newer event, in its next life', async () => {
    bed.faults.add({ at: 'trello.getCard', kind: '4xx', status: 400, times: 1 })
    await addEvent(CLOSED)
    await bed.run('medium')
    expect(await bed.effect(name())).toMatchObject({ state: 'dead', life: 0, syncing: 1 })
    await bed.clock.advance('2s')
    await bed.run('dead')
    expect(await bed.letter(name())).toMatchObject({ kind: 'effect', life: 0 })
    await sync()
    await bed.run('medium')
    expect(card()).toMatchObject(OPEN)
    await addEvent({ kind: 'edited', title: 'New title' })
    await bed.run('medium')
    expect(card()).toMatchObject({ ...DONE, name: 'New title' })
    expect(await bed.effect(name())).toMatchObject({ state: 'delivered', life: 1, synced: 2 })
    expect(await bed.redrive(name())).toMatchObject({ kind: 'refused', code: 'delivered' })
  })

  test('whose function is killed in the middle runs again', async () => {
    await addEvent(CLOSED)
    bed.faults.add({ at: 'function.medium', kind: 'killed', when: 'before', call: 'trello.updateCard', times: 1 })
    expect((await bed.run('medium')).kind).toBe('ended-early')
    await bed.clock.advance('181s')
    await bed.run('medium')
    expect(card()).toMatchObject(DONE)
    expect(await bed.effect(name())).toMatchObject({ state: 'delivered', synced: 1 })
  })
})
