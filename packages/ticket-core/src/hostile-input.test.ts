import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  ENVELOPE_LIMIT,
  makeTicket,
  openEnvelope,
  parseDraft,
  readActivity,
  readAppSecret,
  readCommand,
  readMessage,
  replyAccepted,
  writeEnvelope,
  type Activity,
} from './index.ts'

const ACTIVITY = {
  type: 'message',
  id: '1795442602000',
  timestamp: '2026-11-23T14:03:22.000Z',
  from: { id: '29:1', name: 'Ada' },
  conversation: { id: '19:a@thread.tacv2' },
  text: '<at>tickets</at> Title: a',
  attachments: [{ contentType: 'text/html', content: '<p>Title: a</p>' }],
  channelData: { team: { id: 'team' }, channel: { id: 'channel' }, tenant: { id: 'tenant' } },
}

function read(json: string): ReturnType<typeof readActivity> {
  return readActivity({ body: new TextEncoder().encode(json), now: 0, maxAgeMs: Infinity })
}

/** As deep as 256 KiB can be. */
const DEPTH = ENVELOPE_LIMIT / 2 - 1
const DEEP: readonly (readonly [string, string])[] = [
  ['lists', '['.repeat(DEPTH) + ']'.repeat(DEPTH)],
  ['objects', '{"a":'.repeat(DEPTH / 4) + '0' + '}'.repeat(DEPTH / 4)],
]

describe('JSON as deep as a body allows', () => {
  test.each(DEEP)('of %s is no activity, no envelope, no secret', (_what, json) => {
    expect(read(json)).toMatchObject({ ok: false, failure: { code: 'not-an-activity' } })
    expect(openEnvelope({ body: json, messageId: '', attributes: {} })).toMatchObject({
      failure: { code: 'unreadable' },
    })
    expect(readAppSecret(json).ok).toBe(false)
  })

  const places = Object.keys(ACTIVITY)
  test.each(DEEP.flatMap(([what, json]) => places.map((place) => [what, place, json] as const)))(
    'of %s is refused or passed over in an activity’s %s',
    (_what, place, json) => {
      const activity = read(JSON.stringify({ ...ACTIVITY, [place]: '?' }).replace('"?"', json))
      const outcome = activity.ok ? readCommand(activity.value).kind : activity.failure.code
      expect(['not-an-activity', 'ticket']).toContain(outcome)
    },
  )
})

describe('keys that JavaScript knows', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('such as %s change nothing', (key) => {
    const evil = `{"${key}":{"type":"message","isAdmin":true}}`
    expect(read(evil)).toMatchObject({ ok: false, failure: { code: 'not-an-activity' } })
    expect(readAppSecret(evil).ok).toBe(false)
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined()
  })
})

const scraps = [
  'Title: ', 'Priority: high', 'Priority: hgih', 'Description: ', 'Steps: ', '\n', '<p>', '</p>', '<br>', '<at>x</at>',
  '<pre>', '<a href="javascript:alert(1)">', '</a>', '<!channel>', '<@U123>', '{{DATE(2026-01-01T00:00:00Z)}}', '&#0;',
  '&#x202e;', '\u202e', '\u0000', '\u001b[31m', '\ud800', '\udfff', '\u2028', '\u200b', '😀', '```', '](http://x', '../',
  '__proto__', `${'a'.repeat(2000)} `,
] // prettier-ignore
const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...scraps), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 40 })
  .map((parts) => parts.join(''))

describe('any text of a member of the team', () => {
  const activities: fc.Arbitrary<Activity> = fc.record({
    id: fc.string(),
    at: fc.date({ noInvalidDate: true }).map(Number),
    text: hostileText,
    html: hostileText,
    imageAttachments: fc.nat(3),
    conversationId: fc.string(),
  })

  test('becomes problems, or a ticket that comes out of the queue as it went in', () => {
    let tickets = 0
    fc.assert(
      fc.property(activities, (activity) => {
        const draft = parseDraft(`Title: x${readMessage(activity).text}\nPriority: low\nDescription: y`)
        if (!draft.ok) return
        const ticket = makeTicket(activity, draft.value)
        const body = writeEnvelope({ ticket, life: 0 })
        if (!body.ok) return
        expect(body.value).toMatch(/^[\x20-\x7e]*$/)
        expect(openEnvelope({ body: body.value, messageId: '', attributes: {} })).toEqual({
          ok: true,
          value: { ticket, life: 0, kind: 'envelope' },
        })
        expect(JSON.stringify(replyAccepted({ ticket })).length).toBeLessThan(28_000)
        tickets += 1
      }),
    )
    expect(tickets).toBeGreaterThan(20)
  })

  test('in a body of the older system becomes a ticket that can be sent on', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (Title, Description) => {
        const body = JSON.stringify({ Title, Description, Priority: 'High' })
        const opened = openEnvelope({ body, messageId: 'm', attributes: {} })
        if (!opened.ok) throw new Error(opened.failure.reason)
        const again = writeEnvelope({ ticket: opened.value.ticket, life: 1 })
        if (!again.ok) return
        expect(openEnvelope({ body: again.value, messageId: 'n', attributes: {} })).toMatchObject({
          ok: true,
          value: { ticket: opened.value.ticket, life: 1 },
        })
      }),
    )
  })
})

describe('the secret', () => {
  const keys = ['PREFIX', 'TRELLO_API_KEY', 'SLACK_URL', 'TEAMS_HMAC_SECRET', 'ADMIN_SLACK_URL', '__proto__']
  test('of any JSON is read or refused, and what is refused quotes no value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.oneof(fc.jsonValue(), hostileText)), (values) => {
        const secret = readAppSecret(JSON.stringify(values))
        expect(secret.ok).toBe(false)
        const long = Object.values(values).filter((text) => typeof text === 'string' && text.length > 80)
        for (const text of long) expect(JSON.stringify(secret)).not.toContain(text)
      }),
    )
  })

  test('of any text is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(readAppSecret(text).ok).toBe(false)
      }),
    )
  })
})
