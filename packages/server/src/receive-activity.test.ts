import { createHash } from 'node:crypto'
import type { Enqueued, LedgerRecord } from 'ticket-core'
import { describe, expect, it } from 'vitest'
import { fc } from '@fast-check/vitest'
import {
  activity,
  bytesOf,
  cardOf,
  GOOD_TEXT,
  createIntake,
  NOW,
  OTHER_TOKEN,
  post,
  promised,
  says,
  secretWith,
  sign,
  TOKEN,
} from '../test/intake.ts'

const DIGEST = createHash('sha256').update(TOKEN).digest('hex')

const ID = /T-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}/

describe('a good ticket', () => {
  it('is answered with its id, priority and destination after the queue took it', async () => {
    const intake = createIntake()
    const reply = await intake.receive(post(activity()))
    expect(reply.status).toBe(200)
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
    const { ticket } = intake.onlySent()
    expect(ticket).toMatchObject({
      title: 'Login page is blank',
      priority: 'high',
      description: 'White since 9:40.',
      createdAt: '2026-11-23T14:03:22.000Z',
      teamId: 'team-1',
    })
    const card = cardOf(reply)
    expect(card).toContain(`Ticket ${ticket.id} accepted`)
    expect(card).toContain('Priority: High')
    expect(card).toContain('the alert channel (Slack)')
    expect(card).toContain(`@tickets status ${ticket.id}`)
    expect(intake.metrics.render()).toContain('ticketing_accepted_total{priority="high"} 1')
  })

  it('is not called accepted before the queue has answered', async () => {
    const intake = createIntake()
    const queue = promised<Enqueued>()
    intake.answer = () => queue.promise
    let answered = false
    const reply = intake.receive(post(activity())).then((one) => {
      answered = true
      return one
    })
    await intake.clock.advance(3900)
    expect(answered).toBe(false)
    queue.resolve({ kind: 'accepted' })
    expect(cardOf(await reply)).toContain('accepted')
  })

  it('gets one and the same id at two replicas', async () => {
    const [here, there] = [createIntake(), createIntake()]
    await Promise.all([here.receive(post(activity())), there.receive(post(activity()))])
    expect(here.onlySent().ticket.id).toBe(there.onlySent().ticket.id)
  })

  it('in any script survives as it was written', async () => {
    const intake = createIntake()
    await intake.receive(post(says('Title: Вход 登录 🍺 é\nPriority: low\nDescription: „ok“')))
    expect(intake.onlySent().ticket.title).toBe('Вход 登录 🍺 é')
  })
})

describe('the same activity again', () => {
  it('is answered with the same id and not queued a second time', async () => {
    const intake = createIntake()
    const first = await intake.receive(post(activity()))
    const second = await intake.receive(post(activity()))
    expect(intake.sent).toHaveLength(1)
    expect(ID.exec(cardOf(second))?.[0]).toBe(ID.exec(cardOf(first))?.[0])
    expect(intake.metrics.render()).toContain('ticketing_accepted_total{priority="high"} 1')
    expect(intake.metrics.render()).toContain('ticketing_repeated_total{priority="high"} 1')
  })

  it('at the same moment shares one send, and every post gets its answer', async () => {
    const intake = createIntake()
    const queue = promised<Enqueued>()
    intake.answer = () => queue.promise
    const replies = Promise.all(Array.from({ length: 20 }, () => intake.receive(post(activity()))))
    await intake.clock.advance(10)
    queue.resolve({ kind: 'accepted' })
    const ids = (await replies).map((reply) => ID.exec(cardOf(reply))?.[0])
    expect(new Set(ids).size).toBe(1)
    expect(intake.sent).toHaveLength(1)
  })

  it('after a refusal is handed to the queue again', async () => {
    const intake = createIntake()
    intake.answer = async () => ({ kind: 'refused', reason: 'AccessDenied' })
    expect(cardOf(await intake.receive(post(activity())))).toContain('was not accepted')
    intake.answer = async () => ({ kind: 'accepted' })
    expect(cardOf(await intake.receive(post(activity())))).toContain('accepted')
    expect(intake.sent).toHaveLength(2)
  })

  it('after an unknown outcome is called accepted only after a new answer from the queue', async () => {
    const intake = createIntake()
    intake.answer = async () => ({ kind: 'unknown', reason: 'no answer' })
    await intake.receive(post(activity()))
    expect(cardOf(await intake.receive(post(activity())))).toContain('may or may not arrive')
    const [first, second] = intake.sent.map(({ ticket }) => ticket.id)
    expect(intake.sent).toHaveLength(2)
    expect(second).toBe(first)
  })

  it('edited to another priority is answered with where the first one went', async () => {
    const intake = createIntake()
    await intake.receive(post(activity()))
    const again = await intake.receive(post(says(GOOD_TEXT.replace('high', 'low'))))
    expect(cardOf(again)).toContain('Priority: High')
  })

  it('after the queue threw is handed to it again', async () => {
    const intake = createIntake()
    intake.answer = () => Promise.reject(new Error('a bug'))
    await expect(intake.receive(post(activity()))).rejects.toThrow('a bug')
    intake.answer = async () => ({ kind: 'accepted' })
    expect(cardOf(await intake.receive(post(activity())))).toContain('accepted')
  })
})

