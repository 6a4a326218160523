import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { AwsError } from '@ticketing/local-aws'
import { fc } from '@fast-check/vitest'
import { caseObject, type TicketEvent, writeEvent } from 'ticket-core'
import { describe, expect, it } from 'vitest'
import {
  action,
  CALLBACK_SECRETS,
  callSlack,
  callTrello,
  CARD,
  press,
  shown,
  SOURCE,
  startCallbackServer,
  TICKET_ID,
} from '../test/callback-account.ts'
import { NOW } from '../test/intake.ts'
import { GOOD_SECRET } from '../test/start-account.ts'
import type { IncomingRequest } from './http-values.ts'
import { createHttpHandler } from './lambda.ts'

const ARCHIVED = callTrello({ action: action() })
const CLOSED: TicketEvent = {
  v: 1,
  id: 'trello:65a7d90edf6648c60e5add42',
  ticket: TICKET_ID,
  source: SOURCE,
  at: Date.parse('2026-11-23T14:03:20.000Z'),
  by: { via: 'trello', name: 'Ada Example', id: '5f00000000000000000000a1' },
  kind: 'closed',
}

function down(): Promise<void> {
  throw new AwsError('InternalError', 'We encountered an internal error.', { status: 500 })
}

describe('a callback of Trello', () => {
  it('becomes an event of the ticket that its card shows, and is answered once SQS has it', async () => {
    const server = await startCallbackServer()
    expect(shown(await server.handle(ARCHIVED))).toBe('200')
    expect(await server.queued()).toEqual([CLOSED])
    expect(server.metrics()).toContain('ticketing_callbacks_total{outcome="accepted",via="trello"} 1')
  })

  it('is checked by its address before: HEAD is 200', async () => {
    const server = await startCallbackServer()
    const reply = await server.handle({ method: 'HEAD', path: '/trello', headers: {}, body: new Uint8Array() })
    expect(shown(reply)).toBe('200')
  })

  it('that the case holds already is not sent again', async () => {
    const server = await startCallbackServer()
    await server.keep([CLOSED])
    expect(shown(await server.handle(ARCHIVED))).toBe('200')
    expect(await server.queued()).toEqual([])
  })

  it.each<[string, () => IncomingRequest]>([
    [
      'of a card that is not a ticket',
      () =>
        callTrello({ action: action({ data: { card: { id: `0${CARD.slice(1)}` }, text: 'x' }, type: 'commentCard' }) }),
    ],
    [
      'that changes nothing for a ticket',
      () => callTrello({ action: action({ data: { card: { id: CARD }, old: { pos: 1 } } }) }),
    ],
    [
      'of a card that was moved to another board with a webhook of ours',
      () =>
        callTrello({ action: action({ data: { ...Object(action()['data']), board: { id: `0${CARD.slice(1)}` } } }) }),
    ],
    ['of a kind that is not known', () => callTrello({ action: action({ type: 'voteOnCard' }) })],
    ['that is signed, and not JSON', () => callTrello('{"action":')],
    [
      'that our own call caused',
      () => callTrello({ action: action() }, { headers: { 'x-trello-client-identifier': 'ticketing' } }),
    ],
  ])('%s makes no event, and is not sent again', async (_what, request) => {
    const server = await startCallbackServer()
    expect(shown(await server.handle(request()))).toBe('200')
    expect(await server.queued()).toEqual([])
  })

  it('of our own call makes no event even when the ticket was reopened meanwhile', async () => {
    const server = await startCallbackServer()
    const reopened: TicketEvent = { ...CLOSED, id: 'teams:2', kind: 'reopened', at: CLOSED.at - 1000 }
    await server.keep([{ ...CLOSED, id: 'teams:1', at: CLOSED.at - 2000 }, reopened])
    await server.handle(callTrello({ action: action() }, { headers: { 'x-trello-client-identifier': 'ticketing' } }))
    expect(await server.queued()).toEqual([])
  })

  it('of a program makes an event only where the ticket does not show it yet', async () => {
    const server = await startCallbackServer()
    const byProgram = callTrello({ action: action({ appCreator: { id: '63dc1606d6ed5e0202a89fcf' } }) })
    await server.keep([{ ...CLOSED, id: 'teams:1' }])
    expect(shown(await server.handle(byProgram))).toBe('200')
    expect(await server.queued()).toEqual([])
    await server.keep()
    await server.handle(byProgram)
    expect(await server.queued()).toEqual([CLOSED])
  })

  it('of a card that its ticket has left, for another priority, ends nothing; a comment on it is still one', async () => {
    const server = await startCallbackServer()
    const raised: TicketEvent = { ...CLOSED, id: 'teams:1', kind: 'priority-changed', to: 'high' }
    await server.keep([raised])
    const deleted = action({ type: 'deleteCard', data: { card: { id: CARD, idShort: 1 } } })
    expect(shown(await server.handle(callTrello({ action: deleted })))).toBe('200')
    expect(shown(await server.handle(ARCHIVED))).toBe('200')
    expect(await server.queued()).toEqual([])
    const comment = action({ type: 'commentCard', data: { card: { id: CARD }, text: 'See Slack.' } })
    await server.handle(callTrello({ action: comment }))
    expect(await server.queued()).toMatchObject([{ kind: 'commented', text: 'See Slack.' }])
  })

  it('of a card that its ticket has left, and that a person takes out of the archive, reopens nothing', async () => {
    const server = await startCallbackServer()
    await server.keep([{ ...CLOSED, id: 'teams:1', kind: 'priority-changed', to: 'high' }])
    const data = { card: { id: CARD, closed: false }, old: { closed: true } }
    expect(shown(await server.handle(callTrello({ action: action({ data }) })))).toBe('200')
    expect(await server.queued()).toMatchObject([{ kind: 'unarchived', to: 'high', by: { via: 'trello' } }])
  })

  it('of a card whose place is still on its way is asked for again', async () => {
    const server = await startCallbackServer()
    const made = Math.floor(NOW / 1000 - 20).toString(16)
    const data = { card: { id: `${made}c7532e93d9e8d1ff`, closed: true }, old: { closed: false } }
    expect(shown(await server.handle(callTrello({ action: action({ data }) })))).toBe('503 Service Unavailable')
    server.offset = 60_000
    expect(shown(await server.handle(callTrello({ action: action({ data }) })))).toBe('200')
  })

  it.each([
    ['the queue does not answer', 'SendMessage'],
    ['the places cannot be listed', 'ListObjectsV2'],
    ['the case cannot be read', 'GetObject'],
  ])('is answered with 503 while %s, so that Trello sends it again; then it is taken', async (_what, call) => {
    const server = await startCallbackServer()
    for (const operation of [call, `${call}Batch`]) server.account.before.set(operation, down)
    expect(shown(await server.handle(ARCHIVED))).toBe('503 Service Unavailable')
    expect(server.lines.findLast(({ level }) => level === 'error')?.fields).not.toHaveProperty('text')
    server.account.before.clear()
    expect(shown(await server.handle(ARCHIVED))).toBe('200')
    expect(await server.queued()).toEqual([CLOSED])
  })
})

