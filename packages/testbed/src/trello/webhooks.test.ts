import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createListener, type Status } from '../../test/fake-listener.ts'
import { readFixture, shapeOf, startTrello } from '../../test/start-trello.ts'
import { createFaults } from '../faults/create-faults.ts'
import { createJournal } from '../journal/create-journal.ts'
import { createVirtualClock } from '@ticketing/local-aws'
import { createTrelloSimulator } from './create-trello-simulator.ts'
import { signCallback } from './sign-callback.ts'

const callbackURL = 'https://tickets.example.com/trello'

/** One answer that Trello gave, as a test of a public bot recorded it. */
function recorded(when: string): { status: number; body: unknown } {
  const answers = readFixture('trello/rest-answers-2020.json') as { when: string; status: number; body: unknown }[]
  const found = answers.find((each) => each.when.startsWith(when))
  if (!found) throw new Error(`nothing recorded when ${when}`)
  return found
}

function start(...statuses: readonly Status[]) {
  const listener = createListener(...statuses)
  const started = startTrello({ fetch: listener.fetch })
  const { trello, call } = started
  const register = (fields: object = {}, path = '/webhooks') =>
    call('POST', path, { json: { callbackURL, idModel: trello.boardId, ...fields } })
  return { ...started, ...listener, register, ofToken: `/tokens/${trello.token}/webhooks` }
}