describe('a queue that fails', () => {
  it('that refused makes the answer "send again", a log line and a count', async () => {
    const intake = createIntake()
    intake.answer = async () => ({ kind: 'refused', reason: 'SQS refused: AccessDenied (403).' })
    const reply = await intake.receive(post(activity()))
    expect(reply.status).toBe(200)
    expect(cardOf(reply)).toMatch(/not accepted[^]*again/)
    expect(reply.body).not.toContain('AccessDenied')
    expect(intake.lines.at(-1)).toMatchObject({
      level: 'error',
      event: 'ticket.not-accepted',
      fields: { code: 'queue-refused' },
    })
    expect(intake.metrics.render()).toContain('ticketing_refused_total{code="queue-refused"} 1')
  })

  it('that never answers: "may or may not arrive", within five seconds', async () => {
    const intake = createIntake()
    intake.answer = () => promised<Enqueued>().promise
    const reply = intake.receive(post(activity()))
    await intake.clock.advance(4999)
    const card = cardOf(await reply)
    expect(card).toMatch(/T-\S+ may or may not arrive/)
    expect(card).toContain('Sending the same text again makes a new ticket')
  })

  it('gets only what is left of the five seconds when the head arrived earlier', async () => {
    const intake = createIntake()
    intake.answer = () => promised<Enqueued>().promise
    const reply = intake.receive({ ...post(activity()), receivedAt: intake.clock.monotonic() - 3000 })
    await intake.clock.advance(1999)
    expect(cardOf(await reply)).toContain('may or may not arrive')
  })

  it('that finds the envelope too large is answered with size and limit, and nothing is cut', async () => {
    const intake = createIntake()
    intake.answer = async () => ({ kind: 'too-large', bytes: 307_200, limit: 262_144 })
    const card = cardOf(await intake.receive(post(activity())))
    expect(card).toContain('300 KiB')
    expect(card).toContain('256 KiB')
  })
})

describe('a message that is not a ticket', () => {
  it('is answered with every problem and a corrected form', async () => {
    const intake = createIntake()
    const card = cardOf(await intake.receive(post(says('Title: Blank\nPriority: hgih'))))
    expect(card).toContain('Description is missing')
    expect(card).toContain('Did you mean High?')
    expect(intake.sent).toHaveLength(0)
  })

  it('that asks for help gets it', async () => {
    expect(cardOf(await createIntake().receive(post(says('help'))))).toContain('How to write a ticket')
  })

  it('with an impossible id after "status" gets an answer that says so, without reading the ledger', async () => {
    const intake = createIntake()
    intake.ledger = () => Promise.reject(new Error('asked'))
    expect(cardOf(await intake.receive(post(says('status T-1'))))).toContain('is not a ticket id')
  })
})

