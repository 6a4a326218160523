import { createSimulatorFetch, startTestbed } from '@ticketing/testbed'
import { expect, test } from 'vitest'

test("what people do in Trello and Slack reaches the server, on the testbed's clock", async () => {
  await using bed = await startTestbed({ clock: 'virtual', callbacks: { trello: '/trello', slack: '/slack' } })
  expect(bed.trello.webhooks).toMatchObject([{ callbackURL: `${bed.addresses.server}/trello` }])
  await bed.teams.send({ title: 'Login page is blank', priority: 'medium', description: 'Since 9:40.' })
  await bed.clock.runUntilQuiet()

  bed.trello.moveCard(bed.trello.cards[0]?.id ?? '', 'Done', { by: 'Grace Example' })
  await bed.clock.advance('1s')
  const heard = bed.journal.all({ source: 'trello', kind: 'callback' })
  expect(heard.at(-1)?.outcome).toBe(200)

  const buttons = [{ type: 'button', action_id: 'take', text: { type: 'plain_text', text: 'Take' } }]
  const message = { text: 'x', blocks: [{ type: 'actions', elements: buttons }] }
  const headers = { 'content-type': 'application/json' }
  const toSlack = createSimulatorFetch([bed.slack])
  await toSlack(bed.slack.webhookUrl, { method: 'POST', headers, body: JSON.stringify(message) })
  await bed.slack.press(bed.slack.messages[0], 'take')
  expect(bed.journal.all({ source: 'slack', kind: 'callback' })).toMatchObject([{ outcome: 200 }])
})

test('half an answer of a server that is down is none, and Trello sends the callback again', async () => {
  await using bed = await startTestbed({ clock: 'virtual', callbacks: { trello: '/trello' } })
  await bed.teams.send({ title: 'Login page is blank', priority: 'medium', description: 'Since 9:40.' })
  await bed.clock.runUntilQuiet()
  await bed.replicas[0]?.stop()
  bed.faults.add({ at: 'callback.trello', kind: 'half-answer', times: 1 })
  bed.trello.moveCard(bed.trello.cards[0]?.id ?? '', 'Done', { by: 'Grace Example' })
  await bed.clock.advance('10s')
  await bed.replicas[0]?.start()
  await bed.clock.runUntilQuiet()
  const heard = bed.journal.all({ source: 'trello', kind: 'callback' })
  expect(heard.slice(-2).map(({ outcome }) => outcome)).toContain(200)
  expect(bed.journal.count({ source: 'trello', kind: 'callback-lost' })).toBe(0)
})

test('Trello makes a webhook of the server, because it answers HEAD there, and nowhere else', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  const toTrello = createSimulatorFetch([bed.trello])
  const authorization = `OAuth oauth_consumer_key="${bed.trello.key}", oauth_token="${bed.trello.token}"`
  const register = (path: string) => {
    const body = JSON.stringify({ callbackURL: `${bed.addresses.server}${path}`, idModel: bed.trello.boardId })
    const headers = { authorization, 'content-type': 'application/json' }
    return bed.clock.runUntilSettled(
      toTrello(`${bed.trello.origin}/1/webhooks`, { method: 'POST', headers, body }).then(({ status }) => status),
    )
  }
  expect(await register('/trello')).toBe(200)
  expect(await register('/elsewhere')).toBe(400)
  await bed.replicas[0]?.stop()
  expect(await register('/trello?again')).toBe(400)
  expect(bed.trello.webhooks).toHaveLength(1)
})

test('addresses of callbacks are checked', async () => {
  // @ts-expect-error The compiler finds it, too; Vitest checks no types.
  const wrong = startTestbed({ clock: 'virtual', callbacks: { teams: '/teams' } })
  await expect(wrong).rejects.toThrow('A name in `callbacks` cannot be "teams". It is one of "trello", "slack".')
})