// https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/, and fixtures/trello/rest-answers-2020.json
describe('a webhook', () => {
  test('is made when its address answers HEAD with 200, and then is one of its token', async () => {
    const { register, heard, get, ofToken, call } = start()
    const { status, value } = await register({ description: 'tickets' })
    expect(status).toBe(200)
    expect(shapeOf(value)).toEqual(shapeOf(recorded('made (the source').body))
    expect(heard).toMatchObject([{ method: 'HEAD', url: callbackURL }])
    expect(heard[0]?.headers).not.toHaveProperty('x-trello-webhook')
    expect(await get(ofToken)).toMatchObject({ status: 200, value: [value] })
    expect(shapeOf([value])).toEqual(shapeOf(readFixture('trello/webhooks-of-token-2023.json')))
    const { id } = value as { id: string }
    expect(await get(`/webhooks/${id}`)).toMatchObject({ value: { active: true, description: 'tickets' } })
    expect(await call('PUT', `/webhooks/${id}`, { json: { active: false } })).toMatchObject({
      value: { active: false },
    })
  })

  test.each([
    [405, 'got 405'],
    [204, 'got 204'],
    ['refused', 'got reset'],
  ] as const)('is refused when its address answers %s', async (answer, text) => {
    const { register, trello } = start(answer)
    const { status, value } = await register()
    expect({ status, shape: shapeOf(value) }).toEqual({ status: 400, shape: shapeOf(recorded('the HEAD check').body) })
    expect(value).toMatchObject({
      message: `URL (${callbackURL}) did not return 200 status code, ${text}`,
      error: 'ERROR',
    })
    expect(trello.webhooks).toEqual([])
  })

  test('is refused when its address does not answer', async () => {
    const { register, clock } = start('silent')
    const registered = register()
    await clock.advance('30s')
    expect(await registered).toMatchObject({ status: 400, value: { error: 'ERROR' } })
  })

  test('is refused when it is there, with either path', async () => {
    const { register, ofToken, trello, call } = start()
    await register()
    const { status, body } = recorded('made a second time')
    expect(await register()).toMatchObject({ status, value: body })
    expect(await register({}, ofToken)).toMatchObject({ status, value: body })
    // Another token hears every event once more.
    const other = `OAuth oauth_consumer_key="${trello.key}", oauth_token="${trello.addToken()}"`
    const json = { callbackURL, idModel: trello.boardId }
    expect(await call('POST', '/webhooks', { json, headers: { authorization: other } })).toMatchObject({ status: 200 })
  })

  test.each([
    [{ idModel: 'board' }, '400 invalid value for idModel'],
    [{ idModel: '5f000000000000000000dead' }, '404 model not found'],
    [{ callbackURL: 'trello' }, '400 invalid value for callbackURL'],
    [{ description: 'x'.repeat(16_385) }, '400 invalid value for description'],
  ])('with %j is refused', async (fields, refusal) => {
    const { status, value } = await start().register(fields)
    expect(`${status} ${String(value)}`).toBe(refusal)
  })

  test('is deleted once', async () => {
    const { register, ofToken, call } = start()
    const { id } = (await register()).value as { id: string }
    expect(await call('DELETE', `${ofToken}/no-such-id`)).toMatchObject({
      status: 400,
      value: recorded('no such webhook').body,
    })
    expect(await call('DELETE', `${ofToken}/${id}`)).toMatchObject({ status: 200, value: recorded('deleted').body })
    expect(await call('DELETE', `${ofToken}/${id}`)).toMatchObject({
      status: 404,
      value: recorded('deleted twice').body,
    })
  })

  test('is of a token that says what it may do, and one that may only read makes none', async () => {
    const { trello, call, oauth } = start()
    const ask = async (token: string) =>
      (await call('GET', `/tokens/${token}`, { headers: { authorization: oauth(token) } })).value
    const board = { modelType: 'Board', idModel: '*', read: true }
    const first = { dateExpires: null, permissions: [{ ...board, write: true }, {}, {}, {}] }
    expect(await ask(trello.token)).toMatchObject(first)
    const reader = trello.addToken('read')
    expect(await ask(reader)).toMatchObject({ permissions: [{ ...board, write: false }, {}, {}, {}] })
    const json = { callbackURL, idModel: trello.boardId }
    const refused = await call('POST', '/webhooks', { json, headers: { authorization: oauth(reader) } })
    expect(refused).toMatchObject({ status: 401, value: 'unauthorized permission requested' })
    const other = await call('GET', `/tokens/${trello.token}`, { headers: { authorization: oauth(reader) } })
    expect(other).toMatchObject({ status: 401 })
  })

  test('belongs to its token, and goes with it', async () => {
    const { register, ofToken, trello, call, oauth } = start()
    const { id } = (await register()).value as { id: string }
    const headers = { authorization: oauth(trello.addToken()) }
    expect(await call('GET', `/webhooks/${id}`, { headers })).toMatchObject({ status: 404 })
    expect(await call('GET', ofToken, { headers })).toMatchObject({ status: 401 })
    expect(await call('GET', '/webhooks')).toMatchObject({ status: 404, value: 'Cannot GET /1/webhooks' })
    trello.revokeToken()
    expect(trello.webhooks).toEqual([])
  })
})

/** A board with a card and a webhook of ours. */
async function startWatched(...statuses: readonly Status[]) {
  const listener = createListener(...statuses)
  const clock = createVirtualClock(Date.UTC(2026, 10, 23, 14, 3, 22))
  const journal = createJournal({ clock })
  const faults = createFaults()
  const started = startTrello({ fetch: listener.fetch, clock, journal })
  started.trello.intercept(faults.interceptor)
  await started.create({ name: 'Login page is blank', desc: 'T-7QK2M-9XD4R' })
  started.trello.addWebhook(callbackURL)
  const id = started.trello.cards[0]?.id ?? ''
  const bodies = () => listener.heard.map(({ body }): unknown => JSON.parse(body))
  return { ...started, ...listener, clock, journal, faults, id, bodies }
}

