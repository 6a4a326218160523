import type { DeliveryOutcome, SecretSource, Ticket } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { buildTicket } from '../../test/build-ticket.ts'
import { type FakeAnswer, type SeenCall, fakeFetch, fetchFailure } from '../../test/fake-fetch.ts'
import { fakeSecrets, noSecrets, SECRET } from '../../test/fake-secrets.ts'
import { type MadeCard, fakeTrello, makeCard } from '../../test/fake-trello.ts'
import { startClock, START } from '../../test/clock.ts'
import { createTrelloSink } from './index.ts'

type Answer = (call: SeenCall, count: number) => FakeAnswer

const KEPT_AT = 'cases/T-7QK2M-9XD4R.json'

function startSink(answer: Answer, secrets: SecretSource = fakeSecrets()) {
  const clock = startClock()
  const { fetch, calls } = fakeFetch(answer)
  const sink = createTrelloSink({ fetch, clock, secrets, baseUrl: 'https://trello.test/' })
  return {
    calls,
    clock,
    paths: () => calls.map(({ method, url }) => `${method} ${url.pathname}`),
    deliver: async (change: Partial<Ticket> = {}, suspect = false): Promise<DeliveryOutcome> => {
      const deadline = clock.monotonic() + 20_000
      const delivered = sink.deliver({
        ticket: buildTicket(change),
        suspect,
        firstClaimAt: START,
        deadline,
        keptAt: KEPT_AT,
      })
      await clock.advance(21_000)
      return delivered
    },
  }
}

const LISTS = 'GET /1/boards/5f0000000000000000000001/lists'
const CARDS = 'GET /1/boards/5f0000000000000000000001/cards'
const CREATE = 'POST /1/cards'
const refuseWith =
  (status: number, body: string, of: (call: SeenCall) => boolean = () => true) =>
  (call: SeenCall): FakeAnswer | undefined =>
    of(call) ? new Response(body, { status }) : undefined
const isCreate = ({ method }: SeenCall): boolean => method === 'POST'

describe('a ticket', () => {
  test('becomes a card on the list of the configured name', async () => {
    const { deliver, calls, paths } = startSink(fakeTrello())
    expect(await deliver()).toEqual({
      kind: 'delivered',
      receipt: {
        destination: 'board',
        where: 'card short007',
        vendorId: '6b0447aa0000000000000007',
        url: 'https://trello.com/c/short007',
      },
    })
    expect(paths()).toEqual([LISTS, CREATE])
    expect(calls[1]?.body).toEqual({
      idList: 'list-1',
      pos: 'top',
      name: 'Login page is blank',
      desc: [
        'Since 9:40 the login page stays white in Firefox.',
        '',
        'Priority medium, reported by Ada Lovelace at 2026-11-23T14:03:22.000Z',
        '',
        '`ticket T-7QK2M-9XD4R`',
      ].join('\n'),
    })
  })

  test('goes with its credentials in the header, never in the address, and says that it is ours', async () => {
    const { deliver, calls } = startSink(fakeTrello())
    await deliver()
    for (const { url, headers } of calls) {
      expect(url.href).not.toMatch(/trello-key|trello-token/)
      expect(headers.get('x-trello-client-identifier')).toBe('ticketing')
      expect(headers.get('authorization')).toBe(
        'OAuth oauth_consumer_key="trello-key-0123", oauth_token="ATTA-trello-token"',
      )
    }
  })

  test('asks for the list once, and again only when it is gone', async () => {
    const lists = [{ id: 'list-1', name: 'To do', closed: false }]
    const { deliver, paths } = startSink(fakeTrello({ lists }))
    await deliver()
    await deliver()
    lists[0] = { id: 'list-2', name: 'To do', closed: false }
    expect(await deliver()).toMatchObject({ kind: 'delivered' })
    expect(paths()).toEqual([LISTS, CREATE, CREATE, CREATE, LISTS, CREATE])
  })

  test('is not sent round and round when a list that was just found is refused', async () => {
    const { deliver, paths } = startSink(fakeTrello({ broken: refuseWith(400, 'invalid value for idList', isCreate) }))
    expect(await deliver()).toMatchObject({ kind: 'rejected', code: 'trello-400' })
    expect(paths()).toEqual([LISTS, CREATE])
  })
})

describe('a list that cannot be used is explained', () => {
  test.each([
    [
      [{ id: 'a', name: 'Doing', closed: false }],
      'trello-list-missing',
      'The board has no list "To do"; TRELLO_LIST_NAME must be one of: "Doing".',
    ],
    [
      [{ id: 'a', name: 'To do', closed: true }],
      'trello-list-closed',
      'The list "To do" is archived: bring it back, or change TRELLO_LIST_NAME.',
    ],
    [
      [
        { id: 'a', name: 'To do', closed: false },
        { id: 'b', name: 'To do', closed: false },
      ],
      'trello-list-ambiguous',
      '2 open lists are named "To do" (a, b): rename all but one, or change TRELLO_LIST_NAME.',
    ],
  ])('%#', async (lists, code, reason) => {
    expect(await startSink(fakeTrello({ lists })).deliver()).toEqual({ kind: 'rejected', code, reason })
  })

  test('an archived list of the same name does not stand in the way of the open one', async () => {
    const lists = [
      { id: 'old', name: 'To do', closed: true },
      { id: 'new', name: 'To do', closed: false },
    ]
    expect(await startSink(fakeTrello({ lists })).deliver()).toMatchObject({ kind: 'delivered' })
  })
})

