import { describe, expect, test } from 'vitest'
import { readFixture, shapeOf, startTrello } from '../../test/start-trello.ts'

/** A board with one card. */
async function startWithCard() {
  const started = startTrello()
  await started.create({ name: 'Login page is blank', desc: 'T-7QK2M-9XD4R' })
  const id = started.trello.cards[0]?.id ?? ''
  const card = `/cards/${id}`
  const actions = async (path = `${started.board}/actions`): Promise<Action[]> => {
    const { value } = await started.get(path)
    return Array.isArray(value) ? value : []
  }
  const types = async (path?: string) => (await actions(path)).map(({ type }) => type)
  return { ...started, id, card, actions, types }
}

type Act = (trello: Trello, id: string) => void

interface Action {
  readonly id: string
  readonly type: string
  readonly date: string
  readonly data: Readonly<Record<string, unknown>>
  readonly appCreator: unknown
}

function moveToNewBoard(trello: Trello, id: string): void {
  const { id: board } = trello.addBoard('Support', ['Inbox'])
  trello.moveCard(id, trello.lists.find(({ idBoard }) => idBoard === board)?.id ?? '')
}

/** The action of a captured callback. */
function captured(name: string, n = 0): unknown {
  const file = readFixture(`trello/${name}.json`)
  const body: unknown = Array.isArray(file) ? file[n] : file
  return typeof body === 'object' && body !== null && 'action' in body ? body.action : body
}

/** All actions of what people did. */
const act = async (run: (bed: Awaited<ReturnType<typeof startWithCard>>) => void) => {
  const bed = await startWithCard()
  run(bed)
  const state: { actions: Action[] } = JSON.parse(bed.trello.save())
  const ids = state.actions.slice(1).map(({ id }) => id)
  return Promise.all(ids.map(async (id) => (await bed.get(`/actions/${id}`)).value))
}

