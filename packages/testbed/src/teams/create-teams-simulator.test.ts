import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createJournal } from '../journal/create-journal.ts'
import { createVirtualClock } from '@ticketing/local-aws'
import { createTeamsSimulator } from './create-teams-simulator.ts'
import { correctedFormOf, replyText, TEAMS_SORRY, ticketIdOf } from './read-reply.ts'
import { signActivity, type Tamper } from './sign-activity.ts'

const START = Date.UTC(2026, 10, 23, 14, 3, 22)

const TOKEN = Buffer.alloc(32, 7).toString('base64')
const URL_OF_BOT = 'https://tickets.example.com/'
const FORM = { title: 'Login page is blank', priority: 'high', description: 'White since 9:40.' }

interface Received {
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

/** A bot with the answers of a test, and the requests that it got. */
function start(answer: () => Response | Promise<Response> = () => Response.json({ type: 'message', text: 'Hello' })) {
  const clock = createVirtualClock(START)
  const journal = createJournal({ clock })
  const received: Received[] = []
  const bot: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const gone = new Promise<never>((_resolve, reject) => {
      request.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    })
    received.push({ url: request.url, headers: request.headers, body: await request.text() })
    return Promise.race([answer(), gone])
  }
  const teams = createTeamsSimulator({ clock, journal, token: TOKEN, url: URL_OF_BOT, fetch: bot })
  return { clock, journal, received, teams }
}

function capture(name: string): Buffer<ArrayBuffer> {
  return readFileSync(new URL(`../../../../fixtures/teams/${name}`, import.meta.url))
}

const mac = (body: string) => `HMAC ${createHmac('sha256', Buffer.from(TOKEN, 'base64')).update(body).digest('base64')}`

const keysOf = (value: object) => Object.keys(value)
const card = (...body: readonly object[]) => ({
  type: 'message',
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard', body } }],
})
const rich = (text: string, fontType?: string) => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text, fontType }],
})
const read = async (activity: object) => start(() => Response.json(activity)).teams.sendText('x')

describe('the signature', () => {
  // https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook: the
  // example of the 2018 page, whose body is a fixture
  test("is Microsoft's for Microsoft's example", () => {
    const body = capture('microsoft-example-2018-08-15.json')
    expect(signActivity(body, 'vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA=')).toBe(
      'HMAC 03TCao0i55H1eVKUusZOTZRjtvYTs+mO41mPL+R1e1U=',
    )
  })

  test('is made over the exact bytes that are sent', async () => {
    const { teams, received } = start()
    await teams.send({ ...FORM, title: 'Ärger mit 🍺' })
    const [request] = received
    expect(request?.headers.get('authorization')).toBe(mac(request?.body ?? ''))
    expect(request?.headers.get('content-type')).toContain('application/json')
  })

  test('can be made with the token of another webhook', async () => {
    const { teams, received } = start()
    await teams.send(FORM, { token: Buffer.alloc(32, 8).toString('base64') })
    expect(received[0]?.headers.get('authorization')).not.toBe(mac(received[0]?.body ?? ''))
  })
})

describe('an activity', () => {
  // https://github.com/CapgeminiNorway/capcoins: a delivery as its receiver logged it
  test('has the members of a captured one, in their order', () => {
    const captured = JSON.parse(capture('outgoing-webhook-2019-emoji-root-post.json').toString())
    const composed = JSON.parse(JSON.stringify(start().teams.compose(['Title: x'])))
    expect(keysOf(composed)).toEqual(keysOf(captured))
    for (const member of ['from', 'channelData']) expect(keysOf(composed[member])).toEqual(keysOf(captured[member]))
    expect(keysOf(composed.conversation)).toEqual([...keysOf(captured.conversation), 'tenantId'])
    expect(keysOf(composed.attachments[0])).toEqual(keysOf(captured.attachments[1]))
    expect(keysOf(composed.entities[0])).toEqual(keysOf(captured.entities[0]))
  })

  test('has a time stamp of now, and its local form', () => {
    const { teams } = start()
    expect(teams.compose([])).toMatchObject({
      id: '1795442602000',
      timestamp: '2026-11-23T14:03:22.000Z',
      localTimestamp: '2026-11-23T15:03:22.000+01:00',
    })
    const place = { offsetMinutes: -570 }
    expect(teams.compose([], { place })).toMatchObject({ localTimestamp: '2026-11-23T04:33:22.000-09:30' })
  })

  test('has an id that grows although the clock stands still', () => {
    const { teams } = start()
    expect([teams.compose([]).id, teams.compose([]).id, teams.compose([], { ageMs: 60_000 }).id]).toEqual([
      '1795442602000',
      '1795442602001',
      '1795442602002',
    ])
  })

  test('begins a thread, or answers in one', () => {
    const { teams } = start()
    const root = teams.compose([])
    expect(root.conversation.id).toContain(`;messageid=${root.id}`)
    expect(teams.compose([], { inReplyTo: root.id }).conversation.id).toContain(`;messageid=${root.id}`)
  })

  test('can be older than its delivery', () => {
    const { teams } = start()
    expect(teams.compose([], { ageMs: 301_000 }).timestamp).toBe('2026-11-23T13:58:21.000Z')
  })
})

