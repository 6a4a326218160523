import { expect, test } from 'vitest'
import { createJournal } from '../journal/create-journal.ts'
import { createSimulatorFetch } from '../simulators/simulator-fetch.ts'
import { createVirtualClock } from '@ticketing/local-aws'
import { createWorkflowsSimulator } from './create-workflows-simulator.ts'

const START = Date.UTC(2026, 10, 23, 14, 3, 22)

function start() {
  const clock = createVirtualClock(START)
  const journal = createJournal({ clock })
  const workflows = createWorkflowsSimulator({ clock, journal })
  const fetch = createSimulatorFetch([workflows])
  const send = async (payload: unknown, url = workflows.webhookUrl) => {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return { status: response.status, body: await response.text() }
  }
  return { workflows, journal, send }
}

const card = (text: string) => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: { type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text }] },
    },
  ],
})

// https://github.com/robusta-dev/robusta/pull/2113
test('a card is accepted with 202 and an empty body', async () => {
  const { workflows, journal, send } = start()
  expect(await send(card('T-7QK2M-9XD4R is dead'))).toEqual({ status: 202, body: '' })
  expect(workflows.posts).toMatchObject([{ at: 1795442602000, shown: 'T-7QK2M-9XD4R is dead' }])
  expect(journal.count({ source: 'workflows', kind: 'card-posted', ticket: 'T-7QK2M-9XD4R' })).toBe(1)
})

// https://github.com/ericferon/glpi-webhook/issues/51
test.each([
  ['without', (url: string) => url.replace(/&sig=.*/, '')],
  ['with a wrong', (url: string) => `${url}x`],
])('a URL %s signature is refused with 401', async (_name, change) => {
  const { workflows, send } = start()
  const { status, body } = await send(card('x'), change(workflows.webhookUrl))
  expect(status).toBe(401)
  expect(JSON.parse(body)).toEqual({
    error: {
      code: 'DirectApiAuthorizationRequired',
      message: 'The request must be authenticated only by Shared Access scheme.',
    },
  })
  expect(workflows.runs).toEqual([])
})

// https://github.com/nicholas-fedor/shoutrrr/issues/884
test.each(['not json', '[]', '{"type":"message","attachments":"card"}'])('%s is refused with 400', async (payload) => {
  const { workflows, send } = start()
  expect(await send(payload)).toMatchObject({ status: 400 })
  expect(workflows.runs).toEqual([])
})

// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
test('a bare text is accepted with 202, and the flow fails behind it', async () => {
  const { workflows, send } = start()
  expect(await send({ text: 'hello' })).toMatchObject({ status: 202 })
  expect(workflows.posts).toEqual([])
  expect(workflows.runs).toMatchObject([{ failed: 'no card' }])
})

// https://learn.microsoft.com/connectors/teams/
test('a card of more than 28 KB is accepted with 202, and the flow fails behind it', async () => {
  const { workflows, send } = start()
  expect(await send(card('x'.repeat(28 * 1024)))).toMatchObject({ status: 202 })
  expect(workflows.runs).toMatchObject([{ failed: 'Request Entity too large' }])
})

test('another path is 404', async () => {
  const { workflows, send } = start()
  expect(await send(card('x'), `${workflows.origin}/powerautomate/other`)).toMatchObject({ status: 404 })
})

// https://learn.microsoft.com/connectors/teams/, "Reply with an adaptive card in a channel"
test('a flow that replies posts in the thread that the request names', async () => {
  const { workflows, send, journal } = start()
  const url = workflows.addFlow({ kind: 'reply' })
  const place = { channelId: '19:a694a70b0a7f4bfd9572b2d912c5d160@thread.tacv2', messageId: '1795442602000' }
  expect(await send({ ...card('T-7QK2M-9XD4R was taken'), ...place }, url)).toMatchObject({ status: 202 })
  expect(workflows.posts).toMatchObject([{ ...place, shown: 'T-7QK2M-9XD4R was taken' }])
  expect(journal.count({ source: 'workflows', kind: 'card-posted', ticket: 'T-7QK2M-9XD4R' })).toBe(1)
  expect(workflows.page('/')).toContain(
    '2026-11-23T14:03:22Z  19:a694a70b0a7f4bfd9572b2d912c5d160@thread.tacv2, in the thread of 1795442602000\n  | T-7QK2M-9XD4R was taken',
  )
})

test.each([{}, { channelId: '19:a' }, { messageId: '1795442602000' }, { channelId: '19:a', messageId: 'first' }])(
  'a flow that replies fails for %j',
  async (place) => {
    const { workflows, send } = start()
    expect(await send({ ...card('x'), ...place }, workflows.addFlow({ kind: 'reply' }))).toMatchObject({ status: 202 })
    expect(workflows.runs).toMatchObject([{ failed: 'no message to reply to' }])
    expect(workflows.page('/')).toContain('not posted: no message to reply to')
  },
)

test('the ready-made template ignores the thread and posts a new message to its channel', async () => {
  const { workflows, send } = start()
  const url = workflows.addFlow({ channelId: '19:news' })
  const place = { channelId: '19:a', messageId: '1795442602000' }
  await send({ ...card('first flow'), ...place })
  await send({ ...card('second flow'), ...place }, url)
  expect(workflows.posts.map(({ channelId, messageId }) => [channelId, messageId])).toEqual([
    ['19:a694a70b0a7f4bfd9572b2d912c5d160@thread.tacv2', undefined],
    ['19:news', undefined],
  ])
})

test('restores the runs of a saved state', async () => {
  const { workflows, send } = start()
  await send({ ...card('x'), channelId: '19:a', messageId: '1795442602000' }, workflows.addFlow({ kind: 'reply' }))
  await send({ text: 'no card' })
  const { workflows: again } = start()
  again.restore(workflows.save())
  expect(again.runs).toEqual(workflows.runs)
})
