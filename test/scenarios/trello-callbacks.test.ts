import { type Testbed } from '@ticketing/testbed'
import { readEvent, type TicketEvent } from 'ticket-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, caseOf, eventually, recordOf, startBed, untilState } from '../support/bed.ts'

describe('what people do with a card', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed({ callbacks: { trello: '/trello' } })
  })
  afterAll(() => bed.stop())

  async function deliver(title: string): Promise<string> {
    const id = acceptedId(await bed.teams.send({ title, priority: 'medium', description: 'As in Trello.' }))
    await recordOf(bed, id, 'delivered')
    return id
  }

  async function events(id: string): Promise<readonly TicketEvent[]> {
    return (await caseOf(bed, id)).events.map((event) => {
      const read = readEvent(event)
      if (!read.ok) throw new Error(read.failure)
      return read.value
    })
  }

  /** Waits until our own change of the card, after the last event, is done: a person who completes a card sees it open. */
  async function synced(id: string): Promise<void> {
    const { length } = (await caseOf(bed, id)).events
    await eventually(bed, async () =>
      expect(await bed.ledger.read(`sync-board-${id}`)).toMatchObject({ item: { state: 'delivered', synced: length } }),
    )
  }

  const saved = (): { labels: { id: string; idBoard: string; name: string; color: null }[] } =>
    JSON.parse(bed.trello.save())

  /** As its people make one: the board has labels without names only. */
  function addLabel(name: string, id: string): void {
    const { labels, ...rest } = saved()
    labels.push({ id, idBoard: bed.trello.boardId, name, color: null })
    bed.trello.restore(JSON.stringify({ ...rest, labels }))
  }

  it('is the ticket’s life: moved, taken, commented, done, reopened, closed', async () => {
    const id = await deliver('Report counts twice')
    bed.trello.moveCard(id, 'Doing', { by: 'Grace Example' })
    await untilState(bed, id, { status: 'acknowledged', stage: 'Doing' })
    bed.trello.joinCard(id, { by: 'Grace Example' })
    await untilState(bed, id, {
      status: 'in-progress',
      assignee: expect.objectContaining({ via: 'trello', name: 'Grace Example' }),
    })
    bed.trello.comment(id, 'October only.', { by: 'Grace Example' })
    await untilState(bed, id, { comments: [expect.objectContaining({ text: 'October only.' })] })
    bed.trello.moveCard(id, 'Done', { by: 'Grace Example' })
    await untilState(bed, id, { status: 'closed', stage: 'Done' })
    await synced(id)
    bed.trello.moveCard(id, 'Doing')
    await untilState(bed, id, { status: 'in-progress', stage: 'Doing' })
    await synced(id)
    bed.trello.leaveCard(id, { by: 'Grace Example' })
    await untilState(bed, id, { status: 'acknowledged', assignee: undefined })
    bed.trello.completeCard(id)
    const { history } = await untilState(bed, id, { status: 'closed' })
    expect(history.every(({ by }) => by.via === 'trello')).toBe(true)
  })

  it('is nothing for a ticket where it says nothing of it: a name, a date, a check list, a card that is not a ticket', async () => {
    const id = await deliver('Nothing of it')
    bed.trello.renameCard(id, '[blocked] Nothing of it')
    bed.trello.setDue(id, '2026-12-24T12:00:00.000Z')
    bed.trello.tickItem(id, 'called them')
    bed.trello.archiveCard(bed.trello.addCard('Lunch', 'To Do'))
    bed.trello.comment(id, 'The last one.')
    await untilState(bed, id, {
      status: 'open',
      title: 'Nothing of it',
      comments: [expect.objectContaining({ text: 'The last one.' })],
    })
    expect(await events(id)).toHaveLength(1)
  })

  it('is not what our own calls did: a card that was just made is no news', async () => {
    const id = await deliver('Made by us')
    bed.trello.comment(id, 'A person.')
    await untilState(bed, id, { comments: [expect.anything()] })
    expect(await events(id)).toMatchObject([{ kind: 'commented', by: { name: 'Ada Example' } }])
  })

  it('is not what our own calls did: a card that moved because its ticket was closed in Teams, and back', async () => {
    const id = await deliver('Closed in Teams')
    const listOf = (): string | undefined => bed.trello.cards.find(({ desc }) => desc.includes(id))?.list
    await bed.teams.sendText(`close ${id}`)
    await eventually(bed, () => expect(listOf()).toBe('Done'))
    await bed.teams.sendText(`reopen ${id}`)
    await eventually(bed, () => expect(listOf()).toBe('To Do'))
    bed.trello.comment(id, 'A person.')
    await untilState(bed, id, { status: 'open', comments: [expect.anything()] })
    expect((await events(id)).map(({ kind, by }) => `${kind} in ${by.via}`).toSorted()).toEqual([
      'closed in teams',
      'commented in trello',
      'reopened in teams',
    ])
  })

  it('counts once when its callback comes twice, and in its own order when they overtake each other', async () => {
    const id = await deliver('Twice and late')
    bed.faults.add({ at: 'callback.trello', kind: 'duplicate', times: 1, text: 'twice' })
    bed.trello.comment(id, 'twice')
    await untilState(bed, id, { comments: [expect.objectContaining({ text: 'twice' })] })
    bed.faults.add({ at: 'callback.trello', kind: 'reordered', times: 1, ticket: id })
    bed.trello.archiveCard(id)
    await eventually(bed, () => expect(bed.trello.cards.find(({ desc }) => desc.includes(id))?.closed).toBe(true))
    bed.trello.unarchiveCard(id)
    await eventually(bed, async () => expect(await events(id)).toHaveLength(3))
    expect((await events(id)).map(({ kind }) => kind).toSorted()).toEqual(['closed', 'commented', 'reopened'])
    await untilState(bed, id, { status: 'open', comments: [expect.anything()] })
  })

  it('is archived again, and says where the ticket is, when it is taken out of the archive after the ticket left', async () => {
    const id = await deliver('Moved away')
    await bed.teams.sendText(`priority ${id} high`)
    const card = () => bed.trello.cards.find(({ desc }) => desc.includes(id))
    await eventually(bed, () => expect(card()).toMatchObject({ closed: true, comments: 1 }))
    await synced(id)
    bed.trello.unarchiveCard(id, { by: 'Grace Example' })
    await eventually(bed, () => expect(card()).toMatchObject({ closed: true, comments: 2 }))
    expect(bed.trello.save()).toContain('the alert channel (Slack) has it now. This card is archived again.')
    const { history: _history, ...after } = await untilState(bed, id, { priority: 'high', status: 'open' })
    expect(after).not.toHaveProperty('stage')
    expect(await events(id)).toMatchObject([{ kind: 'priority-changed' }, { kind: 'unarchived', to: 'high' }])
  })

  it('shows who has the ticket, and the label of its priority where the board has one', async () => {
    addLabel('Medium', '6955b9001768c21fc40000f1')
    addLabel('Priority: high', '6955b9001768c21fc40000f2')
    const id = await deliver('Assigned in Teams')
    const card = () => bed.trello.cards.find(({ desc }) => desc.includes(id))
    await bed.teams.sendText(`take ${id}`)
    await eventually(bed, () => expect(card()?.desc).toContain('**Assignee:** Nordmann, Ola'))
    bed.trello.describeCard(id, `Worded by the board.\n\n${card()?.desc ?? ''}`)
    await bed.teams.sendText(`release ${id}`)
    await eventually(bed, () => expect(card()?.desc).not.toContain('Assignee'))
    expect(card()?.desc).toMatch(/^Worded by the board\.\n[^]*As in Trello\.[^]*`ticket T-/)
    bed.trello.addLabel(id, 'Priority: high')
    await untilState(bed, id, { priority: 'high' })
    await bed.teams.sendText(`priority ${id} medium`)
    await eventually(bed, () => expect(card()?.idLabels).toEqual(['6955b9001768c21fc40000f1']))
  })

  it('ends the ticket when the card is deleted, and says why', async () => {
    const id = await deliver('Deleted')
    bed.trello.archiveCard(id)
    await untilState(bed, id, { status: 'closed' })
    bed.trello.unarchiveCard(id)
    await untilState(bed, id, { status: 'open' })
    bed.trello.deleteCard(id)
    await untilState(bed, id, { ending: expect.objectContaining({ reason: 'its card was deleted in Trello' }) })
  })
})
