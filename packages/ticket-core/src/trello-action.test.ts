import { readdirSync, readFileSync } from 'node:fs'
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { priorityOfLabel, readTrelloAction, readTrelloCallback, type TrelloReading, trelloNoteMark } from './index.ts'

const FIXTURES = new URL('../../../fixtures/trello/', import.meta.url)
const ADA = { via: 'trello', name: 'Ada Example', id: '5f00000000000000000000a1' }
const GRACE = { via: 'trello', name: 'grace', id: '5f00000000000000000000a2' }

/** Every captured callback: one file may hold several, for one click. */
const captures = readdirSync(FIXTURES)
  .filter((name) => name.startsWith('callback-') && !name.includes('headers'))
  .flatMap((name) => {
    const bodies: unknown = JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8'))
    return [bodies].flat().map((body, index) => ({ name: `${name.slice(9, -5)} ${index + 1}`, body }))
  })
const CATALOGUE: Record<string, Record<string, unknown>> = JSON.parse(
  readFileSync(new URL('actions-catalogue-2015.json', FIXTURES), 'utf8'),
)

function read(body: unknown, doneListName?: string): TrelloReading {
  return readTrelloCallback(Buffer.from(JSON.stringify(body)), { doneListName })
}

function changeOf(reading: TrelloReading): unknown {
  return reading.kind === 'change' ? reading.change : reading
}

const EXPECTED: Readonly<Record<string, object>> = {
  'attachment-added-2023 1': { kind: 'attached', name: '06 15_13_07.png' },
  'card-moved-2024 1': { kind: 'moved', stage: 'Chamados Realizados' },
  'card-renamed-2023 1': { kind: 'ignored', what: 'updateCard name' },
  'card-unarchived-2016 1': { kind: 'reopened' },
  'checkitem-completed-2023 1': { kind: 'ignored', what: 'updateCheckItemStateOnCard' },
  'due-changed-2023 1': { kind: 'ignored', what: 'updateCard due' },
  'due-complete-2023 1': { kind: 'closed' },
  'due-complete-list-webhook-2022 1': { kind: 'closed' },
  'label-added-two-bodies-2023 1': { kind: 'ignored', what: 'addLabelToCard' },
  'label-added-two-bodies-2023 2': { kind: 'ignored', what: 'updateCard idLabels' },
  'member-joined-2023 1': { kind: 'taken' },
  'member-left-2023 1': { kind: 'released', from: ADA },
}

describe('a captured callback', () => {
  test('of each kind is here', () => expect(captures.map(({ name }) => name)).toEqual(Object.keys(EXPECTED)))

  test.each(captures)('$name', ({ name, body }) => {
    expect(changeOf(read(body))).toMatchObject(EXPECTED[name] ?? {})
  })

  test('says which card, who, when, and which event it is', () => {
    const moved = captures.find(({ name }) => name.startsWith('card-moved'))
    expect(read(moved?.body)).toEqual({
      kind: 'change',
      change: { kind: 'moved', stage: 'Chamados Realizados' },
      id: 'trello:65a7d90edf6648c60e5add42',
      card: '65a7ca83c7532e93d9e8d1ec',
      at: Date.parse('2024-01-17T13:41:34.244Z'),
      by: { ...ADA, name: 'Ada' },
      isByProgram: false,
    })
  })

  test('of another board is ignored, whose lists mean nothing to us', () => {
    const moved: { action: { data: { board: { id: string; shortLink: string } } } } = JSON.parse(
      readFileSync(new URL('callback-card-moved-2024.json', FIXTURES), 'utf8'),
    )
    const words = (boardId: string) => readTrelloCallback(Buffer.from(JSON.stringify(moved)), { boardId })
    const { id, shortLink } = moved.action.data.board
    expect(changeOf(words(id))).toEqual({ kind: 'moved', stage: 'Chamados Realizados' })
    expect(changeOf(words(shortLink))).toEqual({ kind: 'moved', stage: 'Chamados Realizados' })
    expect(words(`0${id.slice(1)}`)).toEqual({ kind: 'ignored', what: 'updateCard idList on another board' })
  })

  test('of a move to the done list closes, one from it reopens', () => {
    const moved = captures.find(({ name }) => name.startsWith('card-moved'))?.body
    expect(changeOf(read(moved, ' Chamados Realizados'))).toEqual({ kind: 'closed', stage: 'Chamados Realizados' })
    expect(changeOf(read(moved, 'Chamados'))).toEqual({ kind: 'reopened', stage: 'Chamados Realizados' })
    expect(changeOf(read(moved, 'chamados'))).toEqual({ kind: 'moved', stage: 'Chamados Realizados' })
  })
})