describe('status', () => {
  const delivered: LedgerRecord = {
    v: 1,
    id: 'T-7QK2M-9XD4R',
    source: 'a'.repeat(64),
    digest: 'b'.repeat(64),
    team: 'team-1',
    life: 0,
    state: 'delivered',
    nonce: 'n',
    crashes: 0,
    firstClaimAt: NOW,
    attempts: { count: 1, last: [] },
    receipt: { destination: 'board', where: 'card aB3dE' },
    deliveredAt: NOW,
  }

  it('shows the team where its ticket is, however the id is typed', async () => {
    const intake = createIntake()
    const keys: string[] = []
    intake.ledger = async (key) => {
      keys.push(key)
      return { kind: 'found', item: delivered, version: '"1"' }
    }
    const card = cardOf(await intake.receive(post(says('status t-7qk2m-9xd4r'))))
    expect(card).toContain('card aB3dE')
    expect(keys).toEqual(['T-7QK2M-9XD4R'])
  })

  it('gives another team the same answer as for an id without a record', async () => {
    const intake = createIntake()
    const ask = (): Promise<string> => intake.receive(post(says('status T-7QK2M-9XD4R'))).then(cardOf)
    const without = await ask()
    intake.ledger = async () => ({ kind: 'found', item: { ...delivered, team: 'team-2' }, version: '"1"' })
    expect(await ask()).toBe(without)
    expect(without).toContain('not delivered yet, or never accepted')
  })

  it('is answered in under five seconds when the ledger is silent', async () => {
    const intake = createIntake()
    intake.ledger = () => promised<never>().promise
    const reply = intake.receive(post(says('status T-7QK2M-9XD4R')))
    await intake.clock.advance(4999)
    expect(cardOf(await reply)).toContain('could not be looked up')
  })
})

