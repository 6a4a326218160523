import { readFileSync } from 'node:fs'
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { makeTicket, readActivity, readCommand, teamOf, type Activity } from './index.ts'

const MINUTES = 60_000

function capture(name: string): Uint8Array {
  return readFileSync(new URL(`../../../fixtures/teams/${name}.json`, import.meta.url))
}

/** A whole, small activity with one thing changed. */
function bytes(change: object): Uint8Array {
  const activity = {
    type: 'message',
    id: '1759944781430',
    timestamp: '2025-10-08T17:33:01.430Z',
    text: '<at>tickets</at> help',
    from: { id: '29:1', name: 'Ada' },
    conversation: { id: '19:c@thread.tacv2;messageid=1759944781430' },
    ...change,
  }
  return new TextEncoder().encode(JSON.stringify(activity))
}

function read(body: Uint8Array, now: string, maxAgeMs = 5 * MINUTES): unknown {
  const activity = readActivity({ body, now: Date.parse(now), maxAgeMs })
  return activity.ok ? activity.value : activity.failure
}

function activityOf(body: Uint8Array): Activity {
  const activity = readActivity({ body, now: 0, maxAgeMs: Infinity })
  if (!activity.ok) throw new Error(activity.failure.code)
  return activity.value
}

describe('a captured activity', () => {
  test('of Microsoft’s docs (2018) is read: recipient "null", no tenant, offset time stamps', () => {
    expect(read(capture('microsoft-example-2018-08-15'), '2017-02-01T21:10:08.000Z')).toMatchObject({
      id: '1485983408511',
      at: 1_485_983_407_437,
      reporter: { name: 'Tim Jones' },
      conversationId: '19:253b1f341670408fb6fe51050b6e5ceb@thread.skype;messageid=1485983194839',
      teamId: '19:712c61d0ef384e5fa681ba90ca943398@thread.skype',
      channelId: '19:253b1f341670408fb6fe51050b6e5ceb@thread.skype',
      locale: 'en-US',
      text: '<at>MyCustomBot</at> Hello <at>Larry Brown</at>',
    })
  })

  test('of an outgoing webhook (2019) is read: nulls, an emoji among the attachments', () => {
    expect(read(capture('outgoing-webhook-2019-emoji-root-post'), '2019-01-29T13:58:00.000Z')).toMatchObject({
      id: '1548770278830',
      at: 1_548_770_278_834,
      imageAttachments: 1,
      reporter: { name: 'Nordmann, Ola', aadObjectId: '00000000-0000-4000-8000-000000000000' },
      tenantId: '76a2ae5a-9f00-4f6b-95ed-5d33d77c4d61',
      teamId: '19:f49d648a29104431a8b662c4182b8bf2@thread.skype',
      locale: 'nb-NO',
    })
  })

  test('of 2025 is read: no time stamp, so the id says when it was written', () => {
    expect(read(capture('bot-2025-reply-in-thread'), '2025-10-08T17:35:00.000Z')).toMatchObject({
      id: '1759944781430',
      at: 1_759_944_781_430,
      tenantId: '50612dbb-0237-4969-b378-8d42590f9c00',
      text: '<at>ridotest</at> reply to thread',
    })
  })

  test.each([
    ['microsoft-example-2018-08-15', 'Hello Larry Brown', 'MyWebHook', {}],
    ['outgoing-webhook-2019-emoji-root-post', 'testing go go go 🍺', 'CapCoins', {}],
    ['bot-2025-reply-in-thread', 'reply to thread', 'ridotest', { meant: 'comment: reply to thread' }],
  ])('%s says what its writer wrote, without the bot’s mention', (name, text, mention, hint) => {
    const activity = readActivity({ body: capture(name), now: 0, maxAgeMs: Infinity })
    expect(activity.ok && readCommand(activity.value)).toEqual({
      kind: 'ticket',
      mention,
      message: { text, mention, ignored: 0 },
      ...hint,
    })
  })

  test('names the team that alone may ask for the status', () => {
    const activity = readActivity({ body: capture('bot-2025-reply-in-thread'), now: 0, maxAgeMs: Infinity })
    expect(activity.ok && teamOf(activity.value)).toBe('19:66P469zibfbsGI-_a0aN_toLTZpyzS6u7CT3TsXdgPw1@thread.tacv2')
  })
})