const OF_CATALOGUE: Readonly<Record<string, object>> = {
  created: { kind: 'ignored', what: 'createCard' },
  'moved between lists': { kind: 'moved', stage: 'an empty List' },
  archived: { kind: 'closed' },
  renamed: { kind: 'ignored', what: 'updateCard name' },
  'description changed': { kind: 'ignored', what: 'updateCard desc' },
  'due set': { kind: 'ignored', what: 'updateCard due' },
  'position changed': { kind: 'ignored', what: 'updateCard pos' },
  deleted: { kind: 'closed', reason: 'its card was deleted in Trello' },
  'moved to another board (seen from the old board)': {
    kind: 'commented',
    text: '(moved the card to the board "Support"; what happens to it there is not seen here)',
  },
  'moved here from another board': { kind: 'moved', stage: 'support' },
  copied: { kind: 'ignored', what: 'copyCard' },
  'created by mail': { kind: 'ignored', what: 'emailCard' },
  'made from a check item': { kind: 'ignored', what: 'convertToCardFromCheckItem' },
  'member added by somebody else': { kind: 'assigned', to: GRACE },
  'member removed': { kind: 'released', from: GRACE },
  'label removed': { kind: 'ignored', what: 'removeLabelFromCard' },
  'label without a colour added': { kind: 'ignored', what: 'addLabelToCard' },
  commented: { kind: 'commented', text: 'alô!' },
  'comment edited': { kind: 'commented', text: '(edited) alô!\n\nalô denovo!' },
  'comment deleted': { kind: 'ignored', what: 'deleteComment' },
  'attachment deleted': { kind: 'ignored', what: 'deleteAttachmentFromCard' },
  'list renamed': { kind: 'ignored', what: 'updateList name' },
  'list archived': { kind: 'ignored', what: 'updateList closed' },
  'board closed': { kind: 'ignored', what: 'updateBoard closed' },
}

describe('an action of the catalogue', () => {
  test('of each kind is here', () => expect(Object.keys(CATALOGUE)).toEqual(Object.keys(OF_CATALOGUE)))

  test.each(Object.keys(CATALOGUE))('%s', (name) => {
    expect(changeOf(readTrelloAction(CATALOGUE[name], {}))).toEqual(OF_CATALOGUE[name])
  })
})

/** An action on one card; each test says what it did. */
function act(type: string, data: object, more: object = {}): TrelloReading {
  const action = { ...CATALOGUE['moved between lists'], type, ...more }
  return readTrelloAction(
    { ...action, data: { card: { id: '54d52579dbf95b843cc3beb0' }, ...data } },
    { doneListName: 'Done' },
  )
}

function card(fields: object): object {
  return { id: '54d52579dbf95b843cc3beb0', ...fields }
}

describe('done', () => {
  test.each<[string, object, object]>([
    ['archived', { card: card({ closed: true }), old: { closed: false } }, { kind: 'closed' }],
    ['marked complete', { card: card({ dueComplete: true }), old: { dueComplete: false } }, { kind: 'closed' }],
    [
      'not complete after all',
      { card: card({ dueComplete: false }), old: { dueComplete: true } },
      { kind: 'reopened' },
    ],
    [
      'moved and archived in one call of a program',
      {
        card: card({ closed: true }),
        old: { closed: false, idList: 'x' },
        listBefore: { name: 'Doing' },
        listAfter: { name: 'Done' },
      },
      { kind: 'closed', stage: 'Done' },
    ],
    [
      'moved out of the done list and archived in one call',
      {
        card: card({ closed: true }),
        old: { closed: false },
        listBefore: { name: 'Done' },
        listAfter: { name: 'Doing' },
      },
      { kind: 'moved', stage: 'Doing' },
    ],
    [
      'moved here from another board, to the done list',
      { boardSource: {}, list: { name: 'Done' } },
      { kind: 'closed', stage: 'Done' },
    ],
  ])('%s', (_what, data, change) => {
    expect(changeOf(act('updateCard', data))).toEqual(change)
  })

  test('a card that is archived on the done list closes, as late syncs of ours may have put it there', () => {
    const data = { card: card({ closed: true }), old: { closed: false }, list: { name: 'Done' } }
    expect(changeOf(act('updateCard', data))).toEqual({ kind: 'closed' })
  })

  test('a card that is brought back to the done list is done before and after', () => {
    const data = { card: card({ closed: false }), old: { closed: true }, list: { name: 'Done' } }
    expect(act('updateCard', data)).toEqual({ kind: 'ignored', what: 'updateCard closed' })
  })
})

