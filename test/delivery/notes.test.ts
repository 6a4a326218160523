import { type Ticket, effectKey, isTrelloNote } from 'ticket-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildEvent, buildTicket, envelopeOf, START } from '../support/records.ts'

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

/** The texts of all comments on cards, oldest first. */
function comments(): readonly string[] {
  const { actions }: { actions: { type: string; data: { text: string } }[] } = JSON.parse(bed.trello.save())
  return actions.filter(({ type }) => type === 'commentCard').map(({ data }) => data.text)
}

async function deliver(priority: 'medium' | 'high'): Promise<Ticket> {
  const ticket = buildTicket(priority)
  await bed.send(priority, envelopeOf(ticket))
  await bed.run(priority)
  return ticket
}

const COMMENT = { kind: 'commented', text: 'Looking *now* at <!channel>.' } as const

describe('a note', () => {
  test('for the board becomes a comment with its mark, once', async () => {
    const ticket = await deliver('medium')
    const [note] = await bed.addEvent(buildEvent(ticket, COMMENT))
    expect(await bed.run('medium')).toEqual({ kind: 'answered', back: 0 })
    const key = note ? effectKey(note) : ''
    expect(comments()).toEqual([
      `**Comment by Grace Hopper in Teams**\n\n${String.raw`Looking \*now\* at \<!channel\>.`}\n\n\`${key}\``,
    ])
    expect(comments().every(isTrelloNote)).toBe(true)
    expect(await bed.effect(key)).toMatchObject({
      state: 'delivered',
      source: ticket.source,
      receipt: { destination: 'board', where: expect.stringContaining('a comment on card') },
    })
    await bed.addEvent(buildEvent(ticket, COMMENT))
    await bed.run('medium')
    expect(comments()).toHaveLength(1)
  })

  test('for the alert channel names the ticket, as plain text', async () => {
    const ticket = await deliver('high')
    await bed.addEvent(buildEvent(ticket, COMMENT))
    expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
    const [, note] = bed.slack.messages
    expect(note?.shown).toContain('Comment by Grace Hopper in Teams')
    expect(note?.shown).toContain(COMMENT.text)
    expect(note?.shown).toContain(ticket.id)
    expect(note?.pings).toEqual([])
  })

  test('goes into the thread of the message whose button was pressed', async () => {
    const ticket = await deliver('high')
    const ts = bed.slack.messages[0]?.ts ?? ''
    const pressed = buildEvent(ticket, { kind: 'acknowledged' }, { via: 'slack' })
    expect(await bed.addEvent({ ...pressed, id: `slack:U1:${ts}:acknowledge:1795514401.000100` })).toEqual([])
    await bed.addEvent(buildEvent(ticket, { kind: 'closed', reason: 'Fixed.' }, { number: 2 }))
    await bed.run('high')
    expect(bed.slack.messages[1]).toMatchObject({ threadTs: ts, shown: 'Closed by Grace Hopper in Teams\nFixed.' })
  })

  test('of an escalation notifies everybody in the channel', async () => {
    const ticket = await deliver('high')
    await bed.addEvent(buildEvent(ticket, { kind: 'escalated', to: 'alert' }, { via: 'system' }))
    await bed.run('high')
    expect(bed.slack.messages[1]?.pings).toEqual(['<!channel>'])
  })

  test('of an escalation to the admin goes to the admin’s channel', async () => {
    const ticket = await deliver('high')
    await bed.addEvent(buildEvent(ticket, { kind: 'escalated', to: 'admin' }, { via: 'system' }))
    await bed.run('high')
    expect(bed.slack.messagesIn('tickets')).toHaveLength(1)
    expect(bed.slack.messagesIn('ticket-admins')[0]?.shown).toContain(ticket.id)
  })

  test('waits for its ticket', async () => {
    const ticket = buildTicket('medium')
    bed.faults.add({ at: 'trello.createCard', kind: '429', times: 1 })
    await bed.send('medium', envelopeOf(ticket))
    await bed.run('medium')
    await bed.addEvent(buildEvent(ticket, COMMENT))
    await bed.clock.advance('11s')
    expect(await bed.run('medium')).toEqual({ kind: 'answered', back: 1 })
    expect(comments()).toEqual([])
    expect(await bed.objects('ledger/')).toEqual([`ledger/medium/${ticket.id}.json`])
    await bed.clock.advance('60s')
    await bed.run('medium')
    await bed.clock.advance('60s')
    await bed.run('medium')
    expect(bed.trello.cards).toHaveLength(1)
    expect(comments()).toHaveLength(1)
  })

  test('that is too long is cut, says where the whole is, and keeps its mark', async () => {
    const ticket = await deliver('medium')
    const long = { kind: 'commented', text: 'A line of a long comment.\n'.repeat(2000) } as const
    await bed.addEvent(buildEvent(ticket, long))
    await bed.run('medium')
    const [text = ''] = comments()
    expect(text.length).toBeLessThanOrEqual(16_384)
    expect(text).toContain(`cases/${ticket.id}.json`)
    expect(isTrelloNote(text)).toBe(true)
  })
})

