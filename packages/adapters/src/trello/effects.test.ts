import { type Case, type Change, type DeliveryOutcome, type TicketEvent, newCase } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { buildTicket } from '../../test/build-ticket.ts'
import { type FakeAnswer, type SeenCall, fakeFetch } from '../../test/fake-fetch.ts'
import { fakeSecrets, SECRET } from '../../test/fake-secrets.ts'
import { fakeTrello } from '../../test/fake-trello.ts'
import { startClock, START } from '../../test/clock.ts'
import { createTrelloSink } from './index.ts'

const CARD = '6b0447aa0000000000000007'
const RECEIPT = { destination: 'board', where: 'card short007', vendorId: CARD } as const
const LISTS = [
  { id: 'list-1', name: 'To do', closed: false },
  { id: 'list-3', name: 'Done', closed: false },
]
const WITH_DONE_LIST = { ...SECRET, trello: { ...SECRET.trello, doneListName: 'Done' } }

function event(change: Change, number = 1): TicketEvent {
  const { id: ticket, source } = buildTicket()
  return { v: 1, id: `teams:${number}`, ticket, source, at: number, by: { via: 'teams', name: 'Grace' }, ...change }
}

function caseOf(...events: readonly TicketEvent[]): Case {
  return { ...newCase(buildTicket(), 'n'), events }
}

/** A board with one card; what is not about the card is answered by the fake of the whole board. */
function startSink(card: object, { secret = SECRET, lists = LISTS } = {}) {
  const clock = startClock()
  const board = fakeTrello({ lists })
  const answer = (call: SeenCall, count: number): FakeAnswer =>
    call.url.pathname === `/1/cards/${CARD}` ? Response.json({ id: CARD, ...card }) : board(call, count)
  const { fetch, calls } = fakeFetch(answer)
  const sink = createTrelloSink({ fetch, clock, secrets: fakeSecrets(secret), baseUrl: 'https://trello.test' })
  return {
    calls,
    written: () => calls.filter(({ method }) => method === 'PUT').map(({ body }) => body),
    sync: async (known: Case): Promise<DeliveryOutcome> => {
      const deadline = clock.monotonic() + 20_000
      const delivery = { key: 'sync', known, since: 0, receipt: RECEIPT, suspect: false, firstClaimAt: START, deadline }
      const done = sink.sync({ ...delivery, keptAt: 'cases/T-7QK2M-9XD4R.json' })
      await clock.advance(21_000)
      return done
    },
  }
}

const OPEN_CARD = { name: 'Login', desc: 'White.', closed: false, dueComplete: false, idList: 'list-1' }
const CLOSED = event({ kind: 'closed' })
const REOPENED = event({ kind: 'reopened' }, 2)

describe('a card on a board with a list for what is done', () => {
  test.each<[string, object, readonly TicketEvent[], readonly object[]]>([
    ['moves there, complete, when its ticket is closed', {}, [CLOSED], [{ idList: 'list-3', dueComplete: true }]],
    ['stays there', { idList: 'list-3' }, [CLOSED], []],
    [
      'moves back when its ticket is reopened',
      { idList: 'list-3', dueComplete: true },
      [CLOSED, REOPENED],
      [{ dueComplete: false, idList: 'list-1' }],
    ],
    ['stays on a list of its people while its ticket is open', { idList: 'list-2' }, [CLOSED, REOPENED], []],
  ])('%s', async (_, card, events, written) => {
    const sink = startSink({ ...OPEN_CARD, ...card }, { secret: WITH_DONE_LIST })
    expect(await sink.sync(caseOf(...events))).toEqual({ kind: 'delivered', receipt: RECEIPT })
    expect(sink.written()).toEqual(written)
  })

  test('that the secret names wrongly is explained', async () => {
    const sink = startSink(OPEN_CARD, { secret: WITH_DONE_LIST, lists: LISTS.slice(0, 1) })
    expect(await sink.sync(caseOf(CLOSED))).toEqual({
      kind: 'rejected',
      code: 'trello-list-missing',
      reason: 'The board has no list "Done"; TRELLO_DONE_LIST_NAME must be one of: "To do".',
    })
  })
})

test('a card on a board without such a list is archived when its ticket is closed', async () => {
  const sink = startSink(OPEN_CARD)
  await sink.sync(caseOf(CLOSED))
  expect(sink.written()).toEqual([{ closed: true }])
})

test('a card whose ticket has another destination now is archived, not done', async () => {
  const sink = startSink({ ...OPEN_CARD, dueComplete: true }, { secret: WITH_DONE_LIST })
  await sink.sync(caseOf(event({ kind: 'priority-changed', to: 'high' })))
  expect(sink.written()).toEqual([{ closed: true }])
})

test('every call names its client, so that its callback is known', async () => {
  const sink = startSink(OPEN_CARD)
  await sink.sync(caseOf(CLOSED))
  expect(sink.calls.map(({ headers }) => headers.get('x-trello-client-identifier'))).toEqual(['ticketing', 'ticketing'])
})

test.each([
  ['no card', {}],
  ['a card without a list', { ...OPEN_CARD, idList: undefined }],
])('an answer with %s is tried again, and nothing is written', async (_, card) => {
  const sink = startSink(card)
  expect(await sink.sync(caseOf(CLOSED))).toMatchObject({ kind: 'retry', code: 'trello-unreadable' })
  expect(sink.written()).toEqual([])
})
