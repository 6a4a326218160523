import { readdirSync, readFileSync } from 'node:fs'
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { readSlackPress, type SlackReading } from './index.ts'

const FIXTURES = new URL('../../../fixtures/slack/', import.meta.url)
const ID = 'T-7QK2M-9XD4R'

function capture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8'))
}

function read(payload: unknown): SlackReading {
  return readSlackPress(Buffer.from(new URLSearchParams({ payload: JSON.stringify(payload) }).toString()))
}

const CAPTURED = capture('block-actions-incoming-webhook-2019')

/** A press that was captured, of one of our buttons. */
function press(action: object = {}, more: object = {}): Record<string, unknown> {
  const [first] = [CAPTURED['actions']].flat()
  return { ...CAPTURED, actions: [{ ...Object(first), action_id: 'take', value: ID, ...action }], ...more }
}

describe('a captured interaction', () => {
  const names = readdirSync(FIXTURES).filter((name) => name.startsWith('block-'))
  test('is not of our buttons: ignored', () => {
    expect(names).toHaveLength(5)
    for (const name of names)
      expect(read(capture(name.slice(0, -5)))).toEqual({ kind: 'ignored', what: 'block_actions of another app' })
  })

  test('of an old attachment is ignored', () => {
    const reading = read(capture('interactive-message-legacy-attachment-2018'))
    expect(reading).toEqual({ kind: 'ignored', what: 'interactive_message' })
  })

  test('as the form that Slack sent is read', () => {
    const { body } = capture('form-body-ephemeral-2019')
    expect(readSlackPress(Buffer.from(String(body))).kind).toBe('ignored')
    const ours = String(body).replace('%3DtU', 'close').replace('recWTcxEQVKjwpIIf', ID)
    expect(readSlackPress(Buffer.from(ours))).toEqual({
      kind: 'change',
      change: { kind: 'closed' },
      id: 'slack:UHNADAEX0:1572428564.002300:close:1572428585.731525',
      ticket: ID,
      at: 1_572_428_585_732,
      by: { via: 'slack', name: 'ada0', id: 'UHNADAEX0' },
    })
  })
})

describe('a press of a button', () => {
  test.each([
    ['acknowledge', 'acknowledged'],
    ['take', 'taken'],
    ['close', 'closed'],
    ['reopen', 'reopened'],
  ])('%s: %s', (action_id, kind) => {
    expect(read(press({ action_id }))).toMatchObject({ kind: 'change', ticket: ID, change: { kind } })
  })

  test('in an installation for a whole organisation has no team', () => {
    const { team, is_enterprise_install } = capture('block-actions-org-install-2022')
    expect(read(press({}, { team, is_enterprise_install }))).toMatchObject({ kind: 'change', ticket: ID })
  })

  test('with the answers of a confirmation is the same', () => {
    const [{ confirm, style }] = [capture('block-actions-confirm-echo-2019')['actions']].flat().map(Object)
    expect(read(press({ action_id: 'close', confirm, style }))).toMatchObject({ change: { kind: 'closed' } })
  })

  test('of a user without a name shows the id', () => {
    expect(read(press({}, { user: { id: 'U111' } }))).toMatchObject({ by: { name: 'U111', id: 'U111' } })
  })

  test('never holds the response URL, the trigger or the token', () => {
    expect(JSON.stringify(read(press()))).not.toMatch(/hooks\.slack|trigger|legacy/)
  })
})

describe('hostile input', () => {
  test.each([
    ['nothing', ''],
    ['no payload', 'a=b'],
    ['a payload that is not encoded', 'payload=%zz'],
    ['a payload that is not JSON', 'payload=x'],
    ['JSON without a form', JSON.stringify({ type: 'block_actions' })],
    ['a list', 'payload=[]'],
    ['bytes', '\u0000\ud800'],
  ])('%s is unreadable', (_what, body) => expect(readSlackPress(Buffer.from(body)).kind).toBe('unreadable'))

  test.each<[string, object, object]>([
    ['a value that is not a ticket id', { value: 'recWTcxEQVKjwpIIf' }, {}],
    ['no value', { value: undefined }, {}],
    ['a time stamp that is a path', { action_ts: '../1.2' }, {}],
    ['a time stamp without end', { action_ts: `${'9'.repeat(400)}.1` }, {}],
    ['a user that is a path', {}, { user: { id: '../U1' } }],
    ['no user', {}, { user: null }],
    ['no message', {}, { container: { type: 'view', view_id: 'V1' } }],
  ])('a press with %s is unreadable', (_what, action, more) => {
    expect(read(press(action, more)).kind).toBe('unreadable')
  })

  test.each(['__proto__', 'constructor', 'toString'])('an action named %s is not ours', (action_id) => {
    expect(read(press({ action_id })).kind).toBe('ignored')
  })

  test('any JSON in any place is read, ignored or unreadable', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('type', 'user', 'container', 'actions', 'team', 'message', 'response_url'),
        fc.jsonValue(),
        (place, value) => {
          expect(['change', 'ignored', 'unreadable']).toContain(read(press({}, { [place]: value })).kind)
        },
      ),
    )
  })

  test('any text in a field of the action is bounded', () => {
    fc.assert(
      fc.property(fc.constantFrom('value', 'action_ts', 'block_id'), fc.string(), (place, text) => {
        expect(JSON.stringify(read(press({ [place]: text }))).length).toBeLessThan(500)
      }),
    )
  })
})