describe('the age of an activity', () => {
  test('may be just the limit, either way', () => {
    expect(read(bytes({}), '2025-10-08T17:38:01.430Z')).toHaveProperty('id')
    expect(read(bytes({}), '2025-10-08T17:28:01.430Z')).toHaveProperty('id')
  })

  test('over the limit is stale, with how far off it is', () => {
    expect(read(bytes({}), '2025-10-08T17:38:01.431Z')).toEqual({
      code: 'stale',
      offByMs: 300_001,
      maxAgeMs: 300_000,
    })
  })

  test('ahead of the clock is stale too, with a negative distance', () => {
    expect(read(bytes({}), '2025-10-08T17:20:00.000Z')).toEqual({
      code: 'stale',
      offByMs: -781_430,
      maxAgeMs: 300_000,
    })
  })

  test.each([
    ['with an offset', '2025-10-08T19:33:01.430+02:00'],
    ['with seven decimals', '2025-10-08T17:33:01.4300000Z'],
  ])('is read from a time stamp %s', (_how, timestamp) => {
    expect(read(bytes({ timestamp }), '2025-10-08T17:33:02.000Z')).toMatchObject({ at: 1_759_944_781_430 })
  })

  test.each([
    ['absent', undefined],
    ['null', null],
  ])('is read from the epoch id when the time stamp is %s', (_how, timestamp) => {
    expect(read(bytes({ timestamp }), '2025-10-08T17:33:02.000Z')).toMatchObject({ at: 1_759_944_781_430 })
  })

  test.each([
    ['no time', 'x'],
    ['empty', ''],
    ['a number', 1_759_944_781_430],
    ['without a zone', '2025-10-08T17:33:01.430'],
    ['of an impossible day', '2025-13-45T00:00:00Z'],
  ])('that is %s is refused, although the epoch id is new', (_how, timestamp) => {
    expect(read(bytes({ timestamp }), '2025-10-08T17:33:02.000Z')).toEqual({
      code: 'not-an-activity',
      lacks: [expect.stringMatching(/^timestamp/)],
    })
  })

  const stamps = fc.oneof(
    fc.string(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc
      .tuple(fc.integer({ min: -900, max: 900 }), fc.constantFrom('', 'Z', '+02:00', '-11:30', 'z', ' UTC'))
      .map(
        ([seconds, zone]) => new Date(Date.UTC(2025, 9, 8, 17, 33) + seconds * 1000).toISOString().slice(0, 19) + zone,
      ),
  )
  test('whatever its text, is at most the maximum age off in what is accepted', () => {
    const now = Date.UTC(2025, 9, 8, 17, 33)
    fc.assert(
      fc.property(stamps, (timestamp) => {
        const activity = readActivity({ body: bytes({ timestamp }), now, maxAgeMs: 300_000 })
        if (!activity.ok) return
        expect(activity.value.at).toBe(Date.parse(timestamp.toUpperCase()))
        expect(timestamp).toMatch(/z$|[+-]\d\d:\d\d$/i)
        expect(Math.abs(now - activity.value.at)).toBeLessThanOrEqual(300_000)
      }),
    )
  })
})

describe('a body that is not an activity', () => {
  const TIMESTAMP = expect.stringMatching(/^timestamp \(an ISO instant/)
  const NOW = '2025-10-08T17:33:02.000Z'

  test.each([
    ['empty', ''],
    ['text', 'hello'],
    ['cut off', '{"type":"message"'],
  ])('is not JSON when it is %s', (_what, body) => {
    expect(read(new TextEncoder().encode(body), NOW)).toEqual({ code: 'not-json' })
  })

  test.each(['null', '7', '"text"', '[]', 'true'])('is refused when it is the JSON %s', (json) => {
    expect(read(new TextEncoder().encode(json), NOW)).toEqual({ code: 'not-an-activity', lacks: ['a JSON object'] })
  })

  test.each([
    ['type "message"', { type: 'conversationUpdate' }],
    ['id', { id: null }],
    ['timestamp', { id: 'abc', timestamp: null }],
    ['from', { from: null }],
    ['conversation.id', { conversation: { id: 7 } }],
    ['text', { text: null }],
  ])('is refused, naming the %s that it lacks', (lacking, change) => {
    expect(read(bytes(change), NOW)).toEqual({
      code: 'not-an-activity',
      lacks: [expect.stringContaining(lacking)],
    })
  })

  test('is refused, naming everything that it lacks', () => {
    expect(read(new TextEncoder().encode('{}'), NOW)).toEqual({
      code: 'not-an-activity',
      lacks: ['type "message"', 'id', TIMESTAMP, 'from', 'conversation.id', 'text'],
    })
  })
})

describe('loose reading', () => {
  const NOW = '2025-10-08T17:33:02.000Z'

  test('takes nulls and unknown keys wherever nothing depends on them', () => {
    const change = {
      recipient: null,
      entities: null,
      attachments: [null, 7, { contentType: null }, { contentType: 'text/html', content: null }],
      channelData: null,
      locale: null,
      from: { id: '29:1', name: null },
      whatIsThis: { deep: [1] },
    }
    expect(read(bytes(change), NOW)).toEqual({
      id: '1759944781430',
      at: 1_759_944_781_430,
      text: '<at>tickets</at> help',
      imageAttachments: 0,
      conversationId: '19:c@thread.tacv2;messageid=1759944781430',
      writerId: '29:1',
    })
  })

  test('keeps a reporter who has only a directory id', () => {
    expect(read(bytes({ from: { aadObjectId: 'b15a9416' } }), NOW)).toMatchObject({
      reporter: { name: 'unknown', aadObjectId: 'b15a9416' },
    })
  })

  test('takes the tenant from the conversation when the channel does not name it', () => {
    expect(read(bytes({ conversation: { id: '19:c', tenantId: 't1' } }), NOW)).toMatchObject({ tenantId: 't1' })
  })
})

describe('a ticket', () => {
  const DRAFT = { title: 'Login', priority: 'high', description: 'White.', links: [] } as const

  test('is made of its activity and draft alone', () => {
    const body = bytes({
      channelData: { tenant: { id: 't' }, team: { id: 'team' }, channel: { id: 'ch' } },
      locale: 'en-GB',
    })
    expect(makeTicket(activityOf(body), DRAFT)).toEqual({
      id: expect.stringMatching(/^T-.{5}-.{5}$/),
      source: expect.stringMatching(/^[0-9a-f]{64}$/),
      title: 'Login',
      priority: 'high',
      description: 'White.',
      links: [],
      createdAt: '2025-10-08T17:33:01.430Z',
      reporter: { name: 'Ada' },
      tenantId: 't',
      teamId: 'team',
      channelId: 'ch',
      conversationId: '19:c@thread.tacv2;messageid=1759944781430',
      messageId: '1759944781430',
      locale: 'en-GB',
    })
  })

  test('is the same whenever the same message comes again, even with other details', () => {
    const first = makeTicket(activityOf(bytes({})), DRAFT)
    expect(makeTicket(activityOf(bytes({})), DRAFT)).toEqual(first)
    expect(makeTicket(activityOf(bytes({ serviceUrl: 'https://elsewhere', recipient: null })), DRAFT)).toEqual(first)
  })

  test('is another one for the same text in another message', () => {
    const again = makeTicket(activityOf(bytes({ id: '1759944781431' })), DRAFT)
    expect(again.id).not.toBe(makeTicket(activityOf(bytes({})), DRAFT).id)
  })
})

describe('reading', () => {
  test('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
        expect(readActivity({ body, now: 0, maxAgeMs: 0 }).ok).toBe(false)
      }),
    )
  })

  test('never throws on any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(readActivity({ body: new TextEncoder().encode(json), now: 0, maxAgeMs: 0 }).ok).toBe(false)
      }),
    )
  })

  const keys = ['type', 'id', 'timestamp', 'text', 'from', 'conversation', 'attachments', 'entities', 'channelData']
  test('never throws on an activity with anything in any place, nor does what comes after it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()), (change) => {
        const activity = readActivity({ body: bytes(change), now: 0, maxAgeMs: Infinity })
        const outcome = activity.ok ? readCommand(activity.value).kind : activity.failure.code
        expect(['not-an-activity', 'ticket', 'help', 'status', 'status-malformed']).toContain(outcome)
      }),
    )
  })
})
