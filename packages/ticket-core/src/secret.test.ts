import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { readAppSecret } from './index.ts'

/** Base64 of 32 bytes each. */
const TOKENS = ['first', 'other'].map((text) => Buffer.from(text.padEnd(32, '.')).toString('base64'))

const GOOD = {
  PREFIX: 'helpdesk',
  TRELLO_API_KEY: 'key',
  TRELLO_API_TOKEN: 'token',
  TRELLO_BOARD_ID: 'board',
  TRELLO_LIST_NAME: 'To do',
  SLACK_URL: 'https://hooks.slack.com/services/T/B/x',
  TEAMS_HMAC_SECRET: TOKENS.join(', '),
}

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
      },
    })
  })

  test('may name where an admin is told', () => {
    const more = { ADMIN_SLACK_URL: 'https://hooks.slack.com/a', TEAMS_NOTIFY_URL: 'https://flow.example/b?sig=c' }
    expect(readAppSecret(JSON.stringify({ ...GOOD, ...more }))).toMatchObject({
      value: { adminSlackUrl: 'https://hooks.slack.com/a', teamsNotifyUrl: 'https://flow.example/b?sig=c' },
    })
  })

  test('names everything that is missing or malformed at once', () => {
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

  test.each(['', 'null', '[]', '"text"', '{'])('that is no JSON object (%s) is malformed as a whole', (json) => {
    expect(readAppSecret(json)).toEqual({
      ok: false,
      failure: [{ key: '(whole secret)', problem: 'malformed', expected: 'a JSON object of strings' }],
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