// Each shape is that of a capture, member for member.
describe('what a person does has the shape that Trello sent', () => {
  test('a card is dragged to another list: the move, then the position 19 ms later', async () => {
    const [moved, lower] = await act(({ trello, id }) => trello.moveCard(id, 'Doing'))
    expect(shapeOf(moved)).toEqual(shapeOf(captured('callback-card-moved-2024')))
    expect(moved).toMatchObject({
      date: '2026-11-23T14:03:22.000Z',
      appCreator: null,
      data: { listBefore: { name: 'To Do' }, listAfter: { name: 'Doing' } },
    })
    expect(lower).toMatchObject({
      type: 'updateCard',
      date: '2026-11-23T14:03:22.019Z',
      data: { old: { pos: expect.any(Number) }, list: { name: 'Doing' } },
      display: { translationKey: 'action_moved_card_lower' },
    })
  })

  test('a label is put on a card: the label, then all labels 31 ms later with an unknown key', async () => {
    const [added, echo] = await act(({ trello, id }) => trello.addLabel(id, 'orange'))
    expect(shapeOf(added)).toEqual(shapeOf(captured('callback-label-added-two-bodies-2023', 0)))
    expect(added).toMatchObject({ data: { value: 'orange', label: { color: 'orange' } } })
    expect(echo).toMatchObject({ data: { old: { idLabels: [] } }, display: { translationKey: 'unknown' } })
    expect(echo).toMatchObject({ date: '2026-11-23T14:03:22.031Z' })
  })

  test.each([
    ['joins a card', 'callback-member-joined-2023', (trello, id) => trello.joinCard(id)],
    ['marks a card complete', 'callback-due-complete-2023', (trello, id) => trello.completeCard(id)],
    ['renames a card', 'callback-card-renamed-2023', (trello, id) => trello.renameCard(id, 'Still blank')],
  ] satisfies [string, string, Act][])('a member %s', async (_name, capture, run) => {
    const [action] = await act(({ trello, id }) => run(trello, id))
    expect(shapeOf(action)).toEqual(shapeOf(captured(capture)))
  })

  // The catalogue of 2015, which lacks appCreator, limits and display.
  test.each([
    [
      'archives',
      (trello, id) => trello.archiveCard(id),
      { type: 'updateCard', data: { old: { closed: false }, card: { closed: true } } },
    ],
    [
      'describes',
      (trello, id) => trello.describeCard(id, 'white'),
      { data: { old: { desc: 'T-7QK2M-9XD4R' }, card: { desc: 'white' } } },
    ],
    ['dates', (trello, id) => trello.setDue(id, '2026-12-01T09:00:00.000Z'), { data: { old: { due: null } } }],
    [
      'assigns',
      (trello, id) => trello.assignCard(id, 'Grace Example'),
      { type: 'addMemberToCard', data: { member: { name: 'Grace Example' } } },
    ],
    [
      'ticks an item of',
      (trello, id) => trello.tickItem(id, 'Test'),
      { type: 'updateCheckItemStateOnCard', data: { checkItem: { state: 'complete' } } },
    ],
    ['links to', (trello, id) => trello.attachLink(id, 'https://example.com/a.png'), { type: 'addAttachmentToCard' }],
    [
      'comments',
      (trello, id) => void trello.comment(id, 'Looking.'),
      { type: 'commentCard', data: { text: 'Looking.', list: { name: 'To Do' } } },
    ],
  ] satisfies [string, Act, object][])('a person %s a card', async (_name, run, expected) => {
    const [action, ...more] = await act(({ trello, id }) => run(trello, id))
    expect(action).toMatchObject({ ...expected, memberCreator: { fullName: 'Ada Example' } })
    expect(more).toEqual([])
  })

  // The names in `data` that the catalogue of 2015 shows; newer actions have more.
  test.each([
    ['created', () => undefined, 0],
    ['archived', (trello, id) => trello.archiveCard(id), 1],
    ['renamed', (trello, id) => trello.renameCard(id, 'Still blank'), 1],
    ['description changed', (trello, id) => trello.describeCard(id, 'white'), 1],
    ['due set', (trello, id) => trello.setDue(id, '2026-12-01T09:00:00.000Z'), 1],
    ['moved between lists', (trello, id) => trello.moveCard(id, 'Doing'), 1],
    ['position changed', (trello, id) => trello.moveCard(id, 'Doing'), 2],
    ['deleted', (trello, id) => trello.deleteCard(id), 1],
    ['member added by somebody else', (trello, id) => trello.assignCard(id, 'Grace Example'), 1],
    ['label removed', (trello, id) => trello.addLabel(id, 'red'), 1],
    ['commented', (trello, id) => void trello.comment(id, 'Hello'), 1],
    ['comment edited', (trello, id) => trello.editComment(trello.comment(id, 'Hello'), 'Again'), 2],
    ['comment deleted', (trello, id) => trello.deleteComment(trello.comment(id, 'Hello')), 1],
    ['moved here from another board', moveToNewBoard, 2],
    ['moved to another board (seen from the old board)', moveToNewBoard, 1],
  ] satisfies [string, Act, number][])('"%s" has what the catalogue names', async (name, run, at) => {
    const bed = await startWithCard()
    run(bed.trello, bed.id)
    const { actions }: { actions: Action[] } = JSON.parse(bed.trello.save())
    const shown = readFixture('trello/actions-catalogue-2015.json') as Record<string, Action>
    expect(Object.keys(actions[at]?.data ?? {})).toEqual(
      expect.arrayContaining(Object.keys(shown[name]?.data ?? { no: 0 })),
    )
    expect(actions[at]?.type).toBe(name === 'label removed' ? 'addLabelToCard' : shown[name]?.type)
  })

  test('a card that is not a ticket is added', async () => {
    const [action] = await act(({ trello }) => trello.addCard('Buy milk', 'Doing', { by: 'graceexample' }))
    expect(action).toMatchObject({
      type: 'createCard',
      data: { card: { name: 'Buy milk' }, list: { name: 'Doing' } },
      memberCreator: { fullName: 'Grace Example' },
    })
  })

  test('a deleted card is named by its number alone', async () => {
    const [action] = await act(({ trello, id }) => trello.deleteCard(id))
    expect(action).toMatchObject({ type: 'deleteCard' })
    expect(Object.keys((action as Action).data['card'] as object).toSorted()).toEqual(['id', 'idShort'])
  })

  test('a comment is edited and deleted', async () => {
    const [edited, deleted] = await act(({ trello, id }) => {
      const comment = trello.comment(id, 'Hello')
      trello.editComment(comment, 'Hello again')
      trello.deleteComment(comment)
    })
    expect(edited).toMatchObject({
      type: 'updateComment',
      data: { action: { text: 'Hello again' }, old: { text: 'Hello' } },
    })
    expect(deleted).toMatchObject({ type: 'deleteComment', data: { action: { id: expect.any(String) } } })
  })

  test('a card is moved to another board: each board has its own action', async () => {
    const bed = await startWithCard()
    const other = bed.trello.addBoard('Support', ['Inbox'])
    const inbox = bed.trello.lists.find(({ idBoard }) => idBoard === other.id)?.id ?? ''
    bed.trello.moveCard(bed.id, inbox)
    expect(await bed.types(`/boards/${other.id}/actions`)).toContain('moveCardToBoard')
    expect((await bed.actions()).at(0)).toMatchObject({
      type: 'moveCardFromBoard',
      data: { boardTarget: { name: 'Support' }, list: { name: 'To Do' } },
    })
  })

  test.each([
    ['card', (trello: Trello) => trello.archiveCard('T-00000-00000'), 'No card T-00000-00000'],
    ['list', (trello: Trello) => trello.moveCard('T-7QK2M-9XD4R', 'Nowhere'), 'No list "Nowhere"'],
    ['member', (trello: Trello) => trello.joinCard('T-7QK2M-9XD4R', { by: 'Bob' }), 'No member "Bob". The members are'],
    ['label', (trello: Trello) => trello.addLabel('T-7QK2M-9XD4R', 'pink'), 'No label "pink"'],
  ])('with a %s that does not exist throws', async (_name, run, message) => {
    const { trello } = await startWithCard()
    expect(() => run(trello)).toThrow(message)
  })
})