describe('a caller that is not Teams', () => {
  const body = bytesOf(activity())
  const good = sign(body)

  it.each([
    ['nothing', undefined, 'missing'],
    ['an empty header', '', 'missing'],
    ['another scheme', 'Bearer abc', 'wrong-scheme'],
    ['the bare signature', good.slice(5), 'wrong-scheme'],
    ['no base64', 'HMAC ü☃', 'malformed'],
    ['a short signature', 'HMAC AAAA', 'wrong-length'],
    ['two signatures joined by a proxy', `${good}, ${good}`, 'malformed'],
    ['a huge header', `HMAC ${'A'.repeat(100_000)}`, 'wrong-length'],
    ['the signature of another token', sign(body, OTHER_TOKEN), 'mismatch'],
    ['the signature of another body', sign(bytesOf('{}')), 'mismatch'],
  ])('with %s gets a bare 401, and the log says why', async (_, authorization, code) => {
    const intake = createIntake()
    const reply = await intake.receive({ method: 'POST', path: '/', headers: { authorization }, body })
    expect(reply).toEqual({
      status: 401,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'www-authenticate': 'HMAC' },
      body: 'Unauthorized\n',
    })
    expect(intake.sent).toHaveLength(0)
    expect(intake.lines.at(-1)).toMatchObject({
      level: 'warn',
      event: 'request.refused',
      fields: { code, status: 401 },
    })
    expect(intake.lines.at(-1)?.fields['hint']).toMatch(/\w{4}/)
    expect(intake.metrics.render()).toContain(`ticketing_refused_total{code="${code}"} 1`)
  })

  it.each([
    ['301 s old', '2026-11-23T13:58:21.000Z', '301 s old'],
    ['301 s ahead', '2026-11-23T14:08:23.000Z', '301 s ahead'],
  ])('with a signed message %s gets 401', async (_, timestamp, hint) => {
    const intake = createIntake()
    expect((await intake.receive(post(activity({ timestamp })))).status).toBe(401)
    expect(intake.lines.at(-1)?.fields['hint']).toContain(hint)
  })

  it('may be 300 s off, or as many as are configured', async () => {
    expect((await createIntake().receive(post(activity({ timestamp: '2026-11-23T13:58:22.000Z' })))).status).toBe(200)
    const strict = createIntake({ maxAgeMs: 1000 })
    expect((await strict.receive(post(activity({ timestamp: '2026-11-23T14:03:20.000Z' })))).status).toBe(401)
  })

  it.each([
    ['not JSON', '{"type":', 'not-json'],
    ['JSON that is not an activity', '[1]', 'not-an-activity'],
    ['an empty body', '', 'not-json'],
  ])('with %s, signed, gets 400', async (_, text, code) => {
    const intake = createIntake()
    expect(await intake.receive(post(text))).toMatchObject({ status: 400, body: 'Bad Request\n' })
    expect(intake.lines.at(-1)?.fields['code']).toBe(code)
  })

  it('learns nothing about its JSON before its signature holds', async () => {
    const reply = await createIntake().receive({ method: 'POST', path: '/', headers: {}, body: bytesOf('{') })
    expect(reply.status).toBe(401)
  })

  it('with more than 256 KiB gets 413 before anything is computed', async () => {
    const intake = createIntake()
    expect((await intake.receive(post('x'.repeat(262_145)))).status).toBe(413)
    expect(intake.calls.current).toBe(0)
  })

  it('leaves no signature, token or text of a ticket in the log', async () => {
    const intake = createIntake()
    await intake.receive(post(activity(), { token: OTHER_TOKEN }))
    await intake.receive(post(activity()))
    const log = JSON.stringify(intake.lines)
    for (const secret of [TOKEN, OTHER_TOKEN, good.slice(5), 'Login page', 'White since'])
      expect(log).not.toContain(secret)
  })

  it('is never accepted by chance, and breaks nothing', async () => {
    const bytes = fc.uint8Array({ maxLength: 400 })
    const header = fc.string({ unit: 'binary', maxLength: 100 })
    await fc.assert(
      fc.asyncProperty(bytes, header, async (body, authorization) => {
        const reply = await createIntake().receive({ method: 'POST', path: '/', headers: { authorization }, body })
        expect(reply.status).toBe(401)
      }),
    )
  })

  it('that signs any JSON with a good token is answered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        expect([200, 400, 401]).toContain((await createIntake().receive(post(json))).status)
      }),
    )
  })
})

describe('the tokens of the secret', () => {
  it('are all good: several teams, or a rotation', async () => {
    const intake = createIntake({ tokens: [TOKEN, OTHER_TOKEN] })
    expect((await intake.receive(post(activity(), { token: OTHER_TOKEN }))).status).toBe(200)
  })

  it('that were rotated are read again at the first signature that fits none', async () => {
    const intake = createIntake()
    await intake.receive(post(activity()))
    intake.stored = secretWith([OTHER_TOKEN])
    expect((await intake.receive(post(activity(), { token: OTHER_TOKEN }))).status).toBe(200)
    expect((await intake.receive(post(activity()))).status).toBe(401)
  })

  it('are read again at most once in 30 s, however many forged requests come', async () => {
    const intake = createIntake()
    const forged = (): Promise<unknown> => intake.receive(post(activity(), { token: OTHER_TOKEN }))
    await Promise.all(Array.from({ length: 50 }, forged))
    expect(intake.calls.refresh).toBe(1)
    await intake.clock.advance(29_999)
    await forged()
    expect(intake.calls.refresh).toBe(1)
    await intake.clock.advance(1)
    await forged()
    expect(intake.calls.refresh).toBe(2)
  })

  it('that were rotated are read again after 30 s, also when the clock was set back an hour', async () => {
    const intake = createIntake({ maxAgeMs: 86_400_000 })
    expect((await intake.receive(post(activity(), { token: OTHER_TOKEN }))).status).toBe(401)
    intake.clock.jump(-3_600_000)
    intake.stored = secretWith([OTHER_TOKEN])
    await intake.clock.advance(30_000)
    expect((await intake.receive(post(activity(), { token: OTHER_TOKEN }))).status).toBe(200)
    expect((await intake.receive(post(activity()))).status).toBe(401)
  })

  it('stay in use for an hour when the secret breaks', async () => {
    const intake = createIntake({ maxAgeMs: 86_400_000 })
    await intake.receive(post(activity()))
    intake.readSecret = async () => ({ ok: false, failure: { code: 'secret-missing', reason: 'gone' } })
    await intake.clock.advance(3_599_000)
    expect((await intake.receive(post(activity()))).status).toBe(200)
    expect(intake.lines).toContainEqual(expect.objectContaining({ level: 'error', event: 'secret.unusable' }))
    await intake.clock.advance(1000)
    expect((await intake.receive(post(activity()))).status).toBe(503)
  })

  it('that cannot be read in time: 503, within five seconds', async () => {
    const intake = createIntake()
    intake.readSecret = () => promised<never>().promise
    const reply = intake.receive(post(activity()))
    await intake.clock.advance(4999)
    expect(await reply).toMatchObject({ status: 503, body: 'Service Unavailable\n' })
  })

  it('that are slow to confirm cost a request one second, not its answer', async () => {
    const intake = createIntake()
    await intake.receive(post(activity()))
    await intake.clock.advance(2000)
    intake.readSecret = () => promised<never>().promise
    const reply = intake.receive(post(activity({ id: '1763906602001' })))
    await intake.clock.advance(1000)
    expect((await reply).status).toBe(200)
  })
})

