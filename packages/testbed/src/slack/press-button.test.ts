import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '@ticketing/local-aws'
import { createListener, type Status } from '../../test/fake-listener.ts'
import { readFixture, shapeOf } from '../../test/start-trello.ts'
import { createFaults } from '../faults/create-faults.ts'
import { createJournal } from '../journal/create-journal.ts'
import { createSimulatorFetch } from '../simulators/simulator-fetch.ts'
import { createSlackSimulator } from './create-slack-simulator.ts'
import { signRequest } from './sign-request.ts'

const START = Date.UTC(2026, 10, 23, 14, 3, 22)
const requestUrl = 'https://tickets.example.com/slack'

const confirm = {
  title: { type: 'plain_text', text: 'Close?' },
  text: { type: 'plain_text', text: 'The reporter gets a notice.' },
}
const blocks = [
  { type: 'section', text: { type: 'mrkdwn', text: '*T-7QK2M-9XD4R* Login page is blank' } },
  {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: 'take',
        text: { type: 'plain_text', text: 'Take' },
        value: 'T-7QK2M-9XD4R',
        style: 'primary',
      },
      {
        type: 'button',
        action_id: 'close',
        text: { type: 'plain_text', text: 'Close' },
        value: 'T-7QK2M-9XD4R',
        confirm,
      },
    ],
  },
]

/** The parts of a request that these tests look into. */
interface Payload extends Record<string, unknown> {
  readonly response_url: string
  readonly message: object
  readonly actions: readonly { readonly action_ts: string }[]
}

/** Without what depends on the message: its blocks, and the button's text. */
function cut({ message, actions, ...all }: Payload): object {
  const action = { ...actions[0], text: 0 }
  return { ...all, message: { ...message, blocks: 0 }, actions: [action] }
}

function fail(why: string): never {
  throw new Error(why)
}

/** A channel with one message that has buttons. */
async function start(...statuses: readonly Status[]) {
  const clock = createVirtualClock(START)
  const journal = createJournal({ clock })
  const listener = createListener(...statuses)
  const faults = createFaults()
  const wait = <Value>(work: Promise<Value>) => clock.runUntilSettled(work)
  const slack = createSlackSimulator({ clock, journal, fetch: listener.fetch, wait })
  slack.setRequestUrl(requestUrl)
  slack.intercept(faults.interceptor)
  const fetch = createSimulatorFetch([slack])
  const send = async (url: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    return `${response.status} ${await response.text()}`
  }
  await send(slack.webhookUrl, { text: 'T-7QK2M-9XD4R Login page is blank', blocks })
  const message = slack.messages[0] ?? fail('no message')
  const payloads = () =>
    listener.heard.map(({ body }): Payload => JSON.parse(new URLSearchParams(body).get('payload') ?? ''))
  const responseUrl = async () => {
    await slack.press(message, 'take')
    return payloads().at(-1)?.response_url ?? ''
  }
  return { clock, journal, ...listener, faults, slack, send, message, payloads, responseUrl }
}

