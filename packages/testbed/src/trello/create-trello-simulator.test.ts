import { describe, expect, test } from 'vitest'
import { readFixture, startTrello as start } from '../../test/start-trello.ts'

const fixture = readFixture('trello/list-cards-2021.json')

/** The same members in the same order, values aside. */
const shapeOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).map(([name, member]) => [name, shapeOf(member)])
    : typeof value

/** A board with five cards, made a second apart; B stands in the second list. */
async function startWithFive() {
  const started = start()
  for (const name of ['A', 'B', 'C', 'D', 'E']) {
    await started.create({ name, ...(name === 'B' && { idList: started.doing }) })
    await started.clock.advance(1000)
  }
  const idOf = (name: string) => started.trello.cards.find((card) => card.name === name)?.id ?? ''
  return { ...started, idOf, cards: `${started.board}/cards` }
}

async function repeat(times: number, run: () => Promise<{ status: number }>) {
  const statuses: number[] = []
  for (let time = 0; time < times; time += 1) statuses.push((await run()).status)
  return statuses
}

// https://developer.atlassian.com/cloud/trello/rest/api-group-cards/#api-cards-post
describe('creating a card', () => {
  test('answers 200 with the whole card, member for member like one that Trello sent', async () => {
    const { create } = start()
    const { status, value } = await create({ name: 'Testing' })
    expect(status).toBe(200)
    expect(shapeOf(value)).toEqual(shapeOf(Array.isArray(fixture) ? fixture[0] : undefined))
  })

  test('returns an id with the second of creation, and links with a short link', async () => {
    const { create, trello } = start()
    const { value } = await create({ name: 'Login page is blank', desc: 'white' })
    const [card] = trello.cards
    expect(value).toMatchObject({
      id: card?.id,
      idShort: 1,
      name: 'Login page is blank',
      desc: 'white',
      dateLastActivity: '2026-11-23T14:03:22.000Z',
      url: expect.stringMatching(/^https:\/\/trello\.com\/c\/[A-Za-z0-9]{8}\/1-login-page-is-blank$/),
    })
    expect(Number.parseInt(card?.id.slice(0, 8) ?? '', 16)).toBe(1795442602)
  })

  test('takes a form and a query as well as JSON', async () => {
    const { call, todo, trello } = start()
    await call('POST', '/cards', { form: { idList: todo, name: 'by form' } })
    await call('POST', `/cards?${new URLSearchParams({ idList: todo, name: 'by query' }).toString()}`)
    expect(trello.cards.map(({ name }) => name)).toEqual(['by form', 'by query'])
  })

  test('puts it at the bottom unless `pos` is top', async () => {
    const { create, names, board } = start()
    await create({ name: 'first' })
    await create({ name: 'second' })
    await create({ name: 'urgent', pos: 'top' })
    expect(await names(`${board}/cards`)).toEqual(['urgent', 'first', 'second'])
  })

  // https://github.com/LFS6502/roblox-trello/issues/2 and other public users of the API: the texts are Trello's own, and plain
  test.each([
    ['no list', { idList: undefined }, '400 invalid value for idList'],
    ['a list id that cannot be one', { idList: 'To Do' }, '400 invalid value for idList'],
    [
      'a list that is not there',
      { idList: '5f000000000000000000dead' },
      '404 could not find the board that the card belongs to',
    ],
    ['a name of 16,385 characters', { name: 'x'.repeat(16_385) }, '400 invalid value for name'],
    ['a description of 16,385 characters', { desc: 'x'.repeat(16_385) }, '400 invalid value for desc'],
    ['a name that is a number', { name: 7 }, '400 invalid value for name'],
    ['a position of zero', { pos: 0 }, '400 invalid value for pos'],
    ['a label id that cannot be one', { idLabels: ['urgent'] }, '400 invalid value for idLabels'],
  ])('with %s is refused in plain text', async (_name, fields, refusal) => {
    const { create, trello } = start()
    const answer = await create(fields)
    expect(`${answer.status} ${String(answer.value)}`).toBe(refusal)
    expect(answer.headers.get('content-type')).toContain('text/plain')
    expect(trello.cards).toEqual([])
  })

  // https://github.com/rwjdk/trello-dotnet/releases/tag/2.3.0: 16,384 characters
  test('takes 16,384 characters of name and of description', async () => {
    const { create } = start()
    expect(await create({ name: 'x'.repeat(16_384), desc: 'y'.repeat(16_384) })).toMatchObject({ status: 200 })
  })

  test('refuses a body that is not JSON although its type says so', async () => {
    const { call, oauth } = start()
    const headers = { authorization: oauth(), 'content-type': 'application/json' }
    expect(await call('POST', '/cards', { text: '{"idList":', headers })).toMatchObject({
      status: 400,
      value: 'Error parsing body',
    })
  })

  // https://github.com/mheap/trello-cli/issues/241
  test('refuses a URL of more than about 8 KB with 414, whatever it asks', async () => {
    const { call, todo } = start()
    const query = (size: number) => `/cards?idList=${todo}&name=${'x'.repeat(size)}`
    expect(await call('POST', query(8300))).toMatchObject({ status: 414 })
    expect(await call('POST', query(8000))).toMatchObject({ status: 200 })
  })
})