describe('a pressed button in Slack', () => {
  it('becomes an event of the ticket in its value', async () => {
    const server = await startCallbackServer()
    expect(shown(await server.handle(callSlack(press())))).toBe('200')
    expect(await server.queued()).toEqual([
      {
        v: 1,
        id: 'slack:U1:1795442602.000100:take:1795442600.250000',
        ticket: TICKET_ID,
        source: SOURCE,
        at: 1_795_442_600_250,
        by: { via: 'slack', name: 'ada', id: 'U1' },
        kind: 'taken',
      },
    ])
  })

  it('of a ticket without a case makes no event', async () => {
    const server = await startCallbackServer()
    await server.account.clients.s3.send(new DeleteObjectCommand({ Bucket: 'dev-bucket', Key: caseObject(TICKET_ID) }))
    expect(shown(await server.handle(callSlack(press())))).toBe('200')
    expect(await server.queued()).toEqual([])
  })

  it('is answered within three seconds, with 503, when S3 does not answer', async () => {
    const server = await startCallbackServer()
    server.account.before.set('GetObject', () => new Promise(() => {}))
    const begun = performance.now()
    expect(shown(await server.handle(callSlack(press())))).toBe('503 Service Unavailable')
    expect(performance.now() - begun).toBeLessThan(2900)
  })

  it('leaves its response URL, trigger and token nowhere: not in the event, not in the log', async () => {
    const server = await startCallbackServer()
    await server.handle(callSlack(press()))
    await server.handle(callSlack(press({ action_id: 'other' })))
    await server.handle(callSlack(press(), { secret: 'another secret of Slack' }))
    const [event] = await server.queued()
    const kept = JSON.stringify([event, server.lines])
    expect(event && writeEvent(event).ok).toBe(true)
    expect(kept).not.toMatch(/hooks\.slack|responsepath|trigger|legacy/)
  })
})

