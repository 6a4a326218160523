import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type FakeAnswer, type SeenCall, fakeFetch, fetchFailure } from '../../test/fake-fetch.ts'
import { SECRET } from '../../test/fake-secrets.ts'
import { startClock } from '../../test/clock.ts'
import { type BoardConnection, connectBoard } from './index.ts'

const FIXTURES = new URL('../../../../fixtures/trello/', import.meta.url)
const URL_OF_OURS = 'https://tickets.example.com/trello'
const BOARD = '63d128787441d05619f44dbe'
/** What Trello answered when a board had our webhook. */
const [CAPTURED] = JSON.parse(readFileSync(new URL('webhooks-of-token-2023.json', FIXTURES), 'utf8'))
const RECORDED: readonly { call: string; when: string; status: number; body: unknown }[] = JSON.parse(
  readFileSync(new URL('rest-answers-2020.json', FIXTURES), 'utf8'),
)

/** A recorded answer to a second webhook, or to one whose address did not answer. */
function recorded(when: string): Response {
  const found = RECORDED.find((one) => one.call.includes('webhooks') && one.when === when)
  if (!found) throw new Error(`no recorded answer: ${when}`)
  return new Response(typeof found.body === 'string' ? found.body : JSON.stringify(found.body), found)
}

/** A board whose token has these webhooks; `create` answers a new one. */
function trello(webhooks: readonly object[], create: FakeAnswer = Response.json(CAPTURED)) {
  return ({ method, url }: SeenCall): FakeAnswer => {
    if (method === 'POST') return create
    if (method === 'PUT') return Response.json(CAPTURED)
    return Response.json(url.pathname.endsWith('/webhooks') ? webhooks : { id: BOARD, name: 'Help desk' })
  }
}

async function connect(answer: (call: SeenCall) => FakeAnswer) {
  const clock = startClock()
  const { fetch, calls } = fakeFetch(answer)
  const connecting = connectBoard({
    fetch,
    clock,
    secret: { ...SECRET.trello, boardId: 'AbCdEfGh' },
    baseUrl: 'https://trello.test/',
    callbackUrl: URL_OF_OURS,
  })
  await clock.advance(31_000)
  const connection: BoardConnection = await connecting
  return { connection, calls, writes: calls.filter(({ method }) => method !== 'GET') }
}

test('a board without a webhook gets one, under its full id', async () => {
  const { connection, writes } = await connect(trello([]))
  expect(connection).toMatchObject({ kind: 'connected', how: 'made', board: 'Help desk', others: [] })
  expect(writes).toMatchObject([
    { method: 'POST', url: { pathname: '/1/webhooks' }, body: { idModel: BOARD, callbackURL: URL_OF_OURS } },
  ])
})

test('a webhook that is there stays as it is', async () => {
  const { connection, writes } = await connect(trello([{ ...CAPTURED, consecutiveFailures: 64 }]))
  expect(connection).toMatchObject({ kind: 'connected', how: 'found', webhookId: CAPTURED.id, failures: 64 })
  expect(writes).toEqual([])
})

test('a webhook that Trello switched off is enabled', async () => {
  const { connection, writes } = await connect(trello([{ ...CAPTURED, active: false }]))
  expect(connection).toMatchObject({ kind: 'connected', how: 'enabled' })
  expect(writes).toMatchObject([
    { method: 'PUT', url: { pathname: `/1/webhooks/${CAPTURED.id}` }, body: { active: true } },
  ])
})

test('webhooks of other boards and with other addresses are left alone; those of this board are named', async () => {
  const moved = { ...CAPTURED, id: '63e2892778670f4f7b7ffa2f', callbackURL: 'https://old.example.com/trello' }
  const foreign = { ...CAPTURED, id: '63e2892778670f4f7b7ffa30', idModel: '63d128787441d05619f44dbf' }
  const { connection, writes } = await connect(trello([moved, foreign]))
  expect(connection).toMatchObject({ kind: 'connected', how: 'made', others: [{ callbackURL: moved.callbackURL }] })
  expect(writes).toHaveLength(1)
})

test('a webhook that another run made meanwhile is the one', async () => {
  let looks = 0
  const { connection } = await connect((call) => {
    if (call.method === 'GET' && call.url.pathname.endsWith('/webhooks')) looks += 1
    return trello(looks > 1 ? [CAPTURED] : [], recorded('made a second time'))(call)
  })
  expect(connection).toMatchObject({ kind: 'connected', how: 'found' })
})

test('an address that did not answer Trello is named, with what it answered', async () => {
  const { connection } = await connect(trello([], recorded('the HEAD check got 405')))
  expect(connection).toEqual({
    kind: 'failed',
    code: 'address',
    reason: `Trello asked ${URL_OF_OURS} and got 405 in place of 200.`,
  })
})

test.each<[string, FakeAnswer, string]>([
  ['refuses the token', new Response('invalid token', { status: 401 }), 'refused'],
  ['has a webhook that its list did not show', recorded('made a second time'), 'refused'],
  ['does not answer', fetchFailure('ECONNREFUSED'), 'no-answer'],
  ['answers with something else', Response.json([]), 'no-answer'],
  ['is down', new Response('', { status: 503 }), 'no-answer'],
])('a Trello that %s is no success', async (_what, answer, code) => {
  const { connection } = await connect(trello([], answer))
  expect(connection).toMatchObject({ kind: 'failed', code })
})

test('no failure shows key or token, though the list of webhooks has the token in its address', async () => {
  const { key, token } = SECRET.trello
  for (const at of ['/boards/', '/webhooks']) {
    const { connection, calls } = await connect((call) =>
      call.url.pathname.includes(at)
        ? new Response(`cannot ${call.url.href} ${key}`, { status: 400 })
        : trello([])(call),
    )
    expect(connection.kind).toBe('failed')
    expect(JSON.stringify(connection)).not.toMatch(new RegExp(`${key}|${token}`))
    expect(calls.filter(({ url }) => url.href.includes(token)).length).toBeLessThanOrEqual(1)
  }
})
