import { describe, expect, test } from 'vitest'
import { createSimulatorFetch } from '../simulators/simulator-fetch.ts'
import { createVirtualClock } from '@ticketing/local-aws'
import { createSlackSimulator } from './create-slack-simulator.ts'

const START = Date.UTC(2026, 10, 23, 14, 3, 22)

const post = (body: unknown, contentType = 'application/json') => ({
  method: 'POST',
  headers: { 'content-type': contentType },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

function start(burst = 4) {
  const clock = createVirtualClock(START)
  const slack = createSlackSimulator({ clock, burst })
  const fetch = createSimulatorFetch([slack])
  const answer = async (url: string, init?: RequestInit) => {
    const response = await fetch(url, init)
    return { status: response.status, body: await response.text(), retryAfter: response.headers.get('retry-after') }
  }
  const send = (body: unknown, contentType?: string) => answer(slack.webhookUrl, post(body, contentType))
  const sendBlocks = async (...blocks: readonly object[]) => {
    const { status, body } = await send({ text: 'x', blocks })
    return `${status} ${body}`
  }
  return { clock, slack, answer, send, sendBlocks }
}

const text = (size: number, type = 'plain_text') => ({ type, text: 'x'.repeat(size) })

/** A button as long as Slack allows. https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const fullButton = {
  type: 'button',
  text: text(75),
  action_id: 'a'.repeat(255),
  value: 'v'.repeat(2000),
  url: 'u'.repeat(3000),
  style: 'danger',
  accessibility_label: 'l'.repeat(75),
  confirm: { title: text(100), text: text(300, 'mrkdwn'), confirm: text(30), deny: text(30) },
}
const actions = (...elements: readonly object[]) => ({ type: 'actions', elements })

describe('a webhook', () => {
  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
  test('answers a message with 200 and "ok", without a time stamp', async () => {
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

  // https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks
  test.each([
    ['broken JSON', '{"text":', 'application/json'],
    ['JSON that is not an object', '["hello"]', 'application/json'],
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

  test('refuses more than 100 attachments', async () => {
    const { send } = start()
    const attachments = Array.from({ length: 101 }, () => ({ text: 'x' }))
    expect(await send({ attachments })).toMatchObject({ status: 400, body: 'too_many_attachments' })
  })

  // https://docs.slack.dev/reference/methods/chat.postMessage: truncated above 40,000 characters
  test('cuts a text at 40,000 characters instead of refusing it', async () => {
    const { slack, send } = start()
    expect(await send({ text: 'x'.repeat(40_001) })).toMatchObject({ status: 200 })
    expect(slack.messages[0]).toMatchObject({ truncated: true, text: 'x'.repeat(40_000) })
  })

  test('leaves a text of 40,000 characters whole', async () => {
    const { slack, send } = start()
    await send({ text: 'x'.repeat(40_000) })
    expect(slack.messages[0]?.truncated).toBe(false)
  })
})

// https://github.com/slack-go/slack/issues/485: an incoming webhook takes `thread_ts`
describe('a thread', () => {
  test('gets the messages that name its first message', async () => {
    const { slack, send } = start()
    await send({ text: 'Login page is blank' })
    const [root] = slack.messages
    expect(root?.ts).toBe('1795442602.000000')
    expect(await send({ text: 'Ada took it', thread_ts: root?.ts })).toMatchObject({ status: 200, body: 'ok' })
    expect(slack.messages[1]).toMatchObject({ threadTs: root?.ts, shown: 'Ada took it' })
    expect(slack.page('/')).toContain(
      '#tickets  2026-11-23T14:03:22Z\n  | Login page is blank\n    #tickets  2026-11-23T14:03:22Z  [in the thread]',
    )
  })

  test('needs a time stamp of the right form', async () => {
    const { slack, send } = start()
    expect(await send({ text: 'x', thread_ts: 'first' })).toMatchObject({ status: 400, body: 'invalid_thread_ts' })
    expect(slack.messages).toEqual([])
  })

  test('every message has a time stamp of its own, also after a restart', async () => {
    const { slack, send } = start()
    await send({ text: '1' })
    await send({ text: '2' })
    const again = start()
    again.slack.restore(slack.save())
    await again.send({ text: '3' })
    const stamps = again.slack.messages.map(({ ts }) => ts)
    expect(new Set(stamps).size).toBe(3)
    expect(stamps.toSorted()).toEqual(stamps)
  })
})

// https://docs.slack.dev/reference/block-kit/blocks
describe('blocks', () => {
  test.each([
    ['a header of 150 characters', { type: 'header', text: text(150) }],
    ['a section of 3,000 characters', { type: 'section', text: text(3000, 'mrkdwn') }],
    ['10 fields of 2,000 characters', { type: 'section', fields: Array.from({ length: 10 }, () => text(2000)) }],
    ['a context of 10 elements', { type: 'context', elements: Array.from({ length: 10 }, () => text(10)) }],
    ['a button of 75 characters', { type: 'actions', elements: [{ type: 'button', text: text(75) }] }],
    ['a block id of 255 characters', { type: 'divider', block_id: 'b'.repeat(255) }],
    ['a button with a question, a value of 2,000 characters and a style', actions(fullButton)],
    ['12,000 characters of markdown', { type: 'markdown', text: 'x'.repeat(12_000) }],
    ['rich text', { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [] }] }],
  ])('take %s', async (_name, block) => {
    expect(await start().sendBlocks(block)).toBe('200 ok')
  })

  // https://github.com/sourcegraph/sourcegraph-public-snapshot/issues/49979: 400 with only this word
  test.each([
    ['a header of 151 characters', { type: 'header', text: text(151) }],
    ['a header in mrkdwn', { type: 'header', text: text(5, 'mrkdwn') }],
    ['a section of 3,001 characters', { type: 'section', text: text(3001, 'mrkdwn') }],
    ['an empty text', { type: 'section', text: text(0, 'mrkdwn') }],
    ['a section with neither text nor fields', { type: 'section' }],
    ['11 fields', { type: 'section', fields: Array.from({ length: 11 }, () => text(5)) }],
    ['a field of 2,001 characters', { type: 'section', fields: [text(2001)] }],
    ['an empty field', { type: 'section', fields: [text(5), text(0)] }],
    ['an empty context', { type: 'context', elements: [] }],
    [
      '26 buttons',
      { type: 'actions', elements: Array.from({ length: 26 }, () => ({ type: 'button', text: text(5) })) },
    ],
    ['a button of 76 characters', { type: 'actions', elements: [{ type: 'button', text: text(76) }] }],
    ['an action id of 256 characters', actions({ ...fullButton, action_id: 'a'.repeat(256) })],
    ['two buttons with one action id', actions(fullButton, fullButton)],
    ['a value of 2,001 characters', actions({ ...fullButton, value: 'v'.repeat(2001) })],
    ['a link of 3,001 characters', actions({ ...fullButton, url: 'u'.repeat(3001) })],
    ['a style that does not exist', actions({ ...fullButton, style: 'warning' })],
    ['a question without a title', actions({ ...fullButton, confirm: { text: text(5) } })],
    ['a title of 101 characters', actions({ ...fullButton, confirm: { ...fullButton.confirm, title: text(101) } })],
    ['a question of 301 characters', actions({ ...fullButton, confirm: { ...fullButton.confirm, text: text(301) } })],
    ['an answer of 31 characters', actions({ ...fullButton, confirm: { ...fullButton.confirm, deny: text(31) } })],
    ['a block id of 256 characters', { type: 'divider', block_id: 'b'.repeat(256) }],
    ['an image without a description', { type: 'image', image_url: 'https://example.com/a.png' }],
    ['12,001 characters of markdown', { type: 'markdown', text: 'x'.repeat(12_001) }],
    ['a type that does not exist', { type: 'paragraph', text: text(5) }],
  ])('are refused for %s', async (_name, block) => {
    expect(await start().sendBlocks(block)).toBe('400 invalid_blocks')
  })

  test('are 50 at most', async () => {
    const dividers = Array.from({ length: 51 }, () => ({ type: 'divider' }))
    const { sendBlocks } = start()
    expect(await sendBlocks(...dividers.slice(1))).toBe('200 ok')
    expect(await sendBlocks(...dividers)).toBe('400 invalid_blocks')
  })

  test('need block ids that differ', async () => {
    const { sendBlocks } = start()
    expect(await sendBlocks({ type: 'divider', block_id: 'a' }, { type: 'divider', block_id: 'a' })).toBe(
      '400 invalid_blocks',
    )
  })

  test('must be a list', async () => {
    expect(await start().send({ text: 'x', blocks: { type: 'divider' } })).toMatchObject({
      status: 400,
      body: 'invalid_blocks_format',
    })
  })

  test('are shown line by line', async () => {
    const { slack, sendBlocks } = start()
    await sendBlocks(
      { type: 'header', text: { type: 'plain_text', text: 'Ticket' } },
      { type: 'section', fields: [text(2), text(1)] },
    )
    expect(slack.messages[0]?.shown).toBe('Ticket\nxx\nx')
  })
})

// https://docs.slack.dev/messaging/formatting-message-text
describe('mentions', () => {
  test('are found if they would notify people', async () => {
    const { slack, send } = start()
    await send({ text: '<!channel> <!here> <@U012AB3CD> <!subteam^SAZ94GDB8> <https://example.com|a link>' })
    expect(slack.messages[0]?.pings).toEqual(['<!channel>', '<!here>', '<@U012AB3CD>', '<!subteam^SAZ94GDB8>'])
  })

  test('do nothing when escaped or in plain text', async () => {
    const { slack, sendBlocks } = start()
    await sendBlocks(
      { type: 'section', text: { type: 'mrkdwn', text: '&lt;!channel&gt;' } },
      { type: 'section', text: { type: 'plain_text', text: '<!channel>' } },
    )
    expect(slack.messages[0]?.pings).toEqual([])
  })
})

// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, "Handling errors"
describe('a webhook that cannot post', () => {
  test('answers 404 no_service when it was revoked', async () => {
    const { slack, send } = start()
    slack.revokeWebhook(slack.webhookUrl)
    expect(await send({ text: 'x' })).toMatchObject({ status: 404, body: 'no_service' })
  })

  test('answers 404 no_service if it never existed', async () => {
    const { answer } = start()
    expect(await answer('https://hooks.slack.com/services/T00000000/B99999999/x', post({ text: 'x' }))).toMatchObject({
      status: 404,
      body: 'no_service',
    })
  })

  test('answers 404 no_team for another team', async () => {
    const { answer } = start()
    expect(await answer('https://hooks.slack.com/services/T99999999/B00000001/x', post({ text: 'x' }))).toMatchObject({
      status: 404,
      body: 'no_team',
    })
  })

  test('answers 403 invalid_token for a wrong secret', async () => {
    const { slack, answer } = start()
    expect(await answer(`${slack.webhookUrl}x`, post({ text: 'x' }))).toMatchObject({
      status: 403,
      body: 'invalid_token',
    })
  })

  test.each([
    ['archived', 410, 'channel_is_archived'],
    ['gone', 404, 'channel_not_found'],
    ['restricted', 403, 'action_prohibited'],
  ] as const)('answers for a channel that is %s with %i %s', async (state, status, body) => {
    const { slack, send } = start()
    slack.setChannel('tickets', state)
    expect(await send({ text: 'x' })).toMatchObject({ status, body })
    slack.setChannel('tickets', 'open')
    expect(await send({ text: 'x' })).toMatchObject({ status: 200 })
  })

  test('answers 405 to any method but POST', async () => {
    const { slack, answer } = start()
    expect(await answer(slack.webhookUrl)).toMatchObject({ status: 405 })
  })
})

// https://docs.slack.dev/apis/web-api/rate-limits: one message a second, short bursts tolerated, Retry-After in seconds
describe('the rate limit', () => {
  test('takes a short burst and then answers 429 with Retry-After', async () => {
    const { slack, send } = start(3)
    const answers = [
      await send({ text: '1' }),
      await send({ text: '2' }),
      await send({ text: '3' }),
      await send({ text: '4' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answers[3]).toEqual({ status: 429, body: 'rate_limited', retryAfter: '1' })
    expect(slack.messages).toHaveLength(3)
  })

  test('takes the next message when Retry-After has passed', async () => {
    const { clock, send } = start(1)
    await send({ text: '1' })
    await clock.advance(999)
    expect(await send({ text: 'too early' })).toMatchObject({ status: 429 })
    await clock.advance(1)
    expect(await send({ text: '2' })).toMatchObject({ status: 200 })
  })

  test('never refuses one message a second', async () => {
    const { clock, slack, send } = start(1)
    for (let second = 0; second < 30; second += 1) {
      await send({ text: String(second) })
      await clock.advance(1000)
    }
    expect(slack.messages).toHaveLength(30)
    expect(slack.largestWindow()).toBe(1)
  })

  test('counts each channel separately, over all of its webhooks', async () => {
    const { slack, answer, send } = start(1)
    await send({ text: 'x' })
    expect(await answer(slack.addWebhook('tickets'), post({ text: 'x' }))).toMatchObject({ status: 429 })
    expect(await answer(slack.addWebhook('admins'), post({ text: 'x' }))).toMatchObject({ status: 200 })
    expect(slack.messagesIn('admins')).toHaveLength(1)
    expect(slack.largestWindow()).toBe(2)
  })
})

test('a message that no fault delays has no delay, however long the machine took', async () => {
  const clock = createVirtualClock(START)
  let reading = 0
  const slack = createSlackSimulator({ clock: { ...clock, monotonic: () => (reading += 7) } })
  await createSimulatorFetch([slack])(slack.webhookUrl, post({ text: 'Login page is blank' }))
  expect(slack.messages).toHaveLength(1)
  expect(slack.messages[0]).not.toHaveProperty('delayedMs')
})

test('a message that a fault delays says by how much', async () => {
  const { clock, slack, answer } = start()
  slack.intercept(() => ({ name: 'timeout-late-effect', kind: 'late-effect', ms: 85_000 }))
  const gaveUp = new AbortController()
  const sent = answer(slack.webhookUrl, { ...post({ text: 'Ticket T-7QK2M-9XD4R is dead' }), signal: gaveUp.signal })
  await clock.advance(85_000)
  gaveUp.abort()
  await expect(sent).rejects.toThrow('aborted')
  expect(slack.messages).toMatchObject([{ at: START + 85_000, delayedMs: 85_000 }])
})

test('restores the messages of a saved state', async () => {
  const { slack, send } = start()
  await send({ text: 'for T-7QK2M-9XD4R' })
  const { slack: restarted } = start()
  restarted.restore(slack.save())
  expect(restarted.messages).toEqual(slack.messages)
  expect(restarted.messages[0]?.ticket).toBe('T-7QK2M-9XD4R')
})

test('refuses a damaged state, and names the wrong field', () => {
  const { slack } = start()
  expect(() => slack.restore('{"messages":[{"at":"noon"}]}')).toThrow('field "at"')
})
