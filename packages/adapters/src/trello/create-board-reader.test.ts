import { describe, expect, test } from 'vitest'
import { startClock, START } from '../../test/clock.ts'
import { type FakeAnswer, type SeenCall, fakeFetch } from '../../test/fake-fetch.ts'
import { fakeSecrets, SECRET } from '../../test/fake-secrets.ts'
import { createBoardReader } from './index.ts'

const OWN = '5f0000000000000000000002'
const CARD = '6b0447aa0000000000000007'

/** Ids in the order of time; a larger number is later. */
function action(number: number): { readonly id: string } {
  return { id: number.toString(16).padStart(24, '0') }
}

function start(answer: (call: SeenCall, count: number) => FakeAnswer) {
  const clock = startClock()
  const { fetch, calls } = fakeFetch((call, count) =>
    call.url.pathname === '/1/members/me' ? Response.json({ id: OWN }) : answer(call, count),
  )
  const board = createBoardReader({ fetch, clock, secrets: fakeSecrets(SECRET), baseUrl: 'https://trello.test' })
  const settle = async <Value>(work: Promise<Value>): Promise<Value> => {
    await clock.advance(30_000)
    return work
  }
  const deadline = clock.monotonic() + 30_000
  return {
    calls,
    list: (before?: number) => settle(board.listActions({ since: START, before }, deadline)),
    mark: () => settle(board.readMarker(CARD, deadline)),
  }
}

describe('the board’s actions', () => {
  test('are listed page by page, back to the given instant, by whom our token belongs to', async () => {
    const all = Array.from({ length: 1500 }, (_, index) => action(1500 - index))
    const { list, calls } = start(({ url }) => {
      const before = url.searchParams.get('before')
      return Response.json(all.filter(({ id }) => before === null || id < before).slice(0, 1000))
    })
    expect(await list()).toEqual({ kind: 'actions', actions: all, isWhole: true, ownMember: OWN })
    const queries = calls.slice(1).map(({ url }) => [url.searchParams.get('since'), url.searchParams.get('before')])
    expect(queries).toEqual([
      [new Date(START).toISOString(), null],
      [new Date(START).toISOString(), action(501).id],
    ])
    expect(calls.every(({ method, url }) => method === 'GET' && !url.href.includes(SECRET.trello.token))).toBe(true)
  })

  test('are not whole after ten pages', async () => {
    const { list, calls } = start((_, count) =>
      Response.json(Array.from({ length: 1000 }, (_, index) => action(100_000 - count * 1000 - index))),
    )
    expect(await list(START + 1000)).toMatchObject({ isWhole: false })
    expect(calls).toHaveLength(11)
  })

  test.each<[string, () => FakeAnswer]>([
    ['is down', () => new Response('', { status: 503 })],
    ['refuses the token', () => new Response('invalid token', { status: 401 })],
    ['answers with something else', () => Response.json({ a: 1 })],
    ['answers with an action without an id', () => Response.json([{ type: 'updateCard' }])],
  ])('are unavailable while Trello %s, without a word of the token', async (_what, answer) => {
    const { list } = start(answer)
    const listed = await list()
    expect(listed.kind).toBe('unavailable')
    expect(JSON.stringify(listed)).not.toContain(SECRET.trello.token)
  })
})

describe('the marker line of a card', () => {
  test.each<[string, () => FakeAnswer, object]>([
    ['names its ticket', () => card('White.\n\n`ticket T-7QK2M-9XD4R`'), { ticket: 'T-7QK2M-9XD4R' }],
    ['may be followed by what people added', () => card('`ticket T-7QK2M-9XD4R`\nmore'), { ticket: 'T-7QK2M-9XD4R' }],
    ['must be a line of its own', () => card('see `ticket T-7QK2M-9XD4R`'), { ticket: undefined }],
    ['names no ticket that cannot be one', () => card('`ticket T-1`'), { ticket: undefined }],
    ['is gone with its card', () => new Response('', { status: 404 }), { kind: 'read' }],
    ['is not known while Trello is down', () => new Response('', { status: 502 }), { kind: 'unavailable' }],
    ['is not known from another answer', () => Response.json([]), { kind: 'unavailable' }],
  ])('%s', async (_what, answer, expected) => {
    const { mark } = start(answer)
    expect(await mark()).toMatchObject(expected)
  })
})

function card(desc: string): FakeAnswer {
  return Response.json({ id: CARD, desc })
}
