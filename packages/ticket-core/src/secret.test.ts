import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  intakeSecretId,
  readAppSecret,
  readNewsSecret,
  readNoticeSecret,
  readSlackSecret,
  readTrelloSecret,
} from './index.ts'

/** Base64 of 32 bytes each. */
const TOKENS = ['first', 'other'].map((text) => Buffer.from(text.padEnd(32, '0123456789')).toString('base64'))

const GOOD = {
  PREFIX: 'helpdesk',
  TRELLO_API_KEY: 'key',
  TRELLO_API_TOKEN: 'token',
  TRELLO_BOARD_ID: 'board',
  TRELLO_LIST_NAME: 'To do',
  SLACK_URL: 'https://hooks.slack.com/services/T/B/x',
  TEAMS_HMAC_SECRET: TOKENS.join(', '),
}

/** One address is for the news of all teams. */
const FOR_ALL = { default: { url: 'https://flow.example/b', level: 'important' } } as const

function problemsOf(change: object): unknown {
  const read = readAppSecret(JSON.stringify({ ...GOOD, ...change }))
  return read.ok ? [] : read.failure.map(({ key, problem }) => `${key} ${problem}`)
}

describe('the application’s secret', () => {
  test('is read under the older system’s names, unknown keys left alone', () => {
    expect(readAppSecret(JSON.stringify({ ...GOOD, REGION: 'eu-west-1' }))).toEqual({
      ok: true,
      value: {
        prefix: 'helpdesk',
        trello: { key: 'key', token: 'token', boardId: 'board', listName: 'To do' },
        slackUrl: 'https://hooks.slack.com/services/T/B/x',
        teamsTokens: TOKENS,
        sharedTokens: true,
      },
    })
  })

  test('may name a bucket that is not the prefix’s own', () => {
    const read = readAppSecret(JSON.stringify({ ...GOOD, BUCKET: 'acme-bucket' }))
    expect(read).toMatchObject({ ok: true, value: { bucket: 'acme-bucket' } })
    expect(problemsOf({ BUCKET: 'Acme_Bucket' })).toEqual(['BUCKET malformed'])
  })

  test('may name where an admin is notified', () => {
    const more = { ADMIN_SLACK_URL: 'https://hooks.slack.com/a', TEAMS_NOTIFY_URL: 'https://flow.example/b?sig=c' }
    expect(readAppSecret(JSON.stringify({ ...GOOD, ...more }))).toMatchObject({
      value: {
        adminSlackUrl: 'https://hooks.slack.com/a',
        teamsNotifyUrl: 'https://flow.example/b?sig=c',
        teamsNews: { default: { url: 'https://flow.example/b?sig=c', level: 'important' } },
      },
    })
  })

  const CALLBACKS = {
    TRELLO_API_SECRET: '0123456789abcdef'.repeat(4),
    SLACK_SIGNING_SECRET: '8f742231b10e8888abcd99yyyzzz85a5',
  }
  const READ = { trelloApiSecret: CALLBACKS.TRELLO_API_SECRET, slackSigningSecret: CALLBACKS.SLACK_SIGNING_SECRET }

  test('may hold what callbacks are verified with, in either secret; in that of the functions it is shared', () => {
    const { TEAMS_HMAC_SECRET, ...rest } = GOOD
    const own = JSON.stringify({ TEAMS_HMAC_SECRET, ...CALLBACKS })
    const separate = readAppSecret(JSON.stringify(rest), { intake: own })
    expect(separate).toMatchObject({ ok: true, value: READ })
    expect(separate).not.toHaveProperty('value.sharedTokens')
    expect(readAppSecret(JSON.stringify({ ...GOOD, ...CALLBACKS }))).toMatchObject({ value: READ })
    const intake = JSON.stringify({ TEAMS_HMAC_SECRET })
    expect(readAppSecret(JSON.stringify({ ...rest, ...CALLBACKS }), { intake })).toMatchObject({
      value: { ...READ, sharedTokens: true },
    })
    const TRELLO_API_SECRET = 'fedcba9876543210'.repeat(4)
    expect(readAppSecret(JSON.stringify({ ...rest, TRELLO_API_SECRET }), { intake: own })).toMatchObject({
      value: READ,
    })
  })

  test.each([
    ['short', { SLACK_SIGNING_SECRET: '0123456789abcde' }, 'SLACK_SIGNING_SECRET malformed'],
    ['easy to guess', { SLACK_SIGNING_SECRET: 'a'.repeat(32) }, 'SLACK_SIGNING_SECRET malformed'],
    ['of two words', { TRELLO_API_SECRET: '0123456789 abcdef 0123456789' }, 'TRELLO_API_SECRET malformed'],
    [
      "Trello's key",
      { TRELLO_API_KEY: CALLBACKS.TRELLO_API_SECRET, TRELLO_API_SECRET: CALLBACKS.TRELLO_API_SECRET },
      'TRELLO_API_SECRET malformed',
    ],
    [
      "Trello's token",
      { TRELLO_API_TOKEN: CALLBACKS.TRELLO_API_SECRET, TRELLO_API_SECRET: CALLBACKS.TRELLO_API_SECRET },
      'TRELLO_API_SECRET malformed',
    ],
  ])('refuses a secret of callbacks that is %s', (_what, change, problem) => {
    expect(problemsOf(change)).toEqual([problem])
  })

  test('may name the list of what is done', () => {
    expect(readTrelloSecret(JSON.stringify({ ...GOOD, TRELLO_DONE_LIST_NAME: ' Done ' }))).toMatchObject({
      value: { trello: { doneListName: 'Done' } },
    })
  })

  test('names everything that is missing or malformed', () => {
    expect(
      problemsOf({ PREFIX: 'Help Desk', TRELLO_API_KEY: '', SLACK_URL: 'slack', TEAMS_HMAC_SECRET: ' , ' }),
    ).toEqual(['PREFIX malformed', 'TRELLO_API_KEY missing', 'SLACK_URL malformed', 'TEAMS_HMAC_SECRET malformed'])
  })

  test('names a token that cannot be one, by its place and together with the rest', () => {
    const SHORT = Buffer.from('cut off').toString('base64')
    const read = readAppSecret(
      JSON.stringify({ ...GOOD, PREFIX: 'Help Desk', TEAMS_HMAC_SECRET: `${TOKENS[0]},${SHORT}` }),
    )
    expect(read.ok ? [] : read.failure).toEqual([
      expect.objectContaining({ key: 'PREFIX' }),
      {
        key: 'TEAMS_HMAC_SECRET',
        problem: 'malformed',
        expected: 'base64 of 32 bytes: 44 characters, as Teams shows it; token 2 of 2 is not',
      },
    ])
  })

  test.each(['a', '-ab', 'ABC', 'a_b', 'x'.repeat(42)])(
    'refuses the prefix "%s", which no bucket can have',
    (PREFIX) => {
      expect(problemsOf({ PREFIX })).toEqual(['PREFIX malformed'])
    },
  )

  test.each(['', 'null', '[]', '"text"', '{'])('that is not a JSON object (%s) is malformed as a whole', (json) => {
    expect(readAppSecret(json)).toEqual({
      ok: false,
      failure: [{ key: '(whole secret)', problem: 'malformed', expected: 'a JSON object of strings' }],
    })
  })

  test('takes an address in capitals, as browsers do', () => {
    const SLACK_URL = 'HTTPS://hooks.slack.com/services/T/B/x'
    expect(readSlackSecret(JSON.stringify({ ...GOOD, SLACK_URL }))).toMatchObject({ value: { slackUrl: SLACK_URL } })
  })

  test('gives its tokens from the secret of intake alone where there is one', () => {
    const { TEAMS_HMAC_SECRET, ...rest } = GOOD
    const intake = JSON.stringify({ TEAMS_HMAC_SECRET })
    expect(readAppSecret(JSON.stringify(rest), { intake })).toMatchObject({ ok: true, value: { teamsTokens: TOKENS } })
    const both = readAppSecret(JSON.stringify({ ...rest, TEAMS_HMAC_SECRET: TOKENS[0] }), { intake })
    expect(both).toMatchObject({ ok: true, value: { teamsTokens: TOKENS, sharedTokens: true } })
    expect(readAppSecret(JSON.stringify(GOOD), { intake: '{}' })).toMatchObject({
      failure: [{ key: 'TEAMS_HMAC_SECRET', problem: 'missing', inIntake: true }],
    })
    expect(readAppSecret(JSON.stringify(rest), { intake })).not.toHaveProperty('value.sharedTokens')
  })

  test.each([
    ['ticketing-app', 'ticketing-app-intake'],
    ['arn:aws:secretsmanager:eu-central-1:123456789012:secret:team/app-AbC123', 'team/app-intake'],
  ])('the secret of intake beside %s is %s', (secretId, id) => {
    expect(intakeSecretId(secretId)).toBe(id)
  })

  test.each([
    ['Trello', readTrelloSecret, { trello: { key: 'key', token: 'token', boardId: 'board', listName: 'To do' } }],
    ['Slack', readSlackSecret, { slackUrl: GOOD.SLACK_URL }],
    [
      'notices',
      readNoticeSecret,
      { slackUrl: GOOD.SLACK_URL, teamsNotifyUrl: 'https://flow.example/b', teamsNews: FOR_ALL },
    ],
    ['news', readNewsSecret, { teamsNews: FOR_ALL }],
  ] as const)('what %s needs is read alone, even when the rest is wrong', (_what, read, value) => {
    const [own] = Object.keys(value)
    const spoilt = own === 'trello' ? { SLACK_URL: 'x' } : { TRELLO_API_KEY: '' }
    const json = JSON.stringify({
      ...GOOD,
      TEAMS_NOTIFY_URL: 'https://flow.example/b',
      PREFIX: '',
      TEAMS_HMAC_SECRET: '',
      ...spoilt,
    })
    expect(read(json)).toEqual({ ok: true, value })
  })

  const TARGETS = {
    '19:a@thread.tacv2': { url: 'https://flow.example/a', level: 'all', groupId: 'group' },
    default: { url: 'https://flow.example/b' },
  }

  test.each([
    ['as JSON', JSON.stringify(TARGETS)],
    ['as an object', TARGETS],
  ])('the targets of news, %s', (_, TEAMS_NOTIFY_URL) => {
    expect(readNewsSecret(JSON.stringify({ TEAMS_NOTIFY_URL }))).toEqual({
      ok: true,
      value: { teamsNews: { ...TARGETS, ...FOR_ALL } },
    })
    expect(readNoticeSecret(JSON.stringify({ ...GOOD, TEAMS_NOTIFY_URL }))).toMatchObject({
      value: { teamsNotifyUrl: 'https://flow.example/b' },
    })
  })

  test.each([
    ['an address that is not https', { a: { url: 'http://flow.example/a' } }],
    ['an unknown level', { a: { url: 'https://flow.example/a', level: 'some' } }],
    ['a group that is not a text', { a: { url: 'https://flow.example/a', groupId: 7 } }],
    ['a list', ['https://flow.example/a']],
    ['a target that is none', { a: 'https://flow.example/a' }],
  ])('targets of news with %s are refused', (_, TEAMS_NOTIFY_URL) => {
    expect(problemsOf({ TEAMS_NOTIFY_URL })).toEqual(['TEAMS_NOTIFY_URL malformed'])
  })

  test('an address that is not https is refused, unless simulators stand in', () => {
    const change = {
      SLACK_URL: 'http://a.test/x',
      ADMIN_SLACK_URL: 'http://127.0.0.1/y',
      TEAMS_NOTIFY_URL: 'http://b.test/z',
    }
    expect(problemsOf(change)).toEqual([
      'SLACK_URL malformed',
      'ADMIN_SLACK_URL malformed',
      'TEAMS_NOTIFY_URL malformed',
    ])
    expect(readSlackSecret(JSON.stringify({ ...GOOD, ...change }))).toMatchObject({
      failure: [{ expected: 'the URL (https, not http) of a Slack incoming webhook' }],
    })
    expect(readAppSecret(JSON.stringify({ ...GOOD, ...change }), { allowHttp: true }).ok).toBe(true)
  })

  test.each([
    ['https://trello.com/b/AbCdEfGh/our-board', 'AbCdEfGh'],
    ['trello.com/b/AbCdEfGh', 'AbCdEfGh'],
    ['5f0000000000000000000001', '5f0000000000000000000001'],
  ])('takes the board from %s', (TRELLO_BOARD_ID, boardId) => {
    expect(readTrelloSecret(JSON.stringify({ ...GOOD, TRELLO_BOARD_ID }))).toMatchObject({
      value: { trello: { boardId } },
    })
  })

  test.each(['https://trello.com/c/AbCdEfGh/1-a-card', 'https://example.com/b/AbCdEfGh'])(
    'takes %s for no board',
    (TRELLO_BOARD_ID) => expect(problemsOf({ TRELLO_BOARD_ID })).toEqual(['TRELLO_BOARD_ID malformed']),
  )

  test('a byte order mark before it is passed over', () => {
    expect(readAppSecret(`\uFEFF${JSON.stringify(GOOD)}`).ok).toBe(true)
  })

  test.each([
    ['one repeated byte', '\u0007'.repeat(32)],
    ['two bytes', 'ab'.repeat(16)],
    ['four bytes', 'abcd'.repeat(8)],
    ['a word', 'password'.repeat(4)],
    ['zeros but for the last', `${'\0'.repeat(31)}\u0001`],
  ])('a token of %s is refused, with a hint', (_what, bytes) => {
    const read = readAppSecret(JSON.stringify({ ...GOOD, TEAMS_HMAC_SECRET: Buffer.from(bytes).toString('base64') }))
    expect(read).toMatchObject({
      failure: [{ key: 'TEAMS_HMAC_SECRET', expected: expect.stringContaining('under 8 different bytes') }],
    })
  })

  test('never shows a value in a problem', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{30}$/), (value) => {
        const spoilt = Object.fromEntries(Object.keys(GOOD).map((key) => [key, `!${value} ${value}`]))
        expect(JSON.stringify(readAppSecret(JSON.stringify({ ...spoilt, PREFIX: `!${value}` })))).not.toContain(value)
      }),
    )
  })
})
