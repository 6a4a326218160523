import { type Change, type Ticket, type Via, writeEffect, writeEvent } from 'ticket-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { changeSecret } from '@ticketing/testbed'
import { buildEvent, buildTicket, envelopeOf } from '../support/records.ts'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'

let bed: DeliveryBed
let ticket: Ticket
let events: number

const TEAM = '19:team@thread.tacv2'
const CHANNEL = '19:channel@thread.tacv2'
const ROOT = '1759881511856'

beforeEach(async () => {
  bed = await startDeliveryBed()
  events = 0
  ticket = {
    ...buildTicket('medium'),
    reporter: { name: 'Ada Lovelace' },
    tenantId: 'tenant',
    teamId: TEAM,
    channelId: CHANNEL,
    messageId: '1759881522000',
    conversationId: `${CHANNEL};messageid=${ROOT}`,
  }
  await bed.send('medium', envelopeOf(ticket))
  await bed.run('medium')
})

async function notify(target: unknown = bed.workflows.webhookUrl): Promise<void> {
  await changeSecret(bed, { TEAMS_NOTIFY_URL: typeof target === 'string' ? target : JSON.stringify(target) })
}

async function addEvent(change: Change, via: Via = 'trello'): Promise<void> {
  events += 1
  await bed.addEvent(buildEvent(ticket, change, { number: events, via }))
}

const shown = (): readonly string[] => bed.workflows.posts.map((post) => post.shown)
const CLOSED: Change = { kind: 'closed', reason: 'Fixed.' }

describe('news', () => {
  test('notify the reporter’s team of what happened elsewhere, with the thread that they belong to', async () => {
    await notify()
    await addEvent(CLOSED)
    expect(await bed.run('news')).toEqual({ kind: 'answered', back: 0 })
    expect(shown()).toHaveLength(1)
    expect(shown()[0]).toContain(`${ticket.id} Ticket 1`)
    expect(shown()[0]).toContain('Closed by Grace Hopper in Trello\nFixed.\nNow: closed')
    expect(JSON.parse(bed.workflows.posts[0]?.body ?? '')).toMatchObject({
      type: 'message',
      channelId: CHANNEL,
      messageId: ROOT,
      attachments: [{ contentUrl: null, content: { actions: [{ url: expect.stringContaining(ROOT) }] } }],
    })
    expect(await bed.effect(`sync-team-${ticket.id}`)).toMatchObject({
      state: 'delivered',
      synced: 1,
      receipt: { destination: 'team', where: 'accepted by the team’s flow' },
    })
  })

  test('show all changes of a minute as one card, each change once', async () => {
    await notify()
    for (const change of [{ kind: 'commented', text: 'Looking.' }, CLOSED, { kind: 'reopened' }] as const) {
      const body = writeEvent(buildEvent(ticket, change, { number: (events += 1), via: 'trello' }))
      await bed.send('events', body.ok ? body.value : '')
    }
    await bed.run('events')
    expect(await bed.run('news')).toEqual({ kind: 'idle', back: 0 })
    await bed.clock.advance('61s')
    await bed.run('news')
    expect(shown()).toHaveLength(1)
    expect(shown()[0]).toMatch(/Looking\.[^]*Closed by[^]*Reopened by/)
    await addEvent(CLOSED)
    await bed.run('news')
    expect(shown()).toHaveLength(2)
    expect(shown()[1]).not.toContain('Looking.')
  })

  test('do not notify Teams of what happened in Teams', async () => {
    await notify()
    await addEvent(CLOSED, 'teams')
    expect(await bed.run('news')).toEqual({ kind: 'idle', back: 0 })
  })

  test.each<[string, readonly string[]]>([
    ['all', ['Taken by', 'Closed by']],
    ['important', ['Closed by']],
    ['none', []],
  ])('follow the level of the channel: %s', async (level, expected) => {
    await notify({ [CHANNEL]: { url: bed.workflows.webhookUrl, level } })
    await addEvent({ kind: 'taken' })
    await addEvent(CLOSED)
    await bed.run('news')
    const words = shown().join('\n')
    expect(['Taken by', 'Closed by'].filter((each) => words.includes(each))).toEqual(expected)
  })

  test('go to their own channel or team, and to no other', async () => {
    const other = { url: 'https://flow.example/other?sig=x', level: 'all' }
    await notify({ '19:other@thread.tacv2': other, [TEAM]: { url: bed.workflows.webhookUrl, groupId: 'group' } })
    await addEvent(CLOSED)
    await bed.run('news')
    expect(shown()).toHaveLength(1)
    expect(bed.workflows.posts[0]?.body).toContain('groupId=group')
    await notify({ '19:other@thread.tacv2': { url: bed.workflows.webhookUrl } })
    await bed.clock.advance('6m')
    await addEvent({ kind: 'reopened' })
    await bed.run('news')
    expect(shown()).toHaveLength(1)
  })

  test('need no set-up: without an address there are none', async () => {
    await addEvent(CLOSED)
    expect(await bed.run('news')).toEqual({ kind: 'answered', back: 0 })
    expect(await bed.effect(`sync-team-${ticket.id}`)).toMatchObject({ state: 'delivered', synced: 1 })
  })

  test('whose outcome is not known are sent again, marked as a possible repeat', async () => {
    await notify()
    bed.faults.add({ at: 'workflows.postCard', kind: 'reset', when: 'after', times: 1 })
    await addEvent(CLOSED)
    await bed.run('news')
    await bed.clock.advance('62s')
    await bed.run('news')
    expect(shown().map((text) => text.includes('Possible repeat'))).toEqual([false, true])
  })

  test('of many long changes stay below the 28 KB of Teams', async () => {
    await notify()
    for (let count = 0; count < 25; count += 1) await addEvent({ kind: 'commented', text: '\u{1F37A}é\n'.repeat(2000) })
    await bed.run('news')
    await bed.run('news')
    await bed.run('news')
    expect(bed.workflows.runs.map(({ failed }) => failed)).not.toContain('Request Entity too large')
    expect(shown().join('\n')).toContain('earlier changes are not shown')
  })
})