describe('who is not the vendor', () => {
  const unsigned = { 'x-trello-webhook': undefined, 'x-slack-signature': undefined }
  it.each<[string, IncomingRequest]>([
    ['Trello, without a signature', { ...ARCHIVED, headers: unsigned }],
    ['Trello, with another secret', callTrello({ action: action() }, { secret: 'another secret of Trello' })],
    [
      'Trello, with the secret of Slack',
      callTrello({ action: action() }, { secret: CALLBACK_SECRETS.SLACK_SIGNING_SECRET }),
    ],
    [
      'Trello, signed for another address',
      callTrello({ action: action() }, { url: 'https://evil.example.com/trello' }),
    ],
    [
      'Trello, with another body',
      { ...ARCHIVED, body: Buffer.from(JSON.stringify({ action: action({ type: 'deleteCard' }) })) },
    ],
    ['Slack, without a signature', { ...callSlack(press()), headers: unsigned }],
    ['Slack, with another secret', callSlack(press(), { secret: 'another secret of Slack' })],
    ['Slack, with another body', { ...callSlack(press()), body: Buffer.from(press({ action_id: 'close' })) }],
    ['Slack, captured six minutes ago', callSlack(press(), { at: NOW - 360_000 })],
    ['Slack, from six minutes ahead', callSlack(press(), { at: NOW + 360_000 })],
  ])('%s: 401, without a word, and no event', async (_what, request) => {
    const server = await startCallbackServer()
    expect(shown(await server.handle(request))).toBe('401 Unauthorized')
    expect(await server.queued()).toEqual([])
    expect(server.lines.at(-1)).toMatchObject({ event: 'request.refused', fields: { status: 401 } })
  })

  it('learns nothing about a body before its signature holds', async () => {
    const server = await startCallbackServer()
    for (const body of ['', '{"action":', JSON.stringify({ action: action() })])
      expect(shown(await server.handle(callTrello(body, { secret: 'another secret of Trello' })))).toBe(
        '401 Unauthorized',
      )
  })

  it('cannot send a body that is too large through a function URL', async () => {
    const server = await startCallbackServer()
    expect(shown(await server.handle(callTrello('x'.repeat(256 * 1024 + 1))))).toBe('413 Content Too Large')
    expect(shown(await server.handle(callSlack('x'.repeat(256 * 1024 + 1))))).toBe('413 Content Too Large')
  })

  it('makes the server read the secret once in 30 s at most, however many forged callbacks come', async () => {
    const server = await startCallbackServer()
    let reads = 0
    server.account.before.set('GetSecretValue', async () => {
      reads += 1
    })
    const forged = callTrello({ action: action() }, { secret: 'another secret of Trello' })
    for (let count = 0; count < 20; count += 1) await server.handle(forged)
    for (let count = 0; count < 20; count += 1) await server.handle(callSlack(press(), { secret: 'another of Slack' }))
    // One renewal reads two secrets: the application's, and intake's own.
    expect(reads).toBe(2)
  })
})

const texts = ({ body }: { readonly body: string }): string => JSON.stringify(JSON.parse(body).blocks)
const buttons = (sent: { readonly body: string } | undefined): unknown =>
  JSON.parse(sent?.body ?? '{"blocks":[]}')
    .blocks.at(-1)
    .elements?.map(({ text }: { text: { text: string } }) => text.text)

