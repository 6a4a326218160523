import { fc } from '@fast-check/vitest'
import type { DeadLetter, DeliveryOutcome, SecretSource, Ticket } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { buildLetter, longestBatch } from '../../test/build-letter.ts'
import { buildTicket } from '../../test/build-ticket.ts'
import { type FakeAnswer, type SeenCall, fakeFetch, fetchFailure } from '../../test/fake-fetch.ts'
import { fakeSecrets, noSecrets, SECRET } from '../../test/fake-secrets.ts'
import { startClock, START } from '../../test/clock.ts'
import { describeLetters } from '../notice/describe-letters.ts'
import { createSlackNotice, createSlackSink } from './index.ts'

interface PostedBlock {
  readonly type: string
  readonly text?: { readonly type: string; readonly text: string; readonly emoji: boolean }
  readonly fields?: readonly { readonly type: string; readonly text: string }[]
}
interface Posted {
  readonly text: string
  readonly blocks: readonly PostedBlock[]
}

function readPosted([call]: readonly SeenCall[]): Posted {
  return JSON.parse(call?.text || '{"text":"","blocks":[]}')
}

const ok = (): Response => new Response('ok')

const KEPT_AT = 'cases/T-7QK2M-9XD4R.json'

async function deliver({
  ticket = buildTicket({ priority: 'high' }),
  suspect = false,
  answer = ok,
  secrets = fakeSecrets(),
}: {
  ticket?: Ticket
  suspect?: boolean
  answer?: (call: SeenCall, count: number) => FakeAnswer
  secrets?: SecretSource
}): Promise<{ readonly outcome: DeliveryOutcome; readonly calls: SeenCall[]; readonly posted: Posted }> {
  const clock = startClock()
  const { fetch, calls } = fakeFetch(answer)
  const sink = createSlackSink({ fetch, clock, secrets })
  const delivered = sink.deliver({
    ticket,
    suspect,
    firstClaimAt: START,
    deadline: 20_000,
    keptAt: KEPT_AT,
  })
  await clock.advance(21_000)
  return { outcome: await delivered, calls, posted: readPosted(calls) }
}

test('a ticket becomes a message by the webhook', async () => {
  const { outcome, calls, posted } = await deliver({})
  expect(outcome).toEqual({
    kind: 'delivered',
    receipt: { destination: 'alert', where: 'the Slack channel of the webhook' },
  })
  expect(calls).toHaveLength(1)
  expect(calls[0]?.url.href).toBe('https://slack.test/services/T0/B0/slack-credential')
  expect(calls[0]?.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(posted.text).toBe('T-7QK2M-9XD4R Login page is blank')
  expect(posted.blocks[0]).toEqual({
    type: 'header',
    text: { type: 'plain_text', text: 'Login page is blank', emoji: false },
  })
  expect(JSON.stringify(posted.blocks)).toContain('Since 9:40 the login page stays white in Firefox.')
})

test('a suspect is sent again and says that it may be a repeat', async () => {
  const { outcome, posted } = await deliver({ suspect: true })
  expect(outcome).toMatchObject({ kind: 'delivered', receipt: { possibleRepeat: true } })
  expect(posted.text).toBe('Possible repeat: T-7QK2M-9XD4R Login page is blank')
  expect(posted.blocks[1]?.text?.text).toMatch(/^Possible repeat: /)
})

describe('what a user writes', () => {
  test('cannot mention, link or format', async () => {
    const title = '<!channel> & <@U123> <https://evil.test|click>'
    const { posted } = await deliver({ ticket: buildTicket({ title, description: '<!here> *bold*' }) })
    expect(posted.text).toBe('T-7QK2M-9XD4R &lt;!channel&gt; &amp; &lt;@U123&gt; &lt;https://evil.test|click&gt;')
    expect(JSON.stringify(posted.blocks)).not.toContain('mrkdwn')
    expect(JSON.stringify(posted.blocks)).toContain('<!here> *bold*')
  })

  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((part) => `${part}&<>😀\n`.repeat(900)),
  )
  test('stays within every limit of Slack', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(text, text, text), fc.boolean(), async ([title, description, steps], suspect) => {
        const links = Array.from({ length: 30 }, () => ({
          text: title,
          url: `https://x.test/${description.slice(0, 500)}`,
        }))
        const { posted } = await deliver({ ticket: buildTicket({ title, description, steps, links }), suspect })
        expect(posted.blocks.length).toBeLessThanOrEqual(50)
        expect(posted.text.length).toBeLessThanOrEqual(6000)
        expect(posted.text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
        for (const block of posted.blocks) {
          const length = block.text?.text.length ?? 1
          expect(length).toBeGreaterThan(0)
          expect(length).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3000)
          for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2000)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('goes into as many sections as it needs, and nothing is lost until the note says so', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `line ${index} of the description\n`).join('')
    const { posted } = await deliver({ ticket: buildTicket({ description: lines }) })
    const sections = posted.blocks.filter(({ type, text }) => type === 'section' && text).map(({ text }) => text?.text)
    expect(sections.join('')).toBe(lines)
  })

  test.each([
    ['description', { description: 'x'.repeat(100_000) }],
    ['steps', { steps: 'x'.repeat(100_000) }],
    ['links', { links: [{ text: 'x', url: `https://x.test/${'x'.repeat(100_000)}` }] }],
    ['title', { title: 'x'.repeat(100_000) }],
    ['reporter', { reporter: { name: 'x'.repeat(100_000) } }],
  ])('whose %s is cut says so and where the whole is, and keeps the rest', async (_, change) => {
    const ticket = buildTicket({ priority: 'high', steps: 'Open it.', ...change })
    const { posted, outcome } = await deliver({ ticket })
    const shown = JSON.stringify(posted.blocks)
    expect(outcome).toMatchObject({ kind: 'delivered', receipt: { cut: true } })
    expect(shown).toContain('Cut: too long for Slack. The whole ticket is kept in the bucket: cases/T-7QK2M-9XD4R.json')
    expect(shown).toContain('Priority: high')
    expect(shown).toContain('By: ')
    expect(shown).toContain('Steps:')
  })

  test('whose title is too long for a header shows all of it below', async () => {
    const title = `${'word '.repeat(40)}end`
    const { posted, outcome } = await deliver({ ticket: buildTicket({ title }) })
    expect(outcome).not.toHaveProperty('receipt.cut')
    expect(posted.blocks.map(({ text }) => text?.text)).toContain(`Title:\n${title}`)
  })
})