// https://docs.slack.dev/interactivity/handling-user-interaction
describe('a pressed button', () => {
  test('is a request with the shape that Slack sent for a message of an incoming webhook', async () => {
    const { slack, message, payloads, heard } = await start()
    expect(await slack.press(message, 'take', { by: 'grace.example' })).toMatchObject({ outcome: 'answered' })
    const payload = payloads()[0] ?? fail('no request')
    const captured = readFixture('slack/block-actions-incoming-webhook-2019.json') as Payload
    expect(shapeOf(cut(payload))).toEqual(shapeOf(cut(captured)))
    expect(payload).toMatchObject({
      user: { name: 'grace.example' },
      container: { message_ts: message.ts, is_ephemeral: false },
      channel: { name: 'tickets' },
      message: {
        subtype: 'bot_message',
        ts: message.ts,
        blocks: [{ block_id: expect.any(String) }, { type: 'actions' }],
      },
      actions: [{ action_id: 'take', value: 'T-7QK2M-9XD4R', style: 'primary', type: 'button' }],
      response_url: expect.stringMatching(/^https:\/\/hooks\.slack\.com\/actions\/T00000000\/\d+\/[0-9a-f]{24}$/),
    })
    expect(payload.actions[0]?.action_ts).not.toBe(message.ts)
    expect(heard).toMatchObject([{ method: 'POST', url: requestUrl }])
  })

  test('is sent as one field of a form, with escaped slashes', async () => {
    const { slack, message, heard } = await start()
    await slack.press(message, 'take')
    const captured = readFixture('slack/form-body-ephemeral-2019.json') as { body: string; content_type: string }
    expect(heard[0]?.headers['content-type']).toBe(captured.content_type)
    for (const body of [captured.body, heard[0]?.body ?? '']) {
      expect(body).toMatch(/^payload=%7B%22type%22%3A%22block_actions%22%2C/)
      expect(body).toContain('https%3A%5C%2F%5C%2Fhooks.slack.com%5C%2Factions%5C%2F')
    }
  })

  // https://github.com/slackapi/java-slack-sdk, SlackSignatureTest
  test('is signed', async () => {
    const now = 1_531_420_618_000
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
    expect(signRequest({ secret: '8f742231b10e8888abcd99yyyzzz85a5', body, now })).toEqual({
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      'x-slack-request-timestamp': '1531420618',
    })
    const { slack, message, heard } = await start()
    await slack.press(message, 'take')
    const { headers, body: sent } = heard[0] ?? { headers: {}, body: '' }
    const expected = createHmac('sha256', slack.signingSecret)
      .update(`v0:${START / 1000}:${sent}`)
      .digest('hex')
    expect(headers).toMatchObject({
      'x-slack-signature': `v0=${expected}`,
      'x-slack-request-timestamp': `${START / 1000}`,
    })
  })

  test('with a question repeats it, and does nothing when the person says no', async () => {
    const { slack, message, payloads } = await start()
    expect(await slack.press(message, 'close', { confirm: false })).toBeUndefined()
    expect(payloads()).toEqual([])
    await slack.press(message, 'close')
    expect(payloads()).toMatchObject([{ actions: [{ confirm }] }])
  })

  test('in a thread says so', async () => {
    const { slack, send, message, payloads } = await start()
    await send(slack.webhookUrl, { text: 'in the thread', blocks, thread_ts: message.ts })
    await slack.press(slack.messages[1], 'take')
    expect(payloads()).toMatchObject([{ container: { thread_ts: message.ts }, message: { thread_ts: message.ts } }])
  })

  test.each([
    [500, 'the answer was 500'],
    [404, 'the answer was 404'],
    ['refused', 'the connection failed'],
    ['silent', 'no answer within 3 s'],
  ] as const)('that is answered with %s leaves a warning mark, and is not sent again', async (answer, reason) => {
    const { slack, message, clock, heard } = await start(answer)
    expect(await slack.press(message, 'take')).toMatchObject({ outcome: 'failed', reason })
    await clock.runUntilQuiet()
    expect(heard).toHaveLength(1)
    expect(clock.elapsed).toBe(answer === 'silent' ? 3000 : 0)
    expect(slack.page('/')).toContain(`  ada.example pressed take  2026-11-23T14:03:22Z  (!) ${reason}`)
  })

  test('fails while the app has no Request URL', async () => {
    const { slack, message, heard } = await start()
    slack.setRequestUrl(undefined)
    expect(await slack.press(message, 'take')).toMatchObject({
      outcome: 'failed',
      reason: 'the app has no Request URL',
    })
    expect(heard).toEqual([])
  })

  test('must be there', async () => {
    const { slack, message } = await start()
    await expect(slack.press(message, 'tak')).rejects.toThrow(
      'No button "tak" under this message. It has "take", "close".',
    )
    await expect(slack.press('1.000000', 'take')).rejects.toThrow('No message 1.000000')
  })
})

describe('a fault of callbacks', () => {
  test.each([
    ['lost', {}, 'failed', 0],
    ['duplicate', {}, 'answered', 2],
    ['delayed', { ms: 5000 }, 'answered', 1],
    ['reordered', {}, 'answered', 1],
    ['5xx', { when: 'after' }, 'failed', 1],
    ['timeout-after-effect', {}, 'failed', 1],
    ['timeout-before-effect', {}, 'failed', 0],
  ] as const)('"%s": what the person sees, and how often we hear it', async (kind, more, outcome, times) => {
    const { slack, message, faults, heard, payloads, clock } = await start()
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    faults.add({ at: 'callback.slack', kind, ticket: 'T-7QK2M-9XD4R', times: 1, ...more } as Parameters<
      typeof faults.add
    >[0])
    expect(await slack.press(message, 'take')).toMatchObject({ outcome })
    await clock.runUntilQuiet()
    expect(heard).toHaveLength(times)
    expect(new Set(payloads().map(({ actions }) => actions[0]?.action_ts)).size).toBe(Math.min(1, times))
    expect(faults.unfired()).toEqual([])
  })
})

// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
describe('an address for answers', () => {
  test('replaces the message, keeps its place and its thread', async () => {
    const { slack, send, message, responseUrl, clock } = await start()
    const url = await responseUrl()
    await clock.advance('1m')
    expect(await send(url, { replace_original: true, text: 'Taken by Ada' })).toBe('200 ok')
    expect(slack.messages).toMatchObject([
      { ts: message.ts, shown: 'Taken by Ada', blocks: [], editedAt: START + 60_000 },
    ])
    expect(slack.page('/')).toContain('[replaced 2026-11-23T14:04:22Z]')
    await expect(slack.press(message, 'take')).rejects.toThrow('It has none')
  })

  test('deletes the message', async () => {
    const { slack, send, responseUrl } = await start()
    const url = await responseUrl()
    expect(await send(url, { delete_original: true })).toBe('200 ok')
    expect(slack.messages).toEqual([])
    expect(await send(url, { replace_original: true, text: 'x' })).toBe('404 message_not_found')
  })

  // https://github.com/slack-go/slack/issues/985
  test('posts in the thread or the channel, else for the person alone', async () => {
    const { slack, send, message, responseUrl, journal } = await start()
    const url = await responseUrl()
    await send(url, { text: 'thread', response_type: 'in_channel', replace_original: false, thread_ts: message.ts })
    await send(url, { text: 'channel', response_type: 'in_channel' })
    await send(url, { text: 'only you' })
    expect(slack.messages.slice(1)).toMatchObject([
      { shown: 'thread', threadTs: message.ts, channel: 'tickets' },
      { shown: 'channel' },
    ])
    expect(slack.ephemeralMessages).toMatchObject([{ shown: 'only you', onlyFor: expect.stringMatching(/^U/) }])
    expect(slack.page('/')).toMatch(/\[only U\w+ sees it\]\n {2}\| only you/)
    expect(journal.count({ source: 'slack', kind: 'reply-posted' })).toBe(1)
  })

  test('takes five answers', async () => {
    const { send, responseUrl } = await start()
    const url = await responseUrl()
    const answers: string[] = []
    for (let n = 0; n < 6; n += 1) answers.push(await send(url, { replace_original: true, text: `${n}` }))
    expect(answers).toEqual([...Array.from({ length: 5 }, () => '200 ok'), '404 used_url'])
  })

  test('ends after 30 minutes', async () => {
    const { send, responseUrl, clock } = await start()
    const url = await responseUrl()
    await clock.advance('30m')
    expect(await send(url, { replace_original: true, text: 'in time' })).toBe('200 ok')
    await clock.advance(1)
    expect(await send(url, { replace_original: true, text: 'late' })).toBe('404 expired_url')
  })

  test.each([
    ['no text', { replace_original: true }, '400 no_text'],
    ['wrong blocks', { replace_original: true, text: 'x', blocks: [{ type: 'nothing' }] }, '400 invalid_blocks'],
  ])('refuses %s', async (_name, body, refusal) => {
    const { send, responseUrl } = await start()
    expect(await send(await responseUrl(), body)).toBe(refusal)
  })

  test('refuses another secret', async () => {
    const { send, responseUrl } = await start()
    const url = await responseUrl()
    expect(await send(url.replace(/.$/, 'x'), { text: 'x' })).toBe('404 invalid_url')
  })

  test('is hit by faults of its own', async () => {
    const { send, responseUrl, faults, slack } = await start()
    const url = await responseUrl()
    faults.add({ at: 'slack.respond', kind: '5xx', when: 'after', times: 1 })
    expect(await send(url, { replace_original: true, text: 'Taken' })).toBe('503 Service Unavailable')
    expect(slack.messages).toMatchObject([{ shown: 'Taken' }])
  })

  test('begins with the address of the listener', async () => {
    const { slack, message, payloads } = await start()
    slack.answerPressesAt('http://127.0.0.1:4567')
    await slack.press(message, 'take')
    expect(payloads()[0]?.response_url).toMatch(/^http:\/\/127\.0\.0\.1:4567\/actions\/T00000000\//)
  })
})

test('a restart keeps presses and addresses for answers, without their secrets', async () => {
  const { slack, responseUrl } = await start()
  const url = await responseUrl()
  const saved = slack.save()
  expect(saved).not.toContain(url.split('/').at(-1))
  expect(saved).not.toContain('simulated-slack')
  const again = await start()
  again.slack.restore(saved)
  expect(again.slack.presses).toEqual(slack.presses)
  expect(await again.send(url, { replace_original: true, text: 'Taken' })).toBe('200 ok')
  const press = await again.slack.press(again.slack.messages[0], 'take').catch((error: unknown) => error)
  expect(press).toBeInstanceOf(Error)
})
