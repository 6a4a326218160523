import { afterEach, describe, expect, test } from 'vitest'
import { createJournal } from '../journal/create-journal.ts'
import { createSlackSimulator } from '../slack/create-slack-simulator.ts'
import { createVirtualClock } from '@ticketing/local-aws'
import { createTrelloSimulator } from '../trello/create-trello-simulator.ts'
import { listenSimulator } from '../simulators/listen-simulator.ts'
import { createFaults } from './create-faults.ts'
import type { Fault } from './fault.ts'
import { createSimulatorFetch } from '../simulators/simulator-fetch.ts'

const START = Date.UTC(2026, 10, 23, 14, 3, 22)

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

/** The same tests in process and over a socket: a fault must look the same to both kinds of client. */
const ways = ['in process', 'behind a listener'] as const

async function start(way: (typeof ways)[number]) {
  const clock = createVirtualClock(START)
  const journal = createJournal({ clock })
  const trello = createTrelloSimulator({ clock, journal })
  const slack = createSlackSimulator({ clock, journal })
  const faults = createFaults()
  trello.intercept(faults.interceptor)
  slack.intercept(faults.interceptor)
  const inProcess = createSimulatorFetch([trello, slack])
  const listener = way === 'in process' ? undefined : await listenSimulator(trello)
  if (listener) stops.push(() => listener.close())
  const create = (name = 'T-7QK2M-9XD4R Login', signal?: AbortSignal) => {
    const send = listener ? fetch : inProcess
    return send(`${listener?.url ?? trello.origin}/1/cards`, {
      method: 'POST',
      headers: {
        authorization: `OAuth oauth_consumer_key="${trello.key}", oauth_token="${trello.token}"`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ idList: trello.lists[0]?.id, name }),
      signal: signal ?? null,
    })
  }
  const post = () =>
    inProcess(slack.webhookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"text":"x"}',
    })
  return { clock, journal, trello, faults, create, post }
}

const at = 'trello.createCard'

/** Sends, waits until the simulator has the request, then gives up like a client with a time-out. */
async function giveUp({ create, journal }: Awaited<ReturnType<typeof start>>) {
  const timeout = new AbortController()
  const sent = create('T-7QK2M-9XD4R Login', timeout.signal)
  await journal.until({ source: 'fault' })
  timeout.abort()
  await expect(sent).rejects.toMatchObject({ name: 'AbortError' })
  await journal.until({ source: 'trello', kind: 'call', outcome: 'no-answer' })
}

describe.each(ways)('%s', (way) => {
  test("a 429 has Trello's words, and no effect", async () => {
    const { faults, create, trello } = await start(way)
    faults.add({ at, kind: '429', times: 1 })
    const refused = await create()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBeNull()
    expect(await refused.json()).toEqual({ error: 'API_TOKEN_LIMIT_EXCEEDED', message: 'Rate limit exceeded' })
    expect(trello.cards).toEqual([])
    expect((await create()).status).toBe(200)
  })

  test('a 5xx before the effect does nothing, one after it has the effect', async () => {
    const { faults, create, trello } = await start(way)
    faults.add({ at, kind: '5xx', times: 1 })
    faults.add({ at, kind: '5xx', status: 504, when: 'after', times: 1 })
    expect((await create()).status).toBe(503)
    expect(trello.cards).toHaveLength(0)
    expect((await create()).status).toBe(504)
    expect(trello.cards).toHaveLength(1)
  })

  test('a 4xx has the given status and text', async () => {
    const { faults, create } = await start(way)
    faults.add({ at, kind: '4xx', status: 401, body: 'invalid token' })
    const refused = await create()
    expect([refused.status, await refused.text()]).toEqual([401, 'invalid token'])
  })

  test('a time-out before the effect never answers and does nothing', async () => {
    const bed = await start(way)
    bed.faults.add({ at, kind: 'timeout-before-effect' })
    await giveUp(bed)
    expect(bed.trello.cards).toEqual([])
  })

  test('a time-out after the effect never answers, but has the effect', async () => {
    const bed = await start(way)
    bed.faults.add({ at, kind: 'timeout-after-effect' })
    await giveUp(bed)
    expect(bed.trello.cards).toHaveLength(1)
  })

  test('a time-out with a late effect has the effect after the client gave up', async () => {
    const bed = await start(way)
    bed.faults.add({ at, kind: 'timeout-late-effect', ms: 30_000 })
    await giveUp(bed)
    await bed.clock.advance(29_999)
    expect(bed.trello.cards).toHaveLength(0)
    await bed.clock.advance(1)
    expect(bed.trello.cards).toHaveLength(1)
  })

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('a reset %s the effect breaks the connection', async (when, cards) => {
    const { faults, create, trello, journal } = await start(way)
    faults.add({ at, kind: 'reset', when })
    await expect(create()).rejects.toThrow(new TypeError('fetch failed'))
    expect(trello.cards).toHaveLength(cards)
    expect(journal.all({ source: 'trello', kind: 'call' })).toMatchObject([{ outcome: 'reset' }])
  })

  test('a slow answer comes when the clock says so', async () => {
    const { faults, create, trello, clock, journal } = await start(way)
    faults.add({ at, kind: 'slow', ms: 3000 })
    const sent = create()
    await journal.until({ source: 'fault', kind: 'slow' })
    await clock.advance(2999)
    expect(trello.cards).toHaveLength(0)
    await clock.advance(1)
    expect((await sent).status).toBe(200)
  })

  test('half an answer starts well and breaks off', async () => {
    const { faults, create, trello } = await start(way)
    faults.add({ at, kind: 'half-answer' })
    const answer = await create()
    expect(answer.status).toBe(200)
    await expect(answer.text()).rejects.toThrow('terminated')
    expect(trello.cards).toHaveLength(1)
  })
})

