import { expect, test } from 'vitest'
import { startClock } from '../../test/clock.ts'
import { type FakeAnswer, type SeenCall, fakeFetch, fetchFailure } from '../../test/fake-fetch.ts'
import { SECRET } from '../../test/fake-secrets.ts'
import { type TrelloCheck, createTrelloCheck } from './index.ts'

const BOARD = '63d128787441d05619f44dbe'
const permission = (write: boolean) => ({ idModel: '*', modelType: 'Board', read: true, write })
const text = (status: number, body: string) => new Response(body, { status })

async function ask<Answer>(
  answer: (call: SeenCall) => FakeAnswer,
  question: (check: TrelloCheck) => Promise<Answer>,
): Promise<{ found: Answer; calls: readonly SeenCall[] }> {
  const clock = startClock()
  const { fetch, calls } = fakeFetch(answer)
  const asking = question(
    createTrelloCheck({ fetch, clock, secret: { ...SECRET.trello, boardId: 'AbCdEfGh' }, baseUrl: 'https://t.test/' }),
  )
  await clock.advance(10_000)
  return { found: await asking, calls }
}

test.each([
  ['may write', { permissions: [permission(true)], dateExpires: null }, { kind: 'right', value: {} }],
  [
    'may only read',
    { permissions: [permission(false)] },
    { kind: 'wrong', keys: ['TRELLO_API_TOKEN'], reason: expect.stringContaining('scope=read,write') },
  ],
  [
    'is over',
    { permissions: [permission(true)], dateExpires: '2026-11-01T00:00:00.000Z' },
    { kind: 'wrong', keys: ['TRELLO_API_TOKEN'], reason: expect.stringContaining('expiration=never') },
  ],
  [
    'runs out later',
    { permissions: [permission(true)], dateExpires: '2027-01-01T00:00:00.000Z' },
    { kind: 'right', value: { expires: '2027-01-01T00:00:00.000Z' } },
  ],
])('a token that %s', async (_what, token, expected) => {
  const { found } = await ask(
    () => Response.json(token),
    (check) => check.token(),
  )
  expect(found).toEqual(expected)
})

test.each([
  [text(401, 'invalid key'), { kind: 'wrong', keys: ['TRELLO_API_KEY'] }],
  [text(401, 'invalid token'), { kind: 'wrong', keys: ['TRELLO_API_TOKEN'] }],
  [text(503, 'try later'), { kind: 'no-answer' }],
  [text(200, '<html>'), { kind: 'no-answer' }],
  [fetchFailure('ECONNREFUSED'), { kind: 'no-answer' }],
  ['hang', { kind: 'no-answer' }],
] as const)('what Trello answers instead says which key is wrong, or none: %o', async (answer, expected) => {
  const { found } = await ask(
    () => answer,
    (check) => check.token(),
  )
  expect(found).toMatchObject(expected)
  expect(JSON.stringify(found)).not.toMatch(new RegExp(`${SECRET.trello.token}|${SECRET.trello.key}`))
})

const board = (value: FakeAnswer) =>
  ask(
    () => value,
    (check) => check.board(),
  )

test('a board is found by its short id; one that is closed or not there is wrong', async () => {
  const open = await board(Response.json({ id: BOARD, name: 'Help desk', closed: false }))
  expect(open.found).toMatchObject({ kind: 'right', value: { id: BOARD, name: 'Help desk' } })
  expect(open.calls[0]?.url.pathname).toBe('/1/boards/AbCdEfGh')
  const wrong = { kind: 'wrong', keys: ['TRELLO_BOARD_ID'] }
  expect((await board(Response.json({ id: BOARD, name: 'Old', closed: true }))).found).toMatchObject(wrong)
  expect((await board(text(404, 'model not found'))).found).toMatchObject(wrong)
})

test('a list that is not there is wrong under its own key, and the answer names the others', async () => {
  const lists = [
    { id: '1', name: 'To do', closed: false },
    { id: '2', name: 'Done', closed: true },
  ]
  const find = (key: 'TRELLO_LIST_NAME' | 'TRELLO_DONE_LIST_NAME', name: string) =>
    ask(
      () => Response.json(lists),
      (check) => check.list({ key, name }),
    )
  expect((await find('TRELLO_LIST_NAME', 'To do')).found.kind).toBe('right')
  expect((await find('TRELLO_DONE_LIST_NAME', 'Done')).found).toMatchObject({
    kind: 'wrong',
    keys: ['TRELLO_DONE_LIST_NAME'],
    reason: expect.stringContaining('archived'),
  })
  expect((await find('TRELLO_LIST_NAME', 'Backlog')).found).toMatchObject({
    keys: ['TRELLO_LIST_NAME'],
    reason: expect.stringContaining('"To do"'),
  })
})

test('of the webhooks only those of the board count', async () => {
  const webhook = { id: 'w', idModel: BOARD, callbackURL: 'https://a.example/trello', consecutiveFailures: 3 }
  const { found } = await ask(
    () => Response.json([webhook, { ...webhook, idModel: 'another' }]),
    (check) => check.webhooks(BOARD),
  )
  expect(found).toMatchObject({ kind: 'right', value: [{ id: 'w', active: true, consecutiveFailures: 3 }] })
})
