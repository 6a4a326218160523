import { expect, test } from 'vitest'
import { startClock } from '../../test/clock.ts'
import { fakeFetch, fetchFailure } from '../../test/fake-fetch.ts'
import { checkSlackWebhook } from './index.ts'

const URL_OF_WEBHOOK = 'https://slack.test/services/T0/B0/slack-credential'

async function check(answer: Response | Error | 'hang') {
  const clock = startClock()
  const { fetch, calls } = fakeFetch(() => answer)
  const checking = checkSlackWebhook({ fetch, clock }, URL_OF_WEBHOOK)
  await clock.advance(10_000)
  return { found: await checking, calls }
}

test('an empty message is sent, which Slack refuses: the webhook is right', async () => {
  const { found, calls } = await check(new Response('no_text', { status: 400 }))
  expect(found).toEqual({ kind: 'right' })
  expect(calls).toMatchObject([{ method: 'POST', text: '{}' }])
})

test.each([
  [404, 'no_service', 'wrong', 'removed'],
  [403, 'invalid_token', 'wrong', 'last part'],
  [410, 'channel_is_archived', 'wrong', 'archived'],
  [200, 'ok', 'wrong', 'no webhook of Slack is there'],
  [404, `<a href="${URL_OF_WEBHOOK}">`, 'wrong', 'no webhook of Slack is there'],
  [429, 'rate_limited', 'no-answer', '429'],
  [503, 'try later', 'no-answer', '503'],
])('%i %s is %s', async (status, body, kind, reason) => {
  const { found } = await check(new Response(body, { status }))
  expect(found).toEqual({ kind, reason: expect.stringContaining(reason) })
  expect(JSON.stringify(found)).not.toContain('credential')
})

test.each([fetchFailure('ECONNRESET'), 'hang'] as const)('no answer says nothing: %o', async (answer) => {
  expect((await check(answer)).found.kind).toBe('no-answer')
})
