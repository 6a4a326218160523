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