describe('a callback', () => {
  // HMAC-SHA1 computed with another program.
  test('is signed over the body and the registered address', async () => {
    const body = '{"action":{"type":"updateCard","data":{"card":{"name":"Zoë 🍺"}}}}'
    const secret = '0123456789abcdef'.repeat(4)
    expect(signCallback({ secret, body, callbackUrl: callbackURL })).toBe('LOI9fh/YdJpRrDCc26Tb47HvSs0=')
    const { trello, id, clock, heard } = await startWatched()
    trello.renameCard(id, 'Zoë 🍺')
    await clock.runUntilQuiet()
    const expected = createHmac('sha1', trello.apiSecret).update(`${heard[0]?.body}${callbackURL}`).digest('base64')
    expect(heard[0]?.headers['x-trello-webhook']).toBe(expected)
  })

  test('has the headers and the shape that Trello sent', async () => {
    const { trello, id, clock, heard, bodies } = await startWatched()
    trello.moveCard(id, 'Done')
    await clock.runUntilQuiet()
    const [moved] = bodies()
    const captured = readFixture('trello/callback-card-moved-2024.json')
    expect(shapeOf({ ...(moved as object), webhook: 0 })).toEqual(shapeOf({ ...(captured as object), webhook: 0 }))
    const { headers } = readFixture('trello/callback-headers-2023.json') as { headers: object }
    // The length and the host are the connection's.
    const sent = Object.keys(headers).filter((name) => !['content-length', 'host'].includes(name))
    expect(heard[0]).toMatchObject({ method: 'POST', url: callbackURL })
    expect(Object.keys(heard[0]?.headers ?? {}).toSorted()).toEqual(sent.toSorted())
    expect(heard[0]?.headers['user-agent']).toBe('Trello')
  })

  test('comes twice for one click: a dragged card, a label', async () => {
    const { trello, id, clock, bodies } = await startWatched()
    trello.moveCard(id, 'Done')
    trello.addLabel(id, 'red')
    await clock.runUntilQuiet()
    expect(bodies()).toMatchObject([
      { action: { data: { old: { idList: expect.any(String) } } } },
      { action: { type: 'addLabelToCard' } },
      { action: { data: { old: { pos: expect.any(Number) } } } },
      { action: { data: { old: { idLabels: [] } }, display: { translationKey: 'unknown' } } },
    ])
  })

  test('repeats the identifier of the client that wrote', async () => {
    const { trello, call, id, clock, heard, bodies, oauth } = await startWatched()
    const headers = { authorization: oauth(), 'x-trello-client-identifier': 'ticketing' }
    await call('PUT', `/cards/${id}`, { json: { closed: true }, headers })
    trello.unarchiveCard(id)
    await clock.runUntilQuiet()
    expect(heard.map((each) => each.headers['x-trello-client-identifier'])).toEqual(['ticketing', undefined])
    expect(bodies()).toMatchObject([
      { action: { appCreator: { id: expect.any(String) } } },
      { action: { appCreator: null } },
    ])
  })

  test.each([
    ['a list', (bed: Watched) => bed.trello.lists[0]?.id, 1],
    ['another list', (bed: Watched) => bed.trello.lists[2]?.id, 0],
    ['the card', (bed: Watched) => bed.id, 1],
  ])('of a webhook on %s comes for what happens there', async (_name, model, times) => {
    const bed = await startWatched()
    bed.trello.addWebhook('https://tickets.example.com/other', model(bed))
    bed.trello.archiveCard(bed.id)
    await bed.clock.runUntilQuiet()
    expect(bed.heard.filter(({ url }) => url.endsWith('/other'))).toHaveLength(times)
  })

  test.each([500, 204, 'refused', 'silent'] as const)(
    'that is answered with %s is sent again after 30, 60 and 120 s, and then lost',
    async (answer) => {
      const { trello, id, clock, heard, journal } = await startWatched(answer, answer, answer, answer)
      trello.archiveCard(id)
      await clock.runUntilQuiet()
      expect(heard).toHaveLength(4)
      expect(new Set(heard.map(({ body }) => JSON.stringify(JSON.parse(body).action))).size).toBe(1)
      expect(trello.webhooks).toMatchObject([{ consecutiveFailures: 4, active: true }])
      const attempts = journal.all({ source: 'trello', kind: 'callback' }).map(({ time }) => time)
      const waits = attempts.slice(1).map((time, n) => time - (attempts[n] ?? 0))
      const limit = answer === 'silent' ? 30_000 : 0
      expect(waits).toEqual([30_000 + limit, 60_000 + limit, 120_000 + limit])
      expect(journal.all({ kind: 'callback-lost' })).toMatchObject([{ source: 'trello', ticket: 'T-7QK2M-9XD4R' }])
    },
  )

  test('that is answered with 200 at last is not lost, and the count of failures begins again', async () => {
    const { trello, id, clock, heard, journal } = await startWatched(503, 503)
    trello.archiveCard(id)
    await clock.advance('31s')
    expect(trello.webhooks).toMatchObject([
      { consecutiveFailures: 2, firstConsecutiveFailDate: '2026-11-23T14:03:22.500Z' },
    ])
    await clock.runUntilQuiet()
    expect(heard).toHaveLength(3)
    expect(trello.webhooks).toMatchObject([{ consecutiveFailures: 0, firstConsecutiveFailDate: null }])
    expect(journal.count({ kind: 'callback-lost' })).toBe(0)
  })

  test('that is answered with 410 deletes the webhook', async () => {
    const { trello, id, clock, heard } = await startWatched(410)
    trello.archiveCard(id)
    await clock.runUntilQuiet()
    trello.unarchiveCard(id)
    await clock.runUntilQuiet()
    expect(heard).toHaveLength(1)
    expect(trello.webhooks).toEqual([])
  })

  test('stops after 1,000 failures over 30 days, until the webhook is switched on again', async () => {
    const { trello, id, clock, heard, call } = await startWatched(...Array.from({ length: 2000 }, () => 500))
    for (let n = 0; n < 250; n += 1) trello.comment(id, `${n}`)
    await clock.runUntilQuiet()
    expect(trello.webhooks).toMatchObject([{ consecutiveFailures: 1000, active: true }])
    await clock.advance('30d')
    trello.comment(id, 'one more')
    await clock.runUntilQuiet()
    expect(trello.webhooks).toMatchObject([{ consecutiveFailures: 1001, active: false }])
    trello.comment(id, 'not heard')
    await clock.runUntilQuiet()
    expect(heard).toHaveLength(1001)
    await call('PUT', `/webhooks/${trello.webhooks[0]?.id}`, { json: { active: true } })
    trello.comment(id, 'heard')
    await clock.advance('1s')
    expect(heard).toHaveLength(1002)
  })

  test('shows the board as it is at the time of sending, the action as it was', async () => {
    const { trello, id, clock, bodies } = await startWatched(500)
    const comment = trello.comment(id, 'Hello')
    await clock.advance('1s')
    trello.deleteComment(comment)
    trello.deleteCard(id)
    await clock.runUntilQuiet()
    const again = bodies().find(
      (body) => (body as { webhook: { consecutiveFailures: number } }).webhook.consecutiveFailures === 0,
    )
    expect(again).toMatchObject({ action: { type: 'commentCard', data: { text: 'Hello' } } })
    expect(bodies()).toHaveLength(4)
  })
})