describe('a note whose outcome is not known', () => {
  test('Trello: the comment that was made is found, and no second one is made', async () => {
    const ticket = await deliver('medium')
    const [note] = await bed.addEvent(buildEvent(ticket, COMMENT))
    bed.faults.add({ at: 'trello.addComment', kind: 'reset', when: 'after', times: 1 })
    await bed.run('medium')
    const key = note ? effectKey(note) : ''
    expect(await bed.effect(key)).toMatchObject({ state: 'waiting', suspect: true })
    await bed.clock.advance('62s')
    await bed.run('medium')
    expect(await bed.effect(key)).toMatchObject({ state: 'delivered', receipt: { found: true } })
    expect(comments()).toHaveLength(1)
  })

  test('Trello: a failed look writes nothing', async () => {
    const ticket = await deliver('medium')
    await bed.addEvent(buildEvent(ticket, COMMENT))
    bed.faults.add({ at: 'trello.addComment', kind: 'reset', when: 'before', times: 1 })
    bed.faults.add({ at: 'trello.listActions', kind: '4xx', status: 400, times: 1 })
    await bed.run('medium')
    await bed.clock.advance('62s')
    expect(await bed.run('medium')).toMatchObject({ back: 1 })
    expect(comments()).toEqual([])
    await bed.clock.advance('120s')
    await bed.run('medium')
    expect(comments()).toHaveLength(1)
  })

  test('Slack: it is sent again, marked as a possible repeat', async () => {
    const ticket = await deliver('high')
    await bed.addEvent(buildEvent(ticket, COMMENT))
    bed.faults.add({ at: 'slack.postMessage', kind: 'reset', when: 'after', times: 1 })
    await bed.run('high')
    await bed.clock.advance('62s')
    await bed.run('high')
    expect(bed.slack.messages.map(({ shown }) => shown.includes('Possible repeat'))).toEqual([false, false, true])
  })
})

describe('a note that cannot be delivered', () => {
  test('is a dead letter that an operator reads, and redrives once its cause is fixed', async () => {
    const ticket = await deliver('medium')
    const [note] = await bed.addEvent(buildEvent(ticket, COMMENT))
    const key = note ? effectKey(note) : ''
    bed.faults.add({ at: 'trello.addComment', kind: '4xx', status: 400, times: 1 })
    expect(await bed.run('medium')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.effect(key)).toMatchObject({ state: 'dead', failure: { code: 'trello-400' } })
    await bed.clock.advance('2s')
    expect(await bed.run('dead')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.letter(key)).toMatchObject({ kind: 'effect', key, effect: note, toldAt: bed.clock.now() })
    expect(bed.slack.messagesIn('ticket-admins')[0]?.shown).toContain(
      `What: a note about ${ticket.id} for the team board (Trello)`,
    )
    expect(await bed.redrive(key)).toMatchObject({ kind: 'redriven', life: 1 })
    await bed.run('medium')
    expect(comments()).toHaveLength(1)
    expect(await bed.effect(key)).toMatchObject({ state: 'delivered', life: 1 })
    expect(await bed.redrive(key)).toMatchObject({ kind: 'refused', code: 'redriven-already' })
  })

  test('to a card that was deleted says so', async () => {
    const ticket = await deliver('medium')
    bed.trello.deleteCard(ticket.id)
    const [note] = await bed.addEvent(buildEvent(ticket, COMMENT))
    await bed.run('medium')
    expect(await bed.effect(note ? effectKey(note) : '')).toMatchObject({
      state: 'dead',
      failure: { code: 'trello-card-gone', reason: expect.stringContaining('it was deleted') },
    })
  })

  test('because its ticket never arrives becomes a dead letter after the give-up age', async () => {
    const ticket = buildTicket('medium')
    bed.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, times: 1 })
    await bed.send('medium', envelopeOf(ticket))
    await bed.run('medium')
    const [note] = await bed.addEvent(buildEvent(ticket, COMMENT))
    await bed.run('medium')
    expect(bed.clock.now()).toBeLessThan(START + 60_000)
    await bed.clock.advance('24h')
    await bed.run('medium')
    await bed.clock.advance('2s')
    await bed.run('dead')
    expect(await bed.letter(note ? effectKey(note) : '')).toMatchObject({
      kind: 'effect',
      cause: { code: 'ticket-missing' },
    })
  })
})

test('an effect of another ticket under this id is a dead letter, and nothing is written', async () => {
  const ticket = await deliver('medium')
  const forged = buildEvent({ ...ticket, source: 'f'.repeat(64) }, COMMENT)
  await bed.addEvent(forged)
  await bed.run('medium')
  await bed.clock.advance('2s')
  await bed.run('dead')
  expect(comments()).toEqual([])
  expect(await bed.letters()).toEqual([expect.stringMatching(/^unreadable-[0-9a-f]{16}$/)])
})