describe('the message whose button was pressed', () => {
  const RESPONSE_URL = 'https://hooks.slack.com/actions/T1/1/responsepath'

  it('is replaced by the ticket as it is with the press, before Slack has its answer', async () => {
    const server = await startCallbackServer()
    await server.keep([{ ...CLOSED, id: 'teams:1', kind: 'priority-changed', to: 'high' }])
    expect(shown(await server.handle(callSlack(press())))).toBe('200')
    expect(await server.queued()).toHaveLength(1)
    const [sent, ...more] = server.toSlack
    expect(more).toEqual([])
    expect(sent?.url).toBe(RESPONSE_URL)
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({
      replace_original: true,
      text: `${TICKET_ID} Login page is blank`,
    })
    expect(sent && texts(sent)).toContain('Assignee: ada (Slack)')
    expect(buttons(sent)).toEqual(['Take over', 'Close'])
  })

  it.each<[string, readonly string[] | undefined]>([
    ['acknowledge', ['Take', 'Close']],
    ['take', ['Take over', 'Close']],
    ['close', ['Reopen']],
    ['reopen', ['Acknowledge', 'Take', 'Close']],
  ])('after %s has the buttons %s', async (action_id, expected) => {
    const server = await startCallbackServer()
    await server.keep([{ ...CLOSED, id: 'teams:1', kind: 'priority-changed', to: 'high' }])
    await server.handle(callSlack(press({ action_id })))
    expect(buttons(server.toSlack[0])).toEqual(expected)
  })

  it('has no buttons, and says where the ticket is, once another place has it', async () => {
    const server = await startCallbackServer()
    await server.handle(callSlack(press({ action_id: 'acknowledge' })))
    expect(server.toSlack.map(texts).join()).toContain('Now at: the team board (Trello)')
    expect(buttons(server.toSlack[0])).toBeUndefined()
  })

  it('is replaced for a press that came again, too, and keeps the mark of a possible repeat', async () => {
    const server = await startCallbackServer()
    await server.handle(callSlack(press()))
    await server.keep(await server.queued())
    const message = { text: `Possible repeat: ${TICKET_ID} Login page is blank` }
    await server.handle(callSlack(press({}, { message })))
    expect(await server.queued()).toEqual([])
    expect(server.toSlack).toHaveLength(2)
    expect(JSON.parse(server.toSlack[1]?.body ?? '').text).toMatch(/^Possible repeat: /)
  })

  it.each<[string, () => Promise<Response>, string]>([
    ['refuses', async () => new Response('expired_url', { status: 404 }), 'slack-404'],
    ['fails', async () => new Response('', { status: 500 }), 'slack-500'],
    [
      'redirects',
      async () => new Response('', { status: 302, headers: { location: 'https://evil.test/' } }),
      'slack-302',
    ],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed')), 'slack-no-answer'],
  ])('stays as it is when Slack %s: the event is queued, and no log has the address', async (_what, answer, code) => {
    const server = await startCallbackServer()
    server.slackAnswers = answer
    expect(shown(await server.handle(callSlack(press())))).toBe('200')
    expect(await server.queued()).toHaveLength(1)
    expect(server.lines.find(({ event }) => event === 'message.not-replaced')?.fields).toMatchObject({
      ticket: TICKET_ID,
      code,
    })
    expect(JSON.stringify(server.lines)).not.toMatch(/hooks\.slack\.com\/|responsepath/)
  })

  it.each([
    'http://hooks.slack.com/actions/T1/1/x',
    'https://hooks.slack.com.evil.test/actions/T1/1/x',
    'https://hooks.slack.com@evil.test/actions/T1/1/x',
    'https://evil.test/https://hooks.slack.com/',
    'https://hooks.slack.com:444/actions/T1/1/x',
    'https://hooks.slack.com\\@evil.test/',
    '//hooks.slack.com/actions/T1/1/x',
    'file:///etc/passwd',
    '',
  ])('is not replaced by way of %s', async (response_url) => {
    const server = await startCallbackServer()
    expect(shown(await server.handle(callSlack(press({}, { response_url }))))).toBe('200')
    expect(await server.queued()).toHaveLength(1)
    expect(server.toSlack).toEqual([])
  })

  it('is not replaced while the event is not certain to be queued', async () => {
    const server = await startCallbackServer()
    server.account.before.set('SendMessageBatch', down)
    expect(shown(await server.handle(callSlack(press())))).toMatch(/^503/)
    expect(server.toSlack).toEqual([])
  })
})

describe('a captured callback of Trello', () => {
  it('that is sent again is the same event: it has no time stamp, and an id', async () => {
    const server = await startCallbackServer()
    await server.handle(ARCHIVED)
    server.offset = 86_400_000
    await server.handle(ARCHIVED)
    const queued = await server.queued()
    expect(queued).toEqual([CLOSED, CLOSED])
    await server.keep([CLOSED])
    for (let count = 0; count < 3; count += 1) await server.handle(ARCHIVED)
    expect(await server.queued()).toEqual([])
  })
})

/** As Lambda hands it on, payload format 2.0. */
function urlEvent({ method, path, headers, body }: IncomingRequest, change: object): object {
  return {
    version: '2.0',
    rawPath: path,
    headers,
    requestContext: { http: { method, sourceIp: '203.0.113.7' }, stage: '$default' },
    body: Buffer.from(body).toString('utf8'),
    isBase64Encoded: false,
    ...change,
  }
}

function inBase64({ body }: IncomingRequest): object {
  return { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }
}