describe('a fault', () => {
  test('of Slack has a Retry-After, like Slack', async () => {
    const { faults, post } = await start('in process')
    faults.add({ at: 'slack.postMessage', kind: '429', times: 1 })
    faults.add({ at: 'slack.postMessage', kind: '429', retryAfter: 30, times: 1 })
    faults.add({ at: 'slack.postMessage', kind: '429', retryAfter: 'none', times: 1 })
    const waits = [await post(), await post(), await post()].map(({ headers }) => headers.get('retry-after'))
    expect(waits).toEqual(['1', '30', null])
  })

  test('ends after so many calls, or when it is removed', async () => {
    const { faults, create } = await start('in process')
    const fault = faults.add({ at, kind: '5xx' })
    expect([(await create()).status, (await create()).status]).toEqual([503, 503])
    fault.remove()
    expect((await create()).status).toBe(200)
    expect(fault.fired).toBe(2)
  })

  test('of a whole vendor hits each of its operations and no other vendor', async () => {
    const { faults, create, post } = await start('in process')
    faults.add({ at: 'trello.*', kind: '5xx' })
    expect((await create()).status).toBe(503)
    expect((await post()).status).toBe(200)
  })

  test('of one ticket hits only calls that name it', async () => {
    const { faults, create } = await start('in process')
    faults.add({ at, kind: '5xx', ticket: 'T-7QK2M-9XD4R' })
    expect((await create('T-00000-00000 Other')).status).toBe(200)
    expect((await create('T-7QK2M-9XD4R Login')).status).toBe(503)
  })

  test('of a text hits only calls that have it in their path or body', async () => {
    const { faults, create } = await start('in process')
    faults.add({ at, kind: '5xx', text: 'Login' })
    expect((await create('T-00000-00000 Other')).status).toBe(200)
    expect((await create('T-7QK2M-9XD4R Login')).status).toBe(503)
  })

  test('that never hit a call is listed by unfired', async () => {
    const { faults, create } = await start('in process')
    const used: Fault = { at, kind: '5xx' }
    const unused: Fault = { at: 'trello.listCards', kind: 'reset' }
    faults.add(used)
    faults.add(unused)
    await create()
    expect(faults.unfired()).toEqual([unused])
  })

  test('is in the journal before its effects', async () => {
    const { faults, create, journal } = await start('in process')
    faults.add({ at, kind: '5xx', when: 'after' })
    await create()
    expect(journal.entries.map(({ source, kind }) => `${source} ${kind}`)).toEqual([
      'fault 5xx',
      'trello card-created',
      'trello call',
    ])
    expect(journal.count({ ticket: 'T-7QK2M-9XD4R' })).toBe(3)
  })
})