describe('a suspect', () => {
  const marked = makeCard(1_795_442_650, 3, 'Edited by people\n`ticket T-7QK2M-9XD4R`\nsince')

  test('is found by its marker, and no second card is made', async () => {
    const { deliver, calls, paths } = startSink(fakeTrello({ cards: [marked] }))
    expect(await deliver({}, true)).toMatchObject({
      kind: 'delivered',
      receipt: { where: 'card short003', found: true },
    })
    expect(paths()).toEqual([CARDS])
    expect(Object.fromEntries(calls[0]?.url.searchParams ?? [])).toEqual({
      filter: 'all',
      fields: 'desc,shortLink,shortUrl',
      limit: '1000',
      since: '2026-11-23T13:53:22.000Z',
    })
  })

  test('is looked for page by page', async () => {
    const others = Array.from({ length: 2500 }, (_, index) => makeCard(1_795_442_700, index + 10, 'another'))
    const { deliver, calls } = startSink(fakeTrello({ cards: [marked, ...others] }))
    expect(await deliver({}, true)).toMatchObject({ kind: 'delivered', receipt: { found: true } })
    expect(calls.map(({ url }) => url.searchParams.get('before'))).toEqual([
      null,
      '6b04480c00000000000005e6',
      '6b04480c00000000000001fe',
    ])
  })

  test('that is nowhere is created', async () => {
    const { deliver, paths } = startSink(fakeTrello({ cards: [makeCard(1_795_442_650, 3, '`ticket T-00000-00000`')] }))
    expect(await deliver({}, true)).toMatchObject({ kind: 'delivered', receipt: { where: 'card short007' } })
    expect(paths()).toEqual([CARDS, LISTS, CREATE])
  })

  test.each<[string, FakeAnswer, string]>([
    ['429', new Response('{"error":"API_TOKEN_LIMIT_EXCEEDED"}', { status: 429 }), 'trello-429'],
    ['500', new Response('', { status: 500 }), 'trello-500'],
    ['504', new Response('', { status: 504 }), 'trello-504'],
    ['404', new Response('The requested resource was not found.', { status: 404 }), 'trello-404'],
    ['401', new Response('invalid token', { status: 401 }), 'trello-401'],
    ['no list of cards', new Response('<html>'), 'trello-unreadable'],
    ['a card without an id', Response.json([{ desc: '' }]), 'trello-unreadable'],
    ['a reset', fetchFailure('ECONNRESET'), 'trello-no-answer'],
    ['nothing', 'hang', 'trello-no-answer'],
  ])('whose lookup fails (%s) is tried again later, never created blindly', async (_, answer, code) => {
    const { deliver, calls } = startSink(() => answer)
    expect(await deliver({}, true)).toMatchObject({ kind: 'retry', code })
    expect(calls.some(isCreate)).toBe(false)
  })

  test('is not found by what a user wrote', async () => {
    const forger = startSink(fakeTrello())
    await forger.deliver({ description: '`ticket T-00000-00001`', steps: 'a\n`ticket T-00000-00001`' })
    const { desc }: MadeCard = JSON.parse(forger.calls.find(isCreate)?.text ?? '')
    const { deliver, paths } = startSink(fakeTrello({ cards: [makeCard(1_795_442_650, 3, desc)] }))
    await deliver({ id: 'T-00000-00001' }, true)
    expect(paths()).toEqual([CARDS, LISTS, CREATE])
  })
})