describe('a delivery', () => {
  test('of the same activity has the same bytes, also to another replica', async () => {
    const { teams, received } = start()
    const activity = teams.compose(['help'])
    await teams.post(activity)
    await teams.post(activity, { to: 'https://other.example.com/' })
    expect(received.map(({ url }) => url)).toEqual([URL_OF_BOT, 'https://other.example.com/'])
    expect(received[0]?.body).toBe(received[1]?.body)
  })

  test.each<[Tamper, (request: Received) => void]>([
    ['body-after-signing', ({ headers, body }) => expect(headers.get('authorization')).not.toBe(mac(body))],
    ['wrong-key', ({ headers, body }) => expect(headers.get('authorization')).not.toBe(mac(body))],
    ['no-header', ({ headers }) => expect(headers.has('authorization')).toBe(false)],
    [
      'other-scheme',
      ({ headers, body }) => expect(headers.get('authorization')).toBe(mac(body).replace('HMAC', 'Bearer')),
    ],
    ['not-base64', ({ headers }) => expect(headers.get('authorization')).toBe('HMAC this-is-not-base64-§')],
    ['truncated-signature', ({ headers, body }) => expect(headers.get('authorization')).toBe(mac(body).slice(0, -8))],
  ])('tampered by %s has that one thing wrong', async (tamper, check) => {
    const { teams, received } = start()
    const activity = teams.compose(['help'])
    await teams.post(activity, { tamper })
    const request = received[0]
    expect.hasAssertions()
    if (request) check(request)
    const isWhole = request?.body === JSON.stringify(activity)
    expect(isWhole).toBe(tamper !== 'body-after-signing')
    expect(() => JSON.parse(request?.body ?? '')).not.toThrow()
  })

  test('of bytes that are not an activity is signed too', async () => {
    const { teams, received } = start()
    await teams.postBytes(new TextEncoder().encode('not json'))
    expect(received[0]).toMatchObject({ body: 'not json' })
    expect(received[0]?.headers.get('authorization')).toBe(mac('not json'))
  })
})

describe('what Teams makes of the answer', () => {
  test('a 200 with an activity is shown in the thread', async () => {
    const { teams, journal } = start()
    const reply = await teams.sendText('help')
    expect(reply).toMatchObject({ kind: 'replied', status: 200, ms: 0 })
    expect(replyText(reply)).toBe('Hello')
    expect(journal.entries).toMatchObject([{ kind: 'sent' }, { kind: 'replied', text: 'Hello' }])
  })

  // https://github.com/MicrosoftDocs/msteams-docs/issues/693
  test.each([
    ['another status', () => new Response('', { status: 401 }), { reason: 'status', status: 401 }],
    ['a 202', () => Response.json({ type: 'message', text: 'x' }, { status: 202 }), { reason: 'status', status: 202 }],
    ['a redirect', () => Response.redirect('https://example.com/', 302), { reason: 'status', status: 302 }],
    ['text that is not JSON', () => new Response('ok'), { reason: 'not-an-activity' }],
    ['JSON that is not a message', () => Response.json({ text: 'x' }), { reason: 'not-an-activity' }],
    ['a message with nothing in it', () => Response.json({ type: 'message' }), { reason: 'not-an-activity' }],
    ['no connection', () => Promise.reject(new TypeError('fetch failed')), { reason: 'no-connection' }],
  ])('%s is shown as one fixed sentence', async (_name, answer, failure) => {
    const { teams } = start(answer)
    const reply = await teams.sendText('help')
    expect(reply).toMatchObject({ kind: 'failed', ...failure })
    expect(replyText(reply)).toBe(TEAMS_SORRY)
  })

  // https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook: 5 seconds
  test('an answer after 5 s comes too late', async () => {
    const { teams, clock } = start(() => new Promise(() => {}))
    const sent = teams.sendText('help')
    await clock.advance(5000)
    expect(await sent).toMatchObject({ kind: 'failed', reason: 'timeout', ms: 5000 })
  })

  test('an answer just before that is in time', async () => {
    const { promise, resolve } = Promise.withResolvers<Response>()
    const { teams, clock } = start(() => promise)
    const sent = teams.sendText('help')
    await clock.advance(4999)
    resolve(Response.json({ type: 'message', text: 'late' }))
    expect(await sent).toMatchObject({ kind: 'replied', ms: 4999 })
  })
})