test.each([
  ['High', 'high'],
  ['priority: LOW', 'low'],
  ['Priority medium ', 'medium'],
  ['highest', undefined],
  ['not high', undefined],
  ['hgih', undefined],
  ['', undefined],
])('a label %j means %s', (name, priority) => {
  expect(priorityOfLabel(name)).toBe(priority)
  const change = changeOf(act('addLabelToCard', { label: { name } }))
  expect(change).toEqual(
    priority ? { kind: 'priority-changed', to: priority } : { kind: 'ignored', what: 'addLabelToCard' },
  )
})

test('a comment that we wrote is no news, nor is its edit; a person’s answer that quotes one is', () => {
  const own = `Grace in Teams: fixed\n\n${trelloNoteMark(`note-${'0a'.repeat(16)}`)}`
  expect(act('commentCard', { text: own }).kind).toBe('ignored')
  expect(act('updateComment', { action: { text: own } }).kind).toBe('ignored')
  expect(act('commentCard', { text: own.replace('`note-', '> `note-') }).kind).toBe('change')
})

test('an action of a program says so', () => {
  const posted: unknown = JSON.parse(readFileSync(new URL('comment-posted-by-api-2023.json', FIXTURES), 'utf8'))
  expect(readTrelloAction(posted, {})).toMatchObject({ kind: 'change', isByProgram: true, by: { via: 'trello' } })
})

describe('hostile input', () => {
  test.each([
    ['no JSON', '{"action":', 'unreadable'],
    ['null', 'null', 'unreadable'],
    ['no action', '{"model":{}}', 'unreadable'],
    ['an action that is a list', '{"action":[]}', 'unreadable'],
    [
      'an id that is a path',
      '{"action":{"id":"../../x","type":"commentCard","date":"2026-01-01","data":{}}}',
      'unreadable',
    ],
    ['no date', '{"action":{"id":"54d52579dbf95b843cc3beb0","type":"commentCard","data":{}}}', 'unreadable'],
    ['deep JSON', `{"action":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'unreadable'],
  ])('%s', (_what, body, kind) => {
    expect(readTrelloCallback(Buffer.from(body), {}).kind).toBe(kind)
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('a type named %s is ignored', (type) => {
    expect(act(type, { old: { closed: false } }).kind).toBe('ignored')
  })

  test.each([
    ['a card id that is a path', { card: { id: '../T-7QK2M-9XD4R' }, text: 'x' }],
    ['a card id of upper case', { card: { id: '54D52579DBF95B843CC3BEB0' }, text: 'x' }],
    ['no card', { card: undefined, text: 'x' }],
    ['a text that is not a text', { text: { toString: 'x' } }],
    ['an empty text', { text: ' \n ' }],
  ])('a comment with %s is ignored', (_what, data) => expect(act('commentCard', data).kind).toBe('ignored'))

  test('an attachment of a script is none', () => {
    expect(act('addAttachmentToCard', { attachment: { name: 'x', url: 'javascript:alert(1)' } }).kind).toBe('ignored')
  })

  test('a name of any length is cut, and a log names no text of a person', () => {
    const long = '😀'.repeat(9000)
    const moved = act('updateCard', { listAfter: { name: long } }, { memberCreator: { fullName: long } })
    expect(JSON.stringify(moved).length).toBeLessThan(2000)
    expect(act('rm -rf "$HOME"\n', { old: { 'a secret': 1 } })).toEqual({ kind: 'ignored', what: 'rmrfHOME asecret' })
  })

  test('any JSON in any place is read, ignored or unreadable', () => {
    const places = ['id', 'type', 'date', 'data', 'memberCreator', 'idMemberCreator', 'appCreator', 'member'] as const
    const parts = [
      'card',
      'old',
      'list',
      'listAfter',
      'listBefore',
      'label',
      'member',
      'idMember',
      'text',
      'attachment',
    ] as const
    const types = fc.constantFrom(...Object.values(CATALOGUE).map(({ type }) => String(type)), 'addAttachmentToCard')
    fc.assert(
      fc.property(types, fc.constantFrom(...places, ...parts), fc.jsonValue(), (type, place, value) => {
        const isPart = parts.some((part) => part === place)
        const reading = act(type, isPart ? { [place]: value } : {}, isPart ? {} : { [place]: value })
        expect(['change', 'ignored', 'unreadable']).toContain(reading.kind)
      }),
    )
  })
})
