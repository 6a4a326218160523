import { createHmac } from 'node:crypto'
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { verifySlackRequest, verifyTrelloCallback } from './index.ts'

// Known answers: Trello's computed by its documentation (no live callback was checked), Slack's from the tests of
// slackapi/java-slack-sdk, SlackSignatureTest.
const TRELLO = {
  secret: '0123456789abcdef'.repeat(4),
  callbackUrl: 'https://tickets.example.com/trello',
  body: Buffer.from('{"action":{"type":"updateCard","data":{"card":{"name":"Zoë 🍺"}}}}'),
  signature: 'LOI9fh/YdJpRrDCc26Tb47HvSs0=',
}
const SLACK = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  body: Buffer.from(
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  ),
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  now: 1_531_420_618_000,
}

function trello(change: Partial<Parameters<typeof verifyTrelloCallback>[0]> = {}): string {
  const verified = verifyTrelloCallback({ ...TRELLO, ...change })
  return verified.ok ? 'holds' : verified.failure.code
}

function slack(change: Partial<Parameters<typeof verifySlackRequest>[0]> = {}): string {
  const verified = verifySlackRequest({ ...SLACK, ...change })
  return verified.ok ? 'holds' : verified.failure.code
}

/** The signature that Slack would have made for another time stamp. */
function signedAt(timestamp: string): { timestamp: string; signature: string } {
  const mac = createHmac('sha256', SLACK.secret).update(`v0:${timestamp}:`).update(SLACK.body)
  return { timestamp, signature: `v0=${mac.digest('hex')}` }
}

describe('a callback of Trello', () => {
  test('with the known signature holds', () => expect(trello()).toBe('holds'))

  test.each<[string, Parameters<typeof trello>[0], string]>([
    ['no signature', { signature: undefined }, 'missing'],
    ['an empty signature', { signature: ' ' }, 'missing'],
    ['a signature that is not base64', { signature: '*'.repeat(28) }, 'malformed'],
    ['a signature of another length', { signature: TRELLO.signature.slice(4) }, 'malformed'],
    ['a signature in hex', { signature: '2ce23d7e1fd8749a51ac309cdba4dbe3b1ef4acd' }, 'malformed'],
    ['another secret', { secret: TRELLO.secret.toUpperCase() }, 'mismatch'],
    ['an empty secret', { secret: '' }, 'mismatch'],
    ['another address', { callbackUrl: `${TRELLO.callbackUrl}/` }, 'mismatch'],
    [
      'its body written again by a program',
      { body: Buffer.from(TRELLO.body.toString().replace('ë', '\\u00eb')) },
      'mismatch',
    ],
    [
      'a part of the body moved to the address',
      { body: TRELLO.body.subarray(0, -1), callbackUrl: `} ${TRELLO.callbackUrl}` },
      'mismatch',
    ],
  ])('with %s is refused', (_what, change, code) => expect(trello(change)).toBe(code))

  test('with any one bit changed is refused', () => {
    fc.assert(
      fc.property(fc.nat(TRELLO.body.byteLength * 8 - 1), (bit) => {
        const body = Buffer.from(TRELLO.body)
        body.writeUInt8(body.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        expect(trello({ body })).toBe('mismatch')
      }),
    )
  })
})

describe('a request of Slack', () => {
  test('with the known signature holds', () => expect(slack()).toBe('holds'))

  test.each([-300, 0, 300])('holds %i s after its time stamp', (seconds) => {
    expect(slack({ now: SLACK.now + seconds * 1000 })).toBe('holds')
  })

  test.each([-301, 301, 86_400])('is refused %i s after its time stamp', (seconds) => {
    expect(slack({ now: SLACK.now + seconds * 1000 })).toBe('stale')
  })

  test.each<[string, Parameters<typeof slack>[0], string]>([
    ['no signature', { signature: undefined }, 'missing'],
    ['no time stamp', { timestamp: undefined }, 'missing'],
    ['another version', { signature: SLACK.signature.replace('v0', 'v1') }, 'malformed'],
    ['a signature in capitals', { signature: SLACK.signature.toUpperCase() }, 'malformed'],
    ['a signature that is cut', { signature: SLACK.signature.slice(0, -2) }, 'malformed'],
    ['a time stamp that is none', signedAt('now'), 'malformed'],
    ['a negative time stamp', signedAt('-1531420618'), 'malformed'],
    ['a time stamp that it was not signed with', { timestamp: '1531420619' }, 'mismatch'],
    ['another secret', { secret: `${SLACK.secret} ` }, 'mismatch'],
    ['another body', { body: SLACK.body.subarray(1) }, 'mismatch'],
    ['a fresh time stamp under an old signature', { timestamp: '1531421618', now: 1_531_421_618_000 }, 'mismatch'],
  ])('with %s is refused', (_what, change, code) => expect(slack(change)).toBe(code))
})

test('no hint holds a secret or a signature', () => {
  for (const verified of [
    verifyTrelloCallback({ ...TRELLO, body: SLACK.body }),
    verifySlackRequest({ ...SLACK, body: TRELLO.body }),
    verifySlackRequest({ ...SLACK, now: 0 }),
  ]) {
    expect(verified.ok).toBe(false)
    for (const hidden of [TRELLO.secret, SLACK.secret, TRELLO.signature, SLACK.signature])
      expect(JSON.stringify(verified)).not.toContain(hidden)
  }
})