// https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/
describe('credentials', () => {
  test('are taken from the query too', async () => {
    const { call, trello, board } = start()
    expect(await call('GET', `${board}/lists?key=${trello.key}&token=${trello.token}`, { headers: {} })).toMatchObject({
      status: 200,
    })
  })

  test.each([
    ['none', {}, 'unauthorized permission requested'],
    [
      'a wrong key',
      { authorization: 'OAuth oauth_consumer_key="other", oauth_token="simulated-trello-token-1"' },
      'invalid key',
    ],
    ['no key', { authorization: 'OAuth oauth_token="simulated-trello-token-1"' }, 'invalid key'],
    [
      'no token',
      { authorization: 'OAuth oauth_consumer_key="simulated-trello-key"' },
      'unauthorized permission requested',
    ],
    [
      'a wrong token',
      { authorization: 'OAuth oauth_consumer_key="simulated-trello-key", oauth_token="other"' },
      'invalid token',
    ],
    ['another scheme', { authorization: 'Bearer simulated-trello-token-1' }, 'unauthorized permission requested'],
  ])('%s: reading is refused with 401 in plain text', async (_name, headers, text) => {
    const { call, board } = start()
    expect(await call('GET', `${board}/lists`, { headers })).toMatchObject({ status: 401, value: text })
  })

  test('none: reading a card is refused with another text, writing with JSON', async () => {
    const { call, todo } = start()
    expect(await call('GET', `/cards/${todo}`, { headers: {} })).toMatchObject({
      status: 401,
      value: 'unauthorized card permission requested',
    })
    expect(await call('POST', '/cards', { json: { idList: todo }, headers: {} })).toMatchObject({
      status: 401,
      value: { message: 'missing scopes' },
    })
  })

  // https://github.com/sarumont/py-trello/issues/367
  test('that were revoked are refused as invalid token', async () => {
    const { get, trello, board } = start()
    trello.revokeToken()
    expect(await get(`${board}/lists`)).toMatchObject({ status: 401, value: 'invalid token' })
  })
})

// https://developer.atlassian.com/cloud/trello/rest/api-group-boards/#api-boards-id-lists-get
describe('lists of a board', () => {
  test('come from left to right with the fields that were asked for, and always the id', async () => {
    const { get, todo, board } = start()
    const { value } = await get(`${board}/lists?fields=name`)
    expect(value).toHaveLength(3)
    expect(Array.isArray(value) && value[0]).toEqual({ id: todo, name: 'To Do' })
  })

  test('are the open ones unless the filter says otherwise', async () => {
    const { names, trello, doing, board } = start()
    trello.archiveList(doing)
    expect(await names(`${board}/lists`)).toEqual(['To Do', 'Done'])
    expect(await names(`${board}/lists?filter=closed`)).toEqual(['Doing'])
    expect(await names(`${board}/lists?filter=all`)).toEqual(['To Do', 'Doing', 'Done'])
    expect(await names(`${board}/lists?filter=open`)).toEqual(['To Do', 'Done'])
    expect(await names(`${board}/lists?filter=some`)).toBe('invalid value for filter')
  })

  // https://github.com/GothenburgBitFactory/bugwarrior/issues/639
  test('of an impossible board id: 400 invalid id; of an unknown one: 404', async () => {
    const { get } = start()
    expect(await get('/boards/Stuff/lists')).toMatchObject({ status: 400, value: 'invalid id' })
    expect(await get('/boards/5f000000000000000000dead/lists')).toMatchObject({ status: 404 })
  })
})