type Trello = ReturnType<typeof startTrello>['trello']

describe('a request of an application', () => {
  test('changes one field an action, and none for a field that keeps its value', async () => {
    const { call, card, types, actions, doing } = await startWithCard()
    await call('PUT', card, { json: { idList: doing, closed: true, name: 'Login page is blank', dueComplete: true } })
    const changed = (await actions()).slice(0, -1)
    expect(changed.map(({ data }) => Object.keys(data['old'] as object))).toEqual([
      ['dueComplete'],
      ['closed'],
      ['idList'],
    ])
    expect(changed[0]?.appCreator).toEqual({ id: expect.stringMatching(/^[0-9a-f]{24}$/) })
    await call('PUT', card, { json: { closed: true } })
    expect(await types()).toHaveLength(4)
  })

  test('may set labels and members, as two kinds of actions', async () => {
    const { call, card, trello, types, actions } = await startWithCard()
    const [label] = labelsOf(trello)
    await call('PUT', card, { json: { idLabels: [label], dueComplete: true } })
    expect(trello.cards[0]).toMatchObject({ idLabels: [label], dueComplete: true })
    // Only callbacks report labels.
    expect(await types()).toEqual(['updateCard', 'createCard'])
    expect((await actions())[0]?.data).toMatchObject({ old: { dueComplete: false } })
  })

  // https://developer.atlassian.com/cloud/trello/rest/api-group-cards/#api-cards-id-actions-comments-post
  test('writes a comment, and is answered with its action as Trello sent it', async () => {
    const { call, card, trello } = await startWithCard()
    const { status, value } = await call('POST', `${card}/actions/comments`, {
      json: { text: 'By Ada in Teams: white' },
    })
    expect(status).toBe(200)
    const answer = readFixture('trello/comment-posted-by-api-2023.json')
    expect(shapeOf(value)).toEqual(shapeOf(answer))
    expect(trello.cards[0]).toMatchObject({ comments: 1 })
  })

  test.each([{}, { text: '' }, { text: 'x'.repeat(16_385) }])('writes no comment %#', async (json) => {
    const { call, card } = await startWithCard()
    expect(await call('POST', `${card}/actions/comments`, { json })).toMatchObject({
      status: 400,
      value: 'invalid value for text',
    })
  })

  test('that comments is activity of the card', async () => {
    const { call, card, trello, clock } = await startWithCard()
    await clock.advance('1m')
    await call('POST', `${card}/actions/comments`, { json: { text: 'white' } })
    expect(trello.cards[0]?.dateLastActivity).toBe('2026-11-23T14:04:22.000Z')
  })

  test('edits and deletes its own comments alone', async () => {
    const { call, card, trello, id, actions } = await startWithCard()
    const { value } = await call('POST', `${card}/actions/comments`, { json: { text: 'one' } })
    const own = (value as Action).id
    const other = trello.comment(id, 'of a person')
    expect(await call('PUT', `/actions/${own}`, { json: { text: 'two' } })).toMatchObject({ status: 200 })
    expect((await actions(`${card}/actions`)).map(({ data }) => data['text'])).toEqual(['of a person', 'two'])
    expect(await call('PUT', `/actions/${other}`, { json: { text: 'mine' } })).toMatchObject({ status: 401 })
    expect(await call('DELETE', `/actions/${own}`)).toMatchObject({ status: 200 })
    expect(await actions(`${card}/actions`)).toHaveLength(1)
    expect(trello.cards[0]).toMatchObject({ comments: 1 })
  })

  // fixtures/trello/rest-answers-2020.json
  test('puts a member on a card once', async () => {
    const { call, card, get, board, trello } = await startWithCard()
    const { value } = await get(`${board}/members`)
    const ada = (value as { id: string; fullName: string }[]).find(({ fullName }) => fullName === 'Ada Example')?.id
    const add = (to: string, json: object) => call('POST', `${to}/idMembers`, { json })
    expect(await add(card, { value: ada })).toMatchObject({ status: 200, value: [{ id: ada, username: 'adaexample' }] })
    expect(await add(card, { value: ada })).toMatchObject({ status: 400, value: 'member is already on the card' })
    expect(await add(card, { value: '' })).toMatchObject({ status: 400, value: 'invalid value for value' })
    expect(await add('/cards/', { value: ada })).toMatchObject({
      status: 404,
      value: 'Cannot POST /1/cards//idMembers',
    })
    expect(await call('DELETE', `${card}/idMembers/${ada}`)).toMatchObject({ status: 200 })
    expect(trello.cards[0]).toMatchObject({ idMembers: [] })
  })

  test('puts a label of the board on a card, and may make one', async () => {
    const { call, card, trello } = await startWithCard()
    const made = await call('POST', '/labels', { json: { name: 'urgent', color: 'red', idBoard: trello.boardId } })
    const { id } = made.value as { id: string }
    expect(await call('POST', `${card}/idLabels`, { json: { value: id } })).toMatchObject({ status: 200, value: [id] })
    expect(await call('POST', `${card}/idLabels`, { json: { value: id } })).toMatchObject({ status: 400 })
    expect((await call('GET', card)).value).toMatchObject({ labels: [{ name: 'urgent', color: 'red' }] })
    expect(await call('DELETE', `${card}/idLabels/${id}`)).toMatchObject({ status: 200 })
  })

  test('attaches a link of http or https', async () => {
    const { call, card, get } = await startWithCard()
    const attach = (url: string) => call('POST', `${card}/attachments`, { json: { url, name: 'screenshot' } })
    expect(await attach('https://tickets.example.com/a')).toMatchObject({ status: 200, value: { name: 'screenshot' } })
    expect(await attach('javascript:alert(1)')).toMatchObject({ status: 400, value: 'invalid value for url' })
    expect((await get(`${card}/attachments`)).value).toHaveLength(1)
    expect((await get(card)).value).toMatchObject({ badges: { attachments: 1 } })
  })

  test('learns whose token it has', async () => {
    expect(await startTrello().get('/members/me?fields=fullName')).toMatchObject({ value: { fullName: 'Ticket Bot' } })
  })
})

