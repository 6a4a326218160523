import { fc } from '@fast-check/vitest'
import type { DeliveryOutcome, Ticket } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { buildTicket } from '../../test/build-ticket.ts'
import { START } from '../../test/clock.ts'
import { networkError, s3Error } from '../../test/fake-aws.ts'
import { BUCKET, type Fate, startBucket, type TestBucket } from '../../test/start-bucket.ts'
import { ticketKey } from './create-bucket-sink.ts'
import { createBucketSink } from './index.ts'

const KEY = 'tickets/2026/11/23/140322-login-page-is-blank-T-7QK2M-9XD4R.json'

async function deliver(
  fate: (count: number) => Fate,
  ticket: Ticket = buildTicket({ priority: 'low' }),
): Promise<{ readonly outcome: DeliveryOutcome; readonly s3: TestBucket }> {
  const s3 = await startBucket((_, count) => fate(count))
  const { client, clock } = s3
  const sink = createBucketSink({ client, bucket: BUCKET, clock })
  const delivered = sink.deliver({
    ticket,
    suspect: false,
    firstClaimAt: START,
    deadline: 20_000,
    keptAt: 'cases/T-7QK2M-9XD4R.json',
  })
  await clock.advance(21_000)
  return { outcome: await delivered, s3 }
}

test('a ticket becomes one object under a key of its own', async () => {
  const ticket = buildTicket({ priority: 'low' })
  const { outcome, s3 } = await deliver(() => 'works', ticket)
  expect(outcome).toEqual({
    kind: 'delivered',
    receipt: { destination: 'bucket', where: KEY, vendorId: KEY },
  })
  expect(await s3.keys()).toEqual([KEY])
  expect(JSON.parse((await s3.text(KEY)) ?? '')).toEqual(ticket)
})

test('one that is there already is done, and is left as it is', async () => {
  const { outcome } = await deliver(() => s3Error('PreconditionFailed', 412))
  expect(outcome).toMatchObject({ kind: 'delivered', receipt: { where: KEY, found: true } })
})

test.each(['effect then reset', 'effect then 500', 'effect then hangs'] as const)(
  'a lost answer (%s) is cleared up by the next try',
  async (fate) => {
    const { outcome, s3 } = await deliver((count) => (count === 1 ? fate : 'works'))
    expect(outcome).toMatchObject({ kind: 'delivered', receipt: { found: true } })
    expect(await s3.keys()).toHaveLength(1)
  },
)

describe('failures that last', () => {
  test.each([
    [
      'the bucket is missing',
      s3Error('NoSuchBucket', 404),
      { kind: 'retry', code: 's3-NoSuchBucket', vendorDown: true },
    ],
    ['no right to write', s3Error('AccessDenied', 403), { kind: 'retry', code: 's3-AccessDenied', vendorDown: true }],
    ['throttled', s3Error('SlowDown', 503), { kind: 'retry', code: 's3-SlowDown', vendorDown: true }],
    [
      'nobody there',
      networkError('ECONNREFUSED', 'connect'),
      { kind: 'retry', code: 's3-ECONNREFUSED', vendorDown: true },
    ],
    [
      'a conflict',
      s3Error('ConditionalRequestConflict', 409),
      { kind: 'retry', code: 's3-ConditionalRequestConflict' },
    ],
    [
      'an internal error',
      s3Error('InternalError', 500),
      { kind: 'unknown', code: 's3-InternalError', vendorDown: true },
    ],
    ['cut off', networkError('ECONNRESET'), { kind: 'unknown', code: 's3-ECONNRESET' }],
  ])('%s', async (_, fate, expected) => {
    const { outcome, s3 } = await deliver(() => fate)
    expect(outcome).toMatchObject(expected)
    expect(s3.calls).toHaveLength(3)
  })

  test('a request that S3 will never take is rejected immediately', async () => {
    const { outcome, s3 } = await deliver(() => s3Error('EntityTooLarge', 400))
    expect(outcome).toMatchObject({ kind: 'rejected', code: 's3-EntityTooLarge' })
    expect(s3.calls).toHaveLength(1)
  })

  test('what was unknown once is not called surely undone by a later refusal', async () => {
    const { outcome } = await deliver((count) =>
      count === 1 ? networkError('ECONNRESET') : s3Error('AccessDenied', 403),
    )
    expect(outcome).toMatchObject({ kind: 'unknown' })
  })
})

describe('the key', () => {
  test.each([
    ['Größe der Émission', 'gro-e-der-emission'],
    ['../../etc/passwd', 'etc-passwd'],
    ['日本語', 'ticket'],
    ['a'.repeat(100), 'a'.repeat(60)],
    ['ends here, at the cut, and not with a hyphen ------------- x', 'ends-here-at-the-cut-and-not-with-a-hyphen-x'],
  ])('of %j', (title, slug) => {
    expect(ticketKey(buildTicket({ title }))).toBe(`tickets/2026/11/23/140322-${slug}-T-7QK2M-9XD4R.json`)
  })

  test('holds nothing of the user’s but a-z, 0-9 and hyphens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (title) => {
        expect(ticketKey(buildTicket({ title }))).toMatch(
          /^tickets\/2026\/11\/23\/140322-[a-z0-9]+(?:-[a-z0-9]+)*-T-7QK2M-9XD4R\.json$/,
        )
      }),
    )
  })
})