// https://developer.atlassian.com/cloud/trello/guides/rest-api/nested-resources/
describe('cards of a board', () => {
  test('come as the board shows them: by list, then from top to bottom', async () => {
    const { names, cards } = await startWithFive()
    expect(await names(cards)).toEqual(['A', 'C', 'D', 'E', 'B'])
  })

  // https://exchangetuts.com/how-to-paginate-trello-api-response-1641622744639628: limit=1 gives the newest card
  test('come newest first, page by page, with limit and before', async () => {
    const { names, idOf, cards } = await startWithFive()
    expect(await names(`${cards}?limit=2`)).toEqual(['E', 'D'])
    expect(await names(`${cards}?limit=2&before=${idOf('D')}`)).toEqual(['C', 'B'])
    expect(await names(`${cards}?limit=2&before=${idOf('B')}`)).toEqual(['A'])
    expect(await names(`${cards}?limit=2&before=${idOf('A')}`)).toEqual([])
  })

  test('are bounded by since and before, as instants of creation or as ids', async () => {
    const { names, idOf, cards } = await startWithFive()
    expect(await names(`${cards}?since=2026-11-23T14:03:24Z`)).toEqual(['E', 'D', 'C'])
    expect(await names(`${cards}?since=${idOf('C')}&before=2026-11-23T14:03:26Z`)).toEqual(['D'])
  })

  test('leave out archived cards and cards of archived lists unless the filter says otherwise', async () => {
    const { names, idOf, cards, trello, doing } = await startWithFive()
    trello.archiveCard(idOf('D'))
    trello.archiveList(doing)
    expect(await names(cards)).toEqual(['A', 'C', 'E'])
    expect(await names(`${cards}?filter=open`)).toEqual(['A', 'C', 'E', 'B'])
    expect(await names(`${cards}?filter=closed`)).toEqual(['D'])
    expect(await names(`${cards}?filter=all`)).toEqual(['A', 'C', 'D', 'E', 'B'])
    expect(await names(`${cards}?filter=none`)).toEqual([])
  })

  test('no longer show a card that was deleted', async () => {
    const { names, idOf, cards, call } = await startWithFive()
    expect(await call('DELETE', `/cards/${idOf('D')}`)).toMatchObject({ status: 200, value: { limits: {} } })
    expect(await names(`${cards}?filter=all`)).toEqual(['A', 'C', 'E', 'B'])
  })

  test.each(['limit=0', 'limit=1001', 'limit=many', 'before=yesterday-ish', 'since=x', 'filter=some', 'fields=nme'])(
    'are refused for %s',
    async (query) => {
      const { get, cards } = await startWithFive()
      expect(await get(`${cards}?${query}`)).toMatchObject({
        status: 400,
        value: `invalid value for ${query.split('=')[0]}`,
      })
    },
  )

  test('of a list that does not exist: 404 with other words', async () => {
    const { get } = await startWithFive()
    expect(await get('/lists/5f000000000000000000dead/cards')).toMatchObject({ status: 404, value: 'model not found' })
  })

  test('of one list are its own', async () => {
    const { names, doing } = await startWithFive()
    expect(await names(`/lists/${doing}/cards?fields=name,desc`)).toEqual(['B'])
  })
})