describe('a reply is read like a person reads it', () => {
  test('rich text as it is, text blocks as markdown', async () => {
    const reply = await read(
      card(
        { type: 'RichTextBlock', inlines: ['one ', { type: 'TextRun', text: '\\*two\\*' }] },
        { type: 'TextBlock', text: 'a \\*b\\*\nc\n\nd' },
        { type: 'FactSet', facts: [{ title: 'Priority', value: 'High' }] },
        { type: 'Container', items: [{ type: 'TextBlock', text: 'inside' }] },
      ),
    )
    expect(replyText(reply)).toBe('one \\*two\\*\na *b* c\nd\nPriority\nHigh\ninside')
  })

  test('its ticket id is found, or its text shown', async () => {
    expect(ticketIdOf(await read(card(rich('Ticket T-7QK2M-9XD4R accepted'))))).toBe('T-7QK2M-9XD4R')
    // Plain JavaScript and Vitest do not check types.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    expect(() => ticketIdOf(read(card(rich('Ticket T-7QK2M-9XD4R accepted'))) as never)).toThrow('await it first')
    const without = await read(card(rich('Your ticket was not accepted')))
    expect(() => ticketIdOf(without)).toThrow('The reply names no ticket id. It says:\nYour ticket was not accepted')
  })

  test('the form to paste back is its fixed-width part', async () => {
    const reply = await read(
      card(
        rich('Title is missing'),
        rich('Copy this:'),
        rich('Title: Login', 'Monospace'),
        rich('Priority: High', 'Monospace'),
        rich('How it works: @tickets help'),
      ),
    )
    expect(correctedFormOf(reply)).toBe('Title: Login\nPriority: High')
    expect(() => correctedFormOf({ ...reply, body: '{}' })).toThrow('no form to paste back')
  })
})

// Plain JavaScript and Vitest do not check types.
describe('a wrong message or option is refused, with the allowed values', () => {
  const { teams, received } = start()
  const send = (form: object, options: object = {}) =>
    Reflect.apply((...args: Parameters<typeof teams.send>) => teams.send(...args), undefined, [form, options])

  test.each([
    [
      'a tamper that is none',
      FORM,
      { tamper: 'signature' },
      '`tamper` of teams.send cannot be "signature". Did you mean "truncated-signature"? It is one of "body-after-signing", ',
    ],
    ['a misspelt tamper', FORM, { tamper: 'wrong_key' }, 'Did you mean "wrong-key"?'],
    [
      'a shape that is none',
      FORM,
      { shape: 'table' },
      '`shape` of teams.send cannot be "table". It is one of "divs", ',
    ],
    [
      'an option that is none',
      FORM,
      { sign: false },
      'An option of teams.send cannot be "sign". It is one of "shape", "ageMs", "inReplyTo", "place", "to", "tamper", "token".',
    ],
    ['an age that is not a number', FORM, { ageMs: '5m' }, '`ageMs` of teams.send cannot be "5m". It is milliseconds.'],
    ['a place that is misspelt', FORM, { place: { team: 'x' } }, 'A part of `place` of teams.send cannot be "team".'],
    [
      'a form without fields',
      { title: 'T' },
      {},
      'The form of teams.send lacks "priority", "description". To send an incomplete one, use teams.sendText.',
    ],
    ['no form', [], {}, 'lacks "title", "priority", "description"'],
    [
      'a field that is not a text',
      { ...FORM, steps: ['one'] },
      {},
      "`steps` of the form cannot be [ 'one' ]. It is a text.",
    ],
    ['a field that is none', { ...FORM, prio: 'high' }, {}, 'A field of the form cannot be "prio".'],
  ])('%s', async (_, form, options, said) => {
    await expect(send(Object(form), options)).rejects.toThrow(said)
    expect(received).toEqual([])
  })

  test('the same holds for the other ways to send', async () => {
    const wrong: object = { sign: false }
    await expect(teams.sendText('help', wrong)).rejects.toThrow('An option of teams.sendText cannot be "sign"')
    await expect(Reflect.apply((text: string) => teams.sendText(text), undefined, [undefined])).rejects.toThrow(
      'It is a text',
    )
    expect(() => teams.compose(['x'], wrong)).toThrow('An option of teams.compose cannot be "sign"')
    await expect(teams.post(teams.compose(['x']), { ...wrong })).rejects.toThrow('An option of teams.post')
    expect(received).toEqual([])
  })
})