function labelsOf(trello: Trello): string[] {
  const state: { labels: { id: string }[] } = JSON.parse(trello.save())
  return state.labels.map(({ id }) => id)
}

// https://developer.atlassian.com/cloud/trello/rest/api-group-boards/#api-boards-boardid-actions-get
describe('the actions of a board or card', () => {
  test('come newest first, 50 unless the limit says otherwise', async () => {
    const { trello, id, actions, board } = await startWithCard()
    for (let n = 0; n < 60; n += 1) trello.comment(id, `${n}`)
    expect(await actions()).toHaveLength(50)
    expect((await actions())[0]?.data['text']).toBe('59')
    expect(await actions(`${board}/actions?limit=1000`)).toHaveLength(61)
    expect(await actions(`${board}/actions?limit=0`)).toHaveLength(0)
  })

  test('are those of a filter: a kind, or a kind with the changed field', async () => {
    const { trello, id, types, board, card } = await startWithCard()
    trello.comment(id, 'Hello')
    trello.archiveCard(id)
    trello.moveCard(id, 'Done')
    expect(await types(`${board}/actions?filter=commentCard`)).toEqual(['commentCard'])
    expect(await types(`${board}/actions?filter=commentCard,updateCard:closed`)).toEqual(['updateCard', 'commentCard'])
    expect(await types(`${board}/actions?filter=all`)).toHaveLength(5)
    // A card shows only comments and moves by itself.
    expect(await types(`${card}/actions`)).toEqual(['updateCard', 'commentCard'])
  })

  test('lie between since and before, which are dates or ids', async () => {
    const { trello, id, actions, board, clock } = await startWithCard()
    const first = trello.comment(id, 'first')
    await clock.advance('1m')
    const second = trello.comment(id, 'second')
    await clock.advance('1m')
    trello.comment(id, 'third')
    const texts = async (query: string) =>
      (await actions(`${board}/actions?filter=commentCard&${query}`)).map(({ data }) => data['text'])
    expect(await texts(`since=${first}`)).toEqual(['third', 'second'])
    expect(await texts(`before=${second}`)).toEqual(['first'])
    expect(await texts('since=2026-11-23T14:04:22.000Z')).toEqual(['third', 'second'])
    expect(await texts('before=2026-11-23T14:04:22.000Z')).toEqual(['first'])
  })

  test.each(['limit=1001', 'limit=-1', 'since=x', 'before=y'])('are refused for %s', async (query) => {
    const { get, board } = startTrello()
    expect(await get(`${board}/actions?${query}`)).toMatchObject({
      status: 400,
      value: `invalid value for ${query.split('=')[0]}`,
    })
  })

  test('leave out what only callbacks report: labels, edited and deleted comments', async () => {
    const { trello, id, types } = await startWithCard()
    trello.addLabel(id, 'red')
    trello.removeLabel(id, 'red')
    const comment = trello.comment(id, 'Hello')
    trello.editComment(comment, 'Hello again')
    expect(await types()).toEqual(['commentCard', 'createCard'])
  })
})