describe('what Slack answers', () => {
  test.each<[string, FakeAnswer, object]>([
    [
      '400 invalid_payload',
      new Response('invalid_payload', { status: 400 }),
      { kind: 'rejected', code: 'slack-400', reason: 'slack answered 400: invalid_payload.' },
    ],
    ['404 no_service', new Response('no_service', { status: 404 }), { kind: 'rejected', code: 'slack-404' }],
    [
      '410 channel_is_archived',
      new Response('channel_is_archived', { status: 410 }),
      { kind: 'rejected', code: 'slack-410' },
    ],
    [
      '429',
      new Response('rate_limited', { status: 429, headers: { 'retry-after': '30' } }),
      { kind: 'retry', code: 'slack-429', after: 30_000, vendorDown: true },
    ],
    [
      '500 rollup_error',
      new Response('rollup_error', { status: 500 }),
      { kind: 'unknown', code: 'slack-500', vendorDown: true },
    ],
    ['200 without ok', new Response('<html>'), { kind: 'unknown', code: 'slack-unreadable' }],
    ['a refused connection', fetchFailure('ECONNREFUSED'), { kind: 'retry', code: 'slack-not-sent' }],
    ['a reset', fetchFailure('ECONNRESET'), { kind: 'unknown', code: 'slack-no-answer' }],
    ['nothing', 'hang', { kind: 'unknown', code: 'slack-no-answer' }],
  ])('%s', async (_, answer, expected) => {
    expect((await deliver({ answer: () => answer })).outcome).toMatchObject(expected)
  })

  test('a page that repeats the URL does not carry it into the reason', async () => {
    const page = `Not found: ${SECRET.slackUrl}`
    const { outcome } = await deliver({ answer: () => new Response(page, { status: 404 }) })
    expect(JSON.stringify(outcome)).not.toContain('slack-credential')
  })
})

describe('a refused webhook', () => {
  const fresh = { ...SECRET, slackUrl: 'https://slack.test/services/T0/B0/new-one' }

  test.each([401, 403, 404, 410])('(%d) is tried once more with the secret read again', async (status) => {
    const secrets = fakeSecrets(SECRET, fresh)
    const answer = ({ url }: SeenCall): FakeAnswer =>
      url.pathname.endsWith('new-one') ? ok() : new Response('no_service', { status })
    const { outcome, calls } = await deliver({ secrets, answer })
    expect(outcome).toMatchObject({ kind: 'delivered' })
    expect(calls).toHaveLength(2)
    expect(secrets.refreshes()).toBe(1)
  })

  test('is not asked again when the secret has not changed', async () => {
    const { outcome, calls } = await deliver({ answer: () => new Response('invalid_token', { status: 403 }) })
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'slack-403' })
    expect(calls).toHaveLength(1)
  })
})