describe('what Trello answers to a new card', () => {
  test.each<[string, FakeAnswer, object]>([
    [
      '400',
      new Response('invalid value for name', { status: 400 }),
      { kind: 'rejected', code: 'trello-400', reason: 'trello answered 400: invalid value for name.' },
    ],
    [
      '413',
      new Response('', { status: 413 }),
      { kind: 'rejected', code: 'trello-413', reason: 'trello answered 413.' },
    ],
    [
      '429',
      new Response('{"error":"API_TOKEN_LIMIT_EXCEEDED"}', { status: 429 }),
      { kind: 'retry', code: 'trello-429', vendorDown: true },
    ],
    ['502', new Response('', { status: 502 }), { kind: 'unknown', code: 'trello-502', vendorDown: true }],
    ['200 without a card', new Response('<html>'), { kind: 'unknown', code: 'trello-unreadable' }],
    ['a refused connection', fetchFailure('ECONNREFUSED'), { kind: 'retry', code: 'trello-not-sent' }],
    ['a reset', fetchFailure('UND_ERR_SOCKET'), { kind: 'unknown', code: 'trello-no-answer' }],
    ['nothing', 'hang', { kind: 'unknown', code: 'trello-no-answer' }],
  ])('%s', async (_, answer, expected) => {
    const { deliver } = startSink(fakeTrello({ broken: (call) => (isCreate(call) ? answer : undefined) }))
    expect(await deliver()).toMatchObject(expected)
  })

  test('a failure before the card, even a 500, has surely made none', async () => {
    const { deliver } = startSink(fakeTrello({ broken: refuseWith(500, '') }))
    expect(await deliver()).toMatchObject({ kind: 'retry', code: 'trello-500', vendorDown: true })
  })

  test('credentials that an answer repeats do not reach the reason', async () => {
    const body = `bad: ${SECRET.trello.token} ${SECRET.trello.key}`
    const outcome = await startSink(fakeTrello({ broken: refuseWith(400, body, isCreate) })).deliver()
    expect(outcome).toMatchObject({ reason: 'trello answered 400: bad: [secret] [secret].' })
  })
})

function oldTokenIsRefused({ headers }: SeenCall): FakeAnswer | undefined {
  if (headers.get('authorization')?.includes('ATTA-new-token')) return undefined
  return new Response('invalid token', { status: 401 })
}

describe('refused credentials', () => {
  const fresh = { ...SECRET, trello: { ...SECRET.trello, token: 'ATTA-new-token' } }

  test('are read again once, and then the ticket goes', async () => {
    const secrets = fakeSecrets(SECRET, fresh)
    const { deliver } = startSink(fakeTrello({ broken: oldTokenIsRefused }), secrets)
    expect(await deliver()).toMatchObject({ kind: 'delivered' })
    expect(secrets.refreshes()).toBe(1)
  })

  test('are read again for a look, too', async () => {
    const { deliver } = startSink(fakeTrello({ broken: oldTokenIsRefused }), fakeSecrets(SECRET, fresh))
    expect(await deliver({}, true)).toMatchObject({ kind: 'delivered' })
  })

  test.each([401, 403])('(%d) that have not changed reject the ticket', async (status) => {
    const { deliver, calls } = startSink(fakeTrello({ broken: refuseWith(status, 'invalid token') }))
    expect(await deliver()).toMatchObject({ kind: 'rejected', code: `trello-${status}` })
    expect(calls).toHaveLength(1)
  })
})

const otherBoardIsRefused = (status: number) =>
  refuseWith(status, status === 400 ? 'invalid id' : 'board not found', ({ url }) => url.pathname.includes('00ff'))

describe('a board or list that the secret names wrongly', () => {
  const wrongList = { ...SECRET, trello: { ...SECRET.trello, listName: 'To du' } }
  const wrongBoard = { ...SECRET, trello: { ...SECRET.trello, boardId: '5f00000000000000000000ff' } }

  test.each([
    ['list', fakeTrello(), wrongList],
    ['board, 404', fakeTrello({ broken: otherBoardIsRefused(404) }), wrongBoard],
    ['board, 400', fakeTrello({ broken: otherBoardIsRefused(400) }), wrongBoard],
  ])('is read again once, for it may have been corrected since: %s', async (_, answer, wrong) => {
    const secrets = fakeSecrets(wrong, SECRET)
    expect(await startSink(answer, secrets).deliver()).toMatchObject({ kind: 'delivered' })
    expect(secrets.refreshes()).toBe(1)
  })

  test('rejects the ticket when it has not changed', async () => {
    const { deliver, calls } = startSink(fakeTrello(), fakeSecrets(wrongList))
    expect(await deliver()).toMatchObject({ kind: 'rejected', code: 'trello-list-missing' })
    expect(calls).toHaveLength(1)
  })
})

test('without the secret nothing is sent, and every ticket waits', async () => {
  const { deliver, calls } = startSink(fakeTrello(), noSecrets)
  expect(await deliver()).toEqual({
    kind: 'retry',
    code: 'secret-unavailable',
    reason: 'It is down.',
    vendorDown: true,
  })
  expect(calls).toEqual([])
})

test('calls are 250 ms apart, so that two executions stay below 100 in 10 s', async () => {
  const clock = startClock()
  const at: number[] = []
  const answer = fakeTrello()
  const { fetch } = fakeFetch((call, count) => {
    at.push(clock.now() - START)
    return answer(call, count)
  })
  const sink = createTrelloSink({ fetch, clock, secrets: fakeSecrets() })
  const deadline = 20_000
  const delivery = { ticket: buildTicket(), suspect: true, firstClaimAt: START, deadline, keptAt: KEPT_AT }
  const delivered = sink.deliver(delivery)
  await clock.advance(5000)
  expect(await delivered).toMatchObject({ kind: 'delivered' })
  expect(at).toEqual([0, 250, 500])
})
