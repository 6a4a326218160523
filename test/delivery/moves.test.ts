import { type Case, type Change, type Priority, type Ticket, type Via, forgetWords } from 'ticket-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildEvent, buildTicket, envelopeOf } from '../support/records.ts'

let bed: DeliveryBed
let ticket: Ticket
let events: number

beforeEach(async () => {
  bed = await startDeliveryBed()
  events = 0
})

async function deliver(priority: Priority): Promise<void> {
  ticket = buildTicket(priority)
  await bed.send(priority, envelopeOf(ticket))
  await bed.run(priority)
}

async function addEvent(change: Change, via: Via = 'teams'): Promise<void> {
  events += 1
  await bed.addEvent(buildEvent(ticket, change, { number: events, via }))
}

/** Runs the functions of all lanes until nothing is left in their queues. */
async function runAll(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    for (const lane of ['low', 'medium', 'high'] as const) await bed.run(lane)
    await bed.clock.advance('3m')
  }
}

function comments(): readonly string[] {
  const { actions }: { actions: { type: string; data: { text: string } }[] } = JSON.parse(bed.trello.save())
  return actions.filter(({ type }) => type === 'commentCard').map(({ data }) => data.text)
}

const RAISED: Change = { kind: 'priority-changed', to: 'high' }
const LOWERED: Change = { kind: 'priority-changed', to: 'medium' }
const shown = (): readonly string[] => bed.slack.messagesIn('tickets').map((message) => message.shown)

describe('a new priority', () => {
  test('of a ticket that is taken, or closed, says so at its new destination', async () => {
    await deliver('medium')
    await addEvent({ kind: 'taken' })
    await addEvent({ kind: 'closed', reason: 'solved' })
    await addEvent(RAISED)
    await runAll()
    expect(shown()[0]).toMatch(/Status: closed by Grace Hopper, \d{4}-.+: solved/)
    expect(shown()[0]).toContain('Assignee: Grace Hopper')
  })

  test('delivers the whole ticket at its new destination, with what was said, and closes it with a note at the old', async () => {
    await deliver('medium')
    await addEvent({ kind: 'commented', text: 'Looking.' })
    await addEvent({ kind: 'edited', title: 'New title' })
    await addEvent(RAISED)
    await runAll()
    const [message = '', ...notes] = shown()
    expect(message).toContain('New title')
    expect(message).toContain(ticket.description)
    expect(message).toContain('Priority: high')
    expect(notes).toHaveLength(2)
    expect(notes.join('\n')).toContain('Looking.')
    expect(notes.join('\n')).toContain('Priority changed to high by Grace Hopper in Teams')
    expect(bed.trello.cards).toMatchObject([{ name: 'New title', closed: true }])
    expect(comments().at(-1)).toContain('high goes to the alert channel (Slack).')
    expect(await bed.object(`ledger/high/${ticket.id}.json`)).toContain('"state":"delivered"')
    expect(await bed.object(`ledger/medium/${ticket.id}.json`)).toContain('"state":"delivered"')
  })

  test('and back opens the first card again, and adds only what it does not have', async () => {
    await deliver('medium')
    await addEvent(RAISED)
    await runAll()
    await addEvent({ kind: 'commented', text: 'While in Slack.' })
    await runAll()
    await addEvent(LOWERED)
    await runAll()
    expect(bed.trello.cards).toMatchObject([{ closed: false }])
    expect(comments().filter((text) => text.includes('While in Slack.'))).toHaveLength(1)
    expect(shown()).toHaveLength(4)
  })

  test('keeps the old card in the archive, whoever takes it out, and says there where the ticket is', async () => {
    await deliver('medium')
    await addEvent(RAISED)
    await runAll()
    bed.trello.unarchiveCard(ticket.id)
    await addEvent({ kind: 'unarchived', to: 'high' }, 'trello')
    await runAll()
    expect(bed.trello.cards).toMatchObject([{ closed: true }])
    expect(comments().at(-1)).toContain('the alert channel (Slack) has it now. This card is archived again.')
    expect(shown()).toHaveLength(2)
  })

  test('that was taken back before anything was delivered there brings nothing there', async () => {
    await deliver('medium')
    await addEvent(RAISED)
    await addEvent(LOWERED)
    await runAll()
    expect(shown()).toEqual([])
    expect(bed.trello.cards).toMatchObject([{ closed: false }])
    expect(await bed.letters()).toEqual([])
  })

  test('to low puts the ticket into the bucket', async () => {
    await deliver('medium')
    await addEvent({ kind: 'priority-changed', to: 'low' })
    await runAll()
    expect(await bed.objects('tickets/')).toHaveLength(1)
    expect(bed.trello.cards).toMatchObject([{ closed: true }])
  })

  test('from low makes a card, closed if the ticket was closed meanwhile', async () => {
    await deliver('low')
    await addEvent(LOWERED)
    await addEvent({ kind: 'closed' })
    await runAll()
    expect(bed.trello.cards).toMatchObject([{ name: ticket.title, list: 'Done', dueComplete: true }])
  })

  test('loses nothing while the new destination is down', async () => {
    await deliver('medium')
    const fault = bed.faults.add({ at: 'slack.postMessage', kind: '429' })
    await addEvent(RAISED)
    await runAll()
    expect(shown()).toEqual([])
    expect(bed.trello.cards).toMatchObject([{ closed: true }])
    fault.remove()
    await bed.clock.advance('1h')
    await runAll()
    expect(shown()).toHaveLength(2)
  })

  test('arrives without the words of a reporter who was forgotten while the new destination was down', async () => {
    await deliver('medium')
    const fault = bed.faults.add({ at: 'slack.postMessage', kind: '429' })
    await addEvent(RAISED)
    await runAll()
    const key = `cases/${ticket.id}.json`
    const known: Case = JSON.parse((await bed.object(key)) ?? '')
    await bed.put(key, JSON.stringify({ ...known, ticket: forgetWords(known.ticket) }))
    fault.remove()
    await bed.clock.advance('1h')
    await runAll()
    expect(await bed.letters()).toEqual([])
    expect(shown()).toHaveLength(2)
    expect(shown().join('\n')).not.toContain(ticket.description)
  })

  test('whose delivery is of unknown outcome is sent again, marked as a possible repeat', async () => {
    await deliver('medium')
    bed.faults.add({ at: 'slack.postMessage', kind: 'reset', when: 'after', times: 1 })
    await addEvent(RAISED)
    await runAll()
    expect(shown().filter((text) => text.includes(ticket.description))).toHaveLength(2)
    expect(shown().filter((text) => text.includes('Possible repeat'))).toHaveLength(1)
  })

  test('that the new destination refuses is a dead letter of its own; the next event, or a redrive, tries again', async () => {
    await deliver('medium')
    bed.faults.add({ at: 'slack.postMessage', kind: '4xx', status: 400, times: 1 })
    await addEvent(RAISED)
    await bed.run('high')
    await bed.clock.advance('2s')
    await bed.run('dead')
    const key = `sync-alert-${ticket.id}`
    expect(await bed.letter(key)).toMatchObject({ kind: 'effect', cause: { code: 'slack-400' } })
    expect(await bed.redrive(key)).toMatchObject({ kind: 'redriven', life: 1 })
    await runAll()
    expect(shown().some((text) => text.includes(ticket.description))).toBe(true)
    expect(await bed.effect(key)).toMatchObject({ state: 'delivered' })
  })
})