const inTeam = (team: string | undefined, id: string): Record<string, unknown> =>
  activity({ id, channelData: team === undefined ? {} : { team: { id: team } } })

describe('a token', () => {
  it('belongs to the first team that it signs for, on every replica, and is refused for another', async () => {
    const intake = createIntake()
    expect((await intake.receive(post(inTeam('team-1', '1763906602001')))).status).toBe(200)
    expect([...intake.bindings]).toEqual([
      [DIGEST, { v: 1, token: DIGEST, team: 'team-1', boundAt: NOW, nonce: 'team-1' }],
    ])
    const other = createIntake()
    other.bindings = intake.bindings
    for (const { receive, lines, sent } of [intake, other]) {
      const before = sent.length
      expect(await receive(post(inTeam('team-2', '1763906602002')))).toMatchObject({
        status: 401,
        body: 'Unauthorized\n',
      })
      expect(sent).toHaveLength(before)
      expect(lines.at(-1)).toMatchObject({ event: 'request.refused', fields: { code: 'another-team' } })
      expect(lines.at(-1)?.fields['hint']).toMatch(
        /team team-1 .* team team-2: .*ticketing tokens release [0-9a-f]{12}$/,
      )
    }
  })

  it('of another team has a binding of its own', async () => {
    const intake = createIntake({ tokens: [TOKEN, OTHER_TOKEN] })
    expect((await intake.receive(post(inTeam('team-1', '1763906602001')))).status).toBe(200)
    const signed = post(inTeam('team-2', '1763906602002'), { token: OTHER_TOKEN })
    expect((await intake.receive(signed)).status).toBe(200)
    expect((await intake.receive(post(inTeam('team-1', '1763906602003'), { token: OTHER_TOKEN }))).status).toBe(401)
  })

  it('that two teams sign with at once gets one of them', async () => {
    const intake = createIntake()
    const [one, two] = [post(inTeam('team-1', '1763906602001')), post(inTeam('team-2', '1763906602002'))]
    const replies = await Promise.all([intake.receive(one), intake.receive(two)])
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401])
    expect(intake.sent).toHaveLength(1)
  })

  it('written with its team needs no binding and makes none', async () => {
    const intake = createIntake({ tokens: [`team-1=${TOKEN}`] })
    intake.bucketIsDown = true
    expect((await intake.receive(post(inTeam('team-1', '1763906602001')))).status).toBe(200)
    expect((await intake.receive(post(inTeam('team-2', '1763906602002')))).status).toBe(401)
    expect(intake.bindings.size).toBe(0)
  })

  it('that is not known while S3 is down: no ticket is accepted, and the answer asks to send it again', async () => {
    const intake = createIntake()
    intake.bucketIsDown = true
    const reply = await intake.receive(post(inTeam('team-1', '1763906602001')))
    expect(reply.status).toBe(200)
    expect(cardOf(reply)).toContain('was not accepted')
    expect(intake.sent).toHaveLength(0)
    expect(intake.lines.at(-1)).toMatchObject({ level: 'error', event: 'token.team-unknown' })
    intake.bucketIsDown = false
    expect((await intake.receive(post(inTeam('team-1', '1763906602001')))).status).toBe(200)
    expect(intake.sent).toHaveLength(1)
  })

  it('that is known stays in use while S3 is down, for its team alone', async () => {
    const intake = createIntake({ maxAgeMs: 86_400_000 })
    await intake.receive(post(inTeam('team-1', '1763906602001')))
    intake.bucketIsDown = true
    await intake.clock.advance(3_000_000)
    expect((await intake.receive(post(inTeam('team-1', '1763906602002')))).status).toBe(200)
    expect((await intake.receive(post(inTeam('team-2', '1763906602003')))).status).toBe(401)
  })

  it('that is known never waits for an S3 that hangs, however long it has been known', async () => {
    const intake = createIntake({ maxAgeMs: 86_400_000 })
    await intake.receive(post(inTeam('team-1', '1763906602001')))
    intake.bucketHangs = true
    await intake.clock.advance(300_000)
    expect((await intake.receive(post(inTeam('team-1', '1763906602002')))).status).toBe(200)
    const other = intake.receive(post(inTeam('team-2', '1763906602003')))
    await intake.clock.advance(4700)
    expect((await other).status).toBe(401)
  })

  it('that is not known while S3 hangs is answered within five seconds', async () => {
    const intake = createIntake()
    intake.bucketHangs = true
    const reply = intake.receive(post(inTeam('team-1', '1763906602001')))
    await intake.clock.advance(4999)
    expect(cardOf(await reply)).toContain('was not accepted')
    expect(intake.sent).toHaveLength(0)
  })

  it('that an operator released goes to the next team within ten seconds, and from the first within five minutes', async () => {
    const intake = createIntake({ maxAgeMs: 86_400_000 })
    await intake.receive(post(inTeam('team-1', '1763906602001')))
    intake.bindings.clear()
    await intake.clock.advance(10_000)
    expect((await intake.receive(post(inTeam('team-2', '1763906602002')))).status).toBe(200)
    await intake.clock.advance(10_000)
    expect((await intake.receive(post(inTeam('team-1', '1763906602003')))).status).toBe(401)
  })

  it('may sign a message without a team, which binds nothing and sees no ticket', async () => {
    const intake = createIntake()
    expect((await intake.receive(post(inTeam(undefined, '1763906602001')))).status).toBe(200)
    expect(intake.onlySent().ticket.teamId).toBeUndefined()
    expect(intake.bindings.size).toBe(0)
  })
})

describe('the trace', () => {
  const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

  it.each([
    ['of the caller goes on to the queue', TRACE, TRACE],
    ['of a later version is read as version 00', `cc-${TRACE.slice(3)}-what-follows`, TRACE],
  ])('%s', async (_, traceparent, expected) => {
    const intake = createIntake()
    await intake.receive(post(activity(), { headers: { traceparent } }))
    expect(intake.onlySent().traceparent).toBe(expected)
  })

  it.each([
    '',
    'nonsense',
    TRACE.toUpperCase(),
    `${TRACE}-more`,
    `ff-${TRACE.slice(3)}`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  ])('is made of the ticket when the header is no trace: %j', async (traceparent) => {
    const intake = createIntake()
    await intake.receive(post(activity(), { headers: { traceparent } }))
    const { ticket, traceparent: made } = intake.onlySent()
    expect(made).toBe(`00-${ticket.source.slice(0, 32)}-${ticket.source.slice(32, 48)}-01`)
  })
})