// fixtures/trello/rest-answers-2020.json
test.each([
  ['GET', '/cards/', 404, 'Cannot GET /1/cards/'],
  ['PUT', '/cards/', 404, 'Cannot PUT /1/cards/'],
  ['GET', '/cards/12312321', 404, 'card not found'],
  ['PUT', '/cards/12312321', 400, 'invalid id'],
])('%s %s is refused in the recorded words', async (method, path, status, text) => {
  expect(await startTrello().call(method, path)).toMatchObject({ status, value: text })
})

test('a restored state has actions, labels, links and comments again', async () => {
  const { trello, id, actions } = await startWithCard()
  trello.comment(id, 'Hello')
  trello.addLabel(id, 'red')
  trello.attachLink(id, 'https://example.com')
  trello.completeCard(id)
  const again = startTrello()
  again.trello.restore(trello.save())
  expect(JSON.parse(again.trello.save())).toEqual(JSON.parse(trello.save()))
  expect((await again.get(`${again.board}/actions`)).value).toEqual(await actions())
})

test('the pages show what was done to a card', async () => {
  const { trello, id, call, card } = await startWithCard()
  await call('POST', `${card}/actions/comments`, { json: { text: 'By Ada in Teams:\nwhite\u001b[2J' } })
  trello.joinCard(id, { by: 'Grace Example' })
  trello.addLabel(id, 'red')
  trello.attachLink(id, 'https://example.com/a')
  trello.completeCard(id)
  trello.addWebhook('https://tickets.example.com/trello')
  const board = trello.page('/')
  expect(board).toContain('Webhook to https://tickets.example.com/trello, failures in a row: 0')
  expect(board).toContain(
    '[list To Do, complete, labels red, members Grace Example, links https://example.com/a, comments: 1]',
  )
  const page = trello.page(`/c/${trello.cards[0]?.url.slice(-8)}`)
  expect(page).toContain(
    '2026-11-23T14:03:22.000Z  commentCard  Ticket Bot, by an application\n  | By Ada in Teams:\n  | white\\u{1b}[2J',
  )
  expect(page).toContain('2026-11-23T14:03:22.000Z  updateCard dueComplete  Ada Example')
})

async function actOnCard(): Promise<string> {
  const { trello, id } = await startWithCard()
  trello.addWebhook('https://tickets.example.com/trello')
  trello.moveCard(id, 'Done')
  trello.joinCard(id, { by: 'graceexample' })
  trello.comment(id, 'Hello')
  return trello.save()
}

test('the same acts at the same instants give the same state, to the last id', async () => {
  expect(await actOnCard()).toBe(await actOnCard())
})