describe('behind a function URL', () => {
  it.each<[string, IncomingRequest, object]>([
    [
      'Trello',
      callTrello({ action: action({ type: 'commentCard', data: { card: { id: CARD }, text: 'Zoë 🍺' } }) }),
      {},
    ],
    ['Trello, as base64', ARCHIVED, inBase64(ARCHIVED)],
    ['Slack, as base64', callSlack(press()), inBase64(callSlack(press()))],
    [
      'Slack, below a stage of an HTTP API',
      callSlack(press()),
      { rawPath: '/prod/slack', requestContext: { http: { method: 'POST' }, stage: 'prod' } },
    ],
  ])('a callback of %s is taken', async (_what, request, change) => {
    const server = await startCallbackServer()
    const answer = await createHttpHandler(() => server.options)(urlEvent(request, change))
    expect(answer.statusCode).toBe(200)
    expect(await server.queued()).toHaveLength(1)
  })

  it('Trello’s check of the address is 200, and a changed body 401', async () => {
    const server = await startCallbackServer()
    const handler = createHttpHandler(() => server.options)
    expect((await handler(urlEvent({ ...ARCHIVED, method: 'HEAD' }, { body: undefined }))).statusCode).toBe(200)
    expect((await handler(urlEvent(ARCHIVED, { body: '{}' }))).statusCode).toBe(401)
    expect(await server.queued()).toEqual([])
  })
})

it('anything that is signed is answered with 200, and makes an event or none', async () => {
  const server = await startCallbackServer()
  const parts = fc.constantFrom(...Object.keys(action()), 'member', 'display', '__proto__')
  const values = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }))
  await fc.assert(
    fc.asyncProperty(parts, values, async (part, value) => {
      const data = { card: { id: CARD }, old: value, text: value, label: value, listAfter: value }
      for (const change of [{ [part]: value }, { data }, { type: 'commentCard', data }])
        expect((await server.handle(callTrello({ action: action(change) }))).status).toBe(200)
      expect((await server.handle(callSlack(press({ [part]: value, value })))).status).toBe(200)
    }),
    { numRuns: 40 },
  )
  expect(server.lines.filter(({ level }) => level === 'error')).toEqual([])
  for (const event of await server.queued()) expect(event.ticket).toBe(TICKET_ID)
})

describe('what is not set up', () => {
  const { TRELLO_API_SECRET, SLACK_SIGNING_SECRET } = CALLBACK_SECRETS
  const PUBLIC = 'https://tickets.example.com'
  it.each<[string, Readonly<Record<string, string>>, string, string]>([
    ['Trello, its secret absent', { ...GOOD_SECRET, SLACK_SIGNING_SECRET }, PUBLIC, '/trello'],
    ['Slack, its secret absent', { ...GOOD_SECRET, TRELLO_API_SECRET }, PUBLIC, '/slack'],
    ['Trello, the public address absent', { ...GOOD_SECRET, ...CALLBACK_SECRETS }, '', '/trello'],
  ])('%s: 404, whatever is asked', async (_what, secret, publicUrl, path) => {
    const server = await startCallbackServer({ secret, publicUrl })
    for (const method of ['HEAD', 'GET', 'POST']) {
      const reply = await server.handle({ method, path, headers: {}, body: new Uint8Array() })
      expect(shown(reply)).toBe('404 Not Found')
    }
  })

  it('is not Slack for want of a public address', async () => {
    const server = await startCallbackServer({ publicUrl: '' })
    expect(shown(await server.handle(callSlack(press())))).toBe('200')
  })

  it('says at the start what is missing for Trello', async () => {
    const { lines } = await startCallbackServer({ publicUrl: '' })
    expect(lines.find(({ event }) => event === 'callbacks.no-address')?.fields['hint']).toContain(
      'TICKETING_PUBLIC_URL',
    )
  })

  it.each([
    ['was added', {}],
    ['was rotated', { ...CALLBACK_SECRETS, TRELLO_API_SECRET: 'fedcba9876543210'.repeat(4) }],
  ])('a secret that %s while the server runs is learned', async (_what, before) => {
    const server = await startCallbackServer({ secret: { ...GOOD_SECRET, ...before } })
    const { secretsManager } = server.account.clients
    const SecretString = JSON.stringify({ ...GOOD_SECRET, ...CALLBACK_SECRETS })
    await secretsManager.send(new PutSecretValueCommand({ SecretId: 'ticketing-app', SecretString }))
    expect(shown(await server.handle(ARCHIVED))).toBe('200')
    expect(await server.queued()).toHaveLength(1)
  })
})

it.each([
  ['GET', '/trello', 'HEAD, POST'],
  ['DELETE', '/trello', 'HEAD, POST'],
  ['HEAD', '/slack', 'POST'],
  ['GET', '/slack', 'POST'],
])('%s %s is not allowed', async (method, path, allow) => {
  const { handle } = await startCallbackServer()
  const reply = await handle({ method, path, headers: {}, body: new Uint8Array() })
  expect(reply).toMatchObject({ status: 405, headers: { allow } })
})