describe('one card', () => {
  test('is found by id and by short link', async () => {
    const { get, create, trello } = start()
    await create({ name: 'here' })
    const [card] = trello.cards
    expect(await get(`/cards/${card?.id}?fields=name`)).toMatchObject({ value: { id: card?.id, name: 'here' } })
    expect(await get(`/cards/${card?.url.slice(-8)}?fields=name`)).toMatchObject({
      value: { id: card?.id, name: 'here' },
    })
  })

  test('is archived, moved and renamed by PUT', async () => {
    const { call, create, trello, doing } = start()
    await create({ name: 'here' })
    const path = `/cards/${trello.cards[0]?.id}`
    expect(await call('PUT', path, { json: { closed: true, idList: doing, name: 'there' } })).toMatchObject({
      status: 200,
      value: { closed: true, idList: doing, name: 'there' },
    })
    expect(trello.cards).toMatchObject([{ closed: true, list: 'Doing', name: 'there' }])
  })

  test('that does not exist: 404 in plain text', async () => {
    const { get } = start()
    expect(await get('/cards/5f000000000000000000dead')).toMatchObject({
      status: 404,
      value: 'The requested resource was not found.',
    })
  })

  test('of a route that does not exist: 404 in plain text that repeats the query', async () => {
    expect(await start().get('/cardz?key=k')).toMatchObject({ status: 404, value: 'Cannot GET /1/cardz?key=k' })
  })
})

// https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits
describe('the rate limits', () => {
  const TOKEN_LIMIT = { error: 'API_TOKEN_LIMIT_EXCEEDED', message: 'Rate limit exceeded' }
  const KEY_LIMIT = { error: 'API_KEY_LIMIT_EXCEEDED', message: 'Rate limit exceeded' }

  test('take 100 requests of a token in 10 s, and answer more with a JSON 429 that names no time', async () => {
    const { clock, get, board, trello } = start()
    expect(new Set(await repeat(100, () => get(board)))).toEqual(new Set([200]))
    const refused = await get(board)
    expect(refused).toMatchObject({ status: 429, value: TOKEN_LIMIT })
    expect(refused.headers.get('retry-after')).toBeNull()
    expect(trello.largestWindow()).toBe(101)
    await clock.advance(10_000)
    expect(await get(board)).toMatchObject({ status: 200 })
  })

  test('are in headers of every answer', async () => {
    const { get, board } = start()
    await get(board)
    const { headers } = await get(board)
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-rate-limit-api-key-interval-ms': '10000',
      'x-rate-limit-api-key-max': '300',
      'x-rate-limit-api-key-remaining': '298',
      'x-rate-limit-api-token-interval-ms': '10000',
      'x-rate-limit-api-token-max': '100',
      'x-rate-limit-api-token-remaining': '98',
    })
  })

  test('take 300 requests of a key in 10 s over all of its tokens', async () => {
    const { call, oauth, board, trello } = start()
    const tokens = [trello.token, trello.addToken(), trello.addToken(), trello.addToken()]
    const getAs = (token = '') => call('GET', board, { headers: { authorization: oauth(token) } })
    for (const token of tokens.slice(0, 3))
      expect(new Set(await repeat(100, () => getAs(token)))).toEqual(new Set([200]))
    expect(await getAs(tokens[3])).toMatchObject({ status: 429, value: KEY_LIMIT })
  })

  test('refuse everything of a key for the rest of the window after more than 200 refusals', async () => {
    const { clock, call, get, oauth, board, trello } = start()
    const other = trello.addToken()
    const getAsOther = () => call('GET', board, { headers: { authorization: oauth(other) } })
    await repeat(100 + 200, () => get(board))
    expect(await getAsOther()).toMatchObject({ status: 200 })
    await get(board)
    expect(await getAsOther()).toMatchObject({ status: 429 })
    await clock.advance(10_000)
    expect(await getAsOther()).toMatchObject({ status: 200 })
  })
})

test('restores boards, lists and cards of a saved state, and continues the ids', async () => {
  const { trello, create, call } = start()
  await create({ name: 'kept' })
  await call('PUT', `/cards/${trello.cards[0]?.id}`, { json: { closed: true } })
  const again = start()
  again.trello.restore(trello.save())
  expect(again.trello.cards).toEqual(trello.cards)
  expect(again.trello.lists).toEqual(trello.lists)
  await again.create({ name: 'new' })
  expect(new Set(again.trello.cards.map(({ id }) => id)).size).toBe(2)
  expect(again.trello.cards[1]?.idShort).toBe(2)
})

test('the same seed and the same instants give the same ids', async () => {
  const [one, other] = [start(), start()]
  await one.create({ name: 'x' })
  await other.create({ name: 'x' })
  expect(one.trello.cards).toEqual(other.trello.cards)
})
