import { describe, expect, test } from 'vitest'
import { buildLetter, longestBatch } from '../../test/build-letter.ts'
import { buildTicket } from '../../test/build-ticket.ts'
import { type FakeAnswer, type SeenCall, fakeFetch, fetchFailure } from '../../test/fake-fetch.ts'
import { fakeSecrets, noSecrets, SECRET } from '../../test/fake-secrets.ts'
import { startClock } from '../../test/clock.ts'
import { describeLetters } from '../notice/describe-letters.ts'
import { createTeamsNotice } from './index.ts'

const teamsNotifyUrl = 'https://x.environment.api.powerplatform.com/powerautomate/abc?api-version=1&sig=flow-credential'

async function notify(
  answer: () => FakeAnswer,
  { secrets = fakeSecrets({ ...SECRET, teamsNotifyUrl }), letters = [buildLetter()] } = {},
): Promise<{ readonly notified: unknown; readonly calls: SeenCall[] }> {
  const clock = startClock()
  const { fetch, calls } = fakeFetch(answer)
  const notified = createTeamsNotice({ fetch, clock, secrets }).send(describeLetters(letters), 20_000)
  await clock.advance(21_000)
  return { notified: await notified, calls }
}

const accepted = (): Response => new Response(null, { status: 202 })

test('an empty 202 is a success', async () => {
  const { notified, calls } = await notify(accepted)
  expect(notified).toEqual({ kind: 'sent' })
  expect(calls.map(({ url }) => url.href)).toEqual([teamsNotifyUrl])
})

test('the body is a message with one adaptive card, whose texts are not Markdown', async () => {
  const { calls } = await notify(accepted, {
    letters: [buildLetter({ ticket: buildTicket({ title: '[x](https://evil.test)' }) })],
  })
  expect(calls[0]?.body).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: { type: 'AdaptiveCard', version: '1.4' },
      },
    ],
  })
  const json = JSON.stringify(calls[0]?.body)
  expect(json).toContain('{"type":"TextRun","text":"[x](https://evil.test)"}')
  expect(json).not.toContain('"TextBlock"')
  expect(json).toContain('npx -y pnpm@12 ticketing dead-letters redrive T-7QK2M-9XD4R')
})

test('the longest letter stays below the 28 KB of a Teams message', async () => {
  const endless = '😀'.repeat(50_000)
  const letter = buildLetter({
    ticket: buildTicket({ title: endless }),
    cause: { code: 'c', reason: endless },
    mayBeDelivered: true,
  })
  const { calls } = await notify(accepted, { letters: [letter] })
  expect(Buffer.byteLength(JSON.stringify(calls[0]?.body))).toBeLessThan(28_000)
})

test('so does a whole batch of the longest ones, in one card', async () => {
  const letters = longestBatch('"漢'.repeat(5_000))
  const { calls } = await notify(accepted, { letters })
  expect(calls).toHaveLength(1)
  const json = JSON.stringify(calls[0]?.body)
  for (const { key } of letters) expect(json).toContain(`"${key}: "`)
  expect(Buffer.byteLength(json)).toBeLessThan(28_000)
})

describe('failures', () => {
  test.each<[FakeAnswer, string]>([
    [new Response('{"error":{"code":"DirectApiAuthorizationRequired"}}', { status: 401 }), 'teams-401'],
    [new Response('', { status: 429 }), 'teams-429'],
    [new Response('', { status: 502 }), 'teams-502'],
    [fetchFailure('ENOTFOUND'), 'teams-not-sent'],
    ['hang', 'teams-no-answer'],
  ])('%#: named by a code, without the URL', async (answer, code) => {
    expect((await notify(() => answer)).notified).toMatchObject({ kind: 'failed', code })
  })

  test('of a wrong URL name the key of the secret', async () => {
    const { notified } = await notify(() => new Response('', { status: 404 }))
    expect(notified).toEqual({
      kind: 'failed',
      code: 'teams-404',
      reason: 'teams answered 404 (check TEAMS_NOTIFY_URL in the secret).',
    })
  })

  test('without a URL nothing is sent', async () => {
    const { notified, calls } = await notify(accepted, { secrets: fakeSecrets() })
    expect(notified).toEqual({ kind: 'not-configured' })
    expect(calls).toEqual([])
  })

  test('without the secret it failed', async () => {
    const { notified } = await notify(accepted, { secrets: { ...noSecrets, refreshes: () => 0 } })
    expect(notified).toMatchObject({ kind: 'failed', code: 'secret-unavailable' })
  })
})