test('without the secret nothing is sent, and every ticket waits', async () => {
  const { outcome, calls } = await deliver({ secrets: noSecrets })
  expect(outcome).toEqual({ kind: 'retry', code: 'secret-unavailable', reason: 'It is down.', vendorDown: true })
  expect(calls).toEqual([])
})

test('calls are two seconds apart, and one without time left is not made', async () => {
  const clock = startClock()
  const at: number[] = []
  const { fetch } = fakeFetch(() => {
    at.push(clock.now() - START)
    return ok()
  })
  const sink = createSlackSink({ fetch, clock, secrets: fakeSecrets() })
  const deliveries = [1, 2, 3].map(() =>
    sink.deliver({
      ticket: buildTicket(),
      suspect: false,
      firstClaimAt: START,
      deadline: 3000,
      keptAt: KEPT_AT,
    }),
  )
  await clock.advance(10_000)
  expect(at).toEqual([0, 2000])
  expect((await Promise.all(deliveries)).map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'retry'])
})

async function notify(
  secrets: SecretSource,
  answer: () => FakeAnswer = ok,
  letters: readonly DeadLetter[] = [buildLetter({ mayBeDelivered: true })],
): Promise<{ readonly notified: unknown; readonly calls: SeenCall[] }> {
  const clock = startClock()
  const { fetch, calls } = fakeFetch(answer)
  const notified = createSlackNotice({ fetch, clock, secrets }).send(describeLetters(letters), 20_000)
  await clock.advance(21_000)
  return { notified: await notified, calls }
}

describe('the admin’s notice', () => {
  test('goes to the admin’s webhook, else to the channel’s', async () => {
    const adminSlackUrl = 'https://slack.test/services/T0/B0/admin'
    expect((await notify(fakeSecrets({ ...SECRET, adminSlackUrl }))).calls[0]?.url.href).toBe(adminSlackUrl)
    expect((await notify(fakeSecrets())).calls[0]?.url.href).toBe(SECRET.slackUrl)
  })

  test('names the ticket, the cause, that it may be there already, and the command', async () => {
    const { notified, calls } = await notify(fakeSecrets())
    expect(notified).toEqual({ kind: 'sent' })
    const { text, blocks } = readPosted(calls)
    expect(text).toBe('Ticket T-7QK2M-9XD4R could not be delivered')
    expect(blocks.map((block) => block.text?.text)).toEqual([
      'Ticket T-7QK2M-9XD4R could not be delivered',
      'Title: Login page is blank\nPriority: medium\nCause: trello answered 400: invalid value for name. (trello-400)',
      'It may have been delivered already: look before you redrive it.',
      'npx -y pnpm@12 ticketing dead-letters redrive T-7QK2M-9XD4R',
    ])
  })

  test('of several dead letters is one message, in which a whole batch of the longest ones is named', async () => {
    const { calls } = await notify(fakeSecrets(), ok, longestBatch())
    expect(calls).toHaveLength(1)
    const { blocks } = readPosted(calls)
    const shown = blocks.map((block) => block.text?.text ?? '').join('\n')
    for (const { key } of longestBatch()) expect(shown).toContain(`\n${key}: x`)
    expect(shown).not.toContain('too long for Slack')
    expect(shown).toMatch(/^10 tickets could not be delivered\n/)
    expect(shown).toMatch(/\nnpx -y pnpm@12 ticketing dead-letters redrive( T-0000\d-00000){10}$/)
  })

  test('that fails names a code, the key of the secret, and no URL', async () => {
    const { notified } = await notify(fakeSecrets(), () => new Response('no_service', { status: 404 }))
    const reason = 'slack answered 404 (check SLACK_URL in the secret): no_service.'
    expect(notified).toEqual({ kind: 'failed', code: 'slack-404', reason })
    const admin = fakeSecrets({ ...SECRET, adminSlackUrl: 'https://hooks.slack.test/admin' })
    expect((await notify(admin, () => new Response('', { status: 410 }))).notified).toMatchObject({
      reason: 'slack answered 410 (check ADMIN_SLACK_URL in the secret).',
    })
    expect((await notify(noSecrets)).notified).toMatchObject({ kind: 'failed', code: 'secret-unavailable' })
  })
})
