import { describe, expect, test } from 'vitest'
import { createSimulatorFetch } from '../simulators/simulator-fetch.ts'
import { createHandClock } from '../testing/hand-clock.ts'
import { createSlackSimulator } from './create-slack-simulator.ts'

const post = (body: unknown, contentType = 'application/json') => ({
  method: 'POST',
  headers: { 'content-type': contentType },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

function start(burst = 4) {
  const clock = createHandClock()
  const slack = createSlackSimulator({ clock, burst })
  const fetch = createSimulatorFetch([slack])
  const answer = async (url: string, init?: RequestInit) => {
    const response = await fetch(url, init)
    return { status: response.status, body: await response.text(), retryAfter: response.headers.get('retry-after') }
  }
  const send = (body: unknown, contentType?: string) => answer(slack.webhookUrl, post(body, contentType))
  const sendBlocks = (...blocks: readonly object[]) => send({ text: 'x', blocks })
  return { clock, slack, answer, send, sendBlocks }
}

const text = (size: number, type = 'plain_text') => ({ type, text: 'x'.repeat(size) })

describe('a webhook', () => {
  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
  test('answers a message with 200 and the two letters ok, and tells no time stamp', async () => {
    const { slack, send } = start()
    expect(await send({ text: 'Login page is blank' })).toEqual({ status: 200, body: 'ok', retryAfter: null })
    expect(slack.messages).toMatchObject([{ at: 1795442602000, channel: 'tickets', shown: 'Login page is blank' }])
  })

  test('takes the JSON in the form field "payload" too', async () => {
    const { slack, send } = start()
    const form = new URLSearchParams({ payload: '{"text":"from a form"}' }).toString()
    expect(await send(form, 'application/x-www-form-urlencoded')).toMatchObject({ status: 200 })
    expect(slack.messages[0]?.text).toBe('from a form')
  })

  // https://docs.slack.dev/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks
  test.each([
    ['broken JSON', '{"text":', 'application/json'],
    ['JSON that is no object', '["hello"]', 'application/json'],
    ['JSON sent as text', '{"text":"hello"}', 'text/plain'],
    ['JSON sent as a form without "payload"', '{"text":"hello"}', 'application/x-www-form-urlencoded'],
    ['a text that is a number', '{"text":7}', 'application/json'],
  ])('refuses %s as invalid_payload', async (_name, body, contentType) => {
    const { slack, send } = start()
    expect(await send(body, contentType)).toMatchObject({ status: 400, body: 'invalid_payload' })
    expect(slack.messages).toEqual([])
  })

  test.each([[{}], [{ text: '' }], [{ text: '', blocks: [] }]])(
    'refuses %j, which shows nothing, as no_text',
    async (body) => {
      const { send } = start()
      expect(await send(body)).toMatchObject({ status: 400, body: 'no_text' })
    },
  )
})