type Watched = Awaited<ReturnType<typeof startWatched>>

describe('a fault of callbacks', () => {
  test.each([
    ['lost', {}, []],
    ['duplicate', {}, [500, 1500]],
    ['delayed', { ms: 60_000 }, [60_500]],
    ['reordered', {}, [10_500]],
  ] as const)('"%s" hits the event before it is sent', async (kind, more, expected) => {
    const { trello, id, clock, faults, journal } = await startWatched()
    const began = clock.now()
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    faults.add({ at: 'callback.trello', kind, times: 1, ticket: 'T-7QK2M-9XD4R', ...more } as Parameters<
      typeof faults.add
    >[0])
    trello.archiveCard(id)
    await clock.runUntilQuiet()
    expect(journal.all({ source: 'trello', kind: 'callback' }).map(({ time }) => time - began)).toEqual(expected)
    expect(journal.all({ source: 'fault' })).toMatchObject([{ at: 'callback.trello' }])
    expect(faults.unfired()).toEqual([])
  })

  test('of one ticket hits what happens to its card, its end too', async () => {
    const { trello, id, clock, faults, heard } = await startWatched()
    faults.add({ at: 'callback.trello', kind: 'lost', ticket: 'T-7QK2M-9XD4R' })
    const other = trello.addCard('Buy milk', 'Doing')
    trello.deleteCard(id)
    trello.deleteCard(other)
    await clock.runUntilQuiet()
    expect(heard.map(({ body }) => JSON.parse(body).action.data.card.id)).toEqual([other, other])
  })

  test('"reordered" lets the next ones overtake it', async () => {
    const { trello, id, clock, faults, bodies } = await startWatched()
    faults.add({ at: 'callback.*', kind: 'reordered', times: 1 })
    trello.archiveCard(id)
    await clock.advance('1s')
    trello.unarchiveCard(id)
    await clock.runUntilQuiet()
    expect(bodies()).toMatchObject([
      { action: { data: { card: { closed: false } } } },
      { action: { data: { card: { closed: true } } } },
    ])
  })

  test.each([
    ['5xx before', { kind: '5xx' }, 1],
    ['5xx after', { kind: '5xx', when: 'after' }, 2],
    ['reset before', { kind: 'reset' }, 1],
    ['reset after', { kind: 'reset', when: 'after' }, 2],
    ['time-out before', { kind: 'timeout-before-effect' }, 1],
    ['time-out after', { kind: 'timeout-after-effect' }, 2],
    ['a late effect', { kind: 'timeout-late-effect', ms: 40_000 }, 2],
    ['half an answer', { kind: 'half-answer' }, 2],
  ] as const)('%s: Trello sends it again, and we hear it so often', async (_name, fault, times) => {
    const { trello, id, clock, faults, heard } = await startWatched()
    faults.add({ at: 'callback.trello', times: 1, ...fault })
    trello.archiveCard(id)
    await clock.runUntilQuiet()
    expect(heard).toHaveLength(times)
    expect(trello.webhooks).toMatchObject([{ consecutiveFailures: 0 }])
  })

  test('of all calls of Trello does not hit its callbacks', async () => {
    const { trello, id, clock, faults, heard, get, board } = await startWatched()
    faults.add({ at: 'trello.*', kind: '5xx' })
    trello.archiveCard(id)
    await clock.runUntilQuiet()
    expect(heard).toHaveLength(1)
    expect(await get(board)).toMatchObject({ status: 503 })
  })

  test('hits the check of an address too', async () => {
    const { faults, call, trello, heard } = await startWatched()
    faults.add({ at: 'callback.trelloCheck', kind: '5xx', status: 502 })
    const json = { callbackURL: `${callbackURL}/2`, idModel: trello.boardId }
    expect(await call('POST', '/webhooks', { json })).toMatchObject({
      status: 400,
      value: { message: `URL (${callbackURL}/2) did not return 200 status code, got 502` },
    })
    expect(heard).toEqual([])
  })

  test('cannot lose the check of an address', () => {
    const faults = createFaults()
    const wrong = { at: 'callback.trelloCheck', kind: 'lost' }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    expect(() => faults.add(wrong as never)).toThrow('cannot be "lost"')
  })
})

test('a restart keeps webhooks and what waits to be sent, without credentials', async () => {
  const { trello, id, clock, heard } = await startWatched(500)
  trello.archiveCard(id)
  await clock.advance('1s')
  const saved = trello.save()
  trello.close()
  expect(saved).not.toContain('simulated-trello')
  const listener = createListener()
  const later = createVirtualClock(clock.now())
  const again = createTrelloSimulator({ clock: later, fetch: listener.fetch })
  again.restore(saved)
  expect(again.webhooks).toEqual(trello.webhooks)
  await later.runUntilQuiet()
  expect(heard).toHaveLength(1)
  expect(listener.heard.map(({ body }) => JSON.parse(body).action)).toEqual(
    heard.map(({ body }) => JSON.parse(body).action),
  )
  await clock.runUntilQuiet()
  expect(heard).toHaveLength(1)
})