test('an effect in the queue of another lane is not delivered there', async () => {
  await notify()
  await addEvent(CLOSED)
  const effect = { kind: 'sync', place: 'team', ticket: ticket.id, source: ticket.source } as const
  await bed.send('high', writeEffect({ effect, life: 0 }))
  expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
  expect(bed.slack.messages).toEqual([])
  await bed.clock.advance('2s')
  await bed.run('dead')
  expect(await bed.letter(`sync-team-${ticket.id}`)).toMatchObject({ kind: 'effect', cause: { code: 'misrouted' } })
})

/** Another ticket of the team, which Slack refuses for good. */
async function die(): Promise<Ticket> {
  const dead = { ...ticket, ...identityOf(buildTicket('high', 2)), priority: 'high' as const }
  bed.faults.add({ at: 'slack.postMessage', kind: '4xx', status: 400, times: 1 })
  await bed.send('high', envelopeOf(dead))
  await bed.run('high')
  await bed.clock.advance('2s')
  await bed.run('dead')
  return dead
}

describe('a ticket that could not be delivered', () => {
  test('is news for its reporter’s team, once', async () => {
    await notify({ [TEAM]: { url: bed.workflows.webhookUrl } })
    const dead = await die()
    await bed.clock.advance('61s')
    await bed.run('news')
    const news = shown()
    expect(news).toEqual([expect.stringContaining('It could not be delivered. An admin was notified')])
    expect(news[0]).toContain(dead.id)
    await bed.send('dead', envelopeOf(dead), { code: 'slack-400', reason: 'again' })
    await bed.run('dead')
    await bed.clock.advance('61s')
    await bed.run('news')
    expect(shown()).toHaveLength(1)
  })

  test('is not posted again in the channel that has the admin’s notice', async () => {
    await notify()
    await die()
    await bed.clock.advance('61s')
    expect(await bed.run('news')).toEqual({ kind: 'answered', back: 0 })
    expect(shown()).toHaveLength(1)
  })

  test('is no news after an operator has sent it again', async () => {
    await notify({ [TEAM]: { url: bed.workflows.webhookUrl } })
    const dead = await die()
    await bed.redrive(dead.id)
    await bed.clock.advance('61s')
    expect(await bed.run('news')).toEqual({ kind: 'answered', back: 0 })
    expect(shown().join('\n')).not.toContain('An admin was notified, and can send it again')
  })

  test('is sent by the next function when a queue did not take the news', async () => {
    await notify({ [TEAM]: { url: bed.workflows.webhookUrl } })
    bed.faults.add({ at: 'sqs.sendMessageBatch', kind: 'denied', by: 'function.dead', times: 1 })
    await die()
    await bed.clock.advance('4m')
    await bed.run('dead')
    await bed.clock.advance('61s')
    await bed.run('news')
    expect(shown().filter((text) => text.includes('An admin was notified'))).toHaveLength(1)
    expect(bed.slack.messagesIn('ticket-admins')).toHaveLength(1)
  })
})

function identityOf({ id, source }: Ticket): Pick<Ticket, 'id' | 'source'> {
  return { id, source }
}
