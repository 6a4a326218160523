import { fc } from '@fast-check/vitest'
import type { DeadLetter, Ledger, LedgerRecord, Stored } from 'ticket-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildLetter } from '../../test/build-letter.ts'
import { buildTicket } from '../../test/build-ticket.ts'
import { networkError, s3Error } from '../../test/fake-aws.ts'
import { type VirtualClock, START } from '../../test/clock.ts'
import { BUCKET as bucket, type Fate, startBucket, type TestBucket } from '../../test/start-bucket.ts'
import { createDeadLetterArchive, createLedger, listDeadLetters } from './index.ts'

const KEY = 'ledger/medium/T-7QK2M-9XD4R.json'

function buildRecord(change: Partial<LedgerRecord> = {}): LedgerRecord {
  return {
    v: 1,
    id: 'T-7QK2M-9XD4R',
    source: 'digest',
    digest: 'of its words',
    life: 0,
    state: 'claimed',
    nonce: 'mine',
    claim: { by: 'request-1', until: START + 30_000 },
    crashes: 0,
    firstClaimAt: START,
    attempts: { count: 0, last: [] },
    ...change,
  }
}

async function startLedger(
  fate?: (method: string, count: number) => Fate,
): Promise<{ readonly s3: TestBucket; readonly clock: VirtualClock; readonly ledger: Ledger }> {
  const s3 = await startBucket(fate && ((call, count) => fate(call.method, count)))
  const { client, clock } = s3
  return { s3, clock, ledger: createLedger({ client, bucket, clock, lane: 'medium' }) }
}

/** Lets an operation run to its end, however long it waits. */
async function finish<Value>(clock: VirtualClock, operation: Promise<Value>): Promise<Value> {
  await clock.advance(10_000)
  return operation
}

describe('reading', () => {
  test('a record comes back as it was written, with its version', async () => {
    const { ledger } = await startLedger()
    const whole = buildRecord({
      team: 'team',
      destination: 'board',
      firstFailureAt: START,
      attempts: { count: 1, first: { at: START, outcome: 'retry', code: 'c', reason: 'r' }, last: [] },
      retryAt: START,
      suspect: true,
      receipt: { destination: 'board', where: 'card x', url: 'https://trello.com/c/x', vendorId: 'x', found: true },
      deliveredAt: START,
      failure: { code: 'c', reason: 'r' },
      diedAt: START,
    })
    const written = await ledger.write('T-7QK2M-9XD4R', whole, 'absent')
    expect(written).toEqual({ kind: 'written', version: expect.any(String) })
    expect(await ledger.read('T-7QK2M-9XD4R')).toEqual({ ...written, kind: 'found', item: whole })
  })

  test('a missing key is absent', async () => {
    expect(await (await startLedger()).ledger.read('T-7QK2M-9XD4R')).toEqual({ kind: 'absent' })
  })

  test('403 is not absent: it names the permission that tells the two apart', async () => {
    const { ledger, clock } = await startLedger(() => s3Error('AccessDenied', 403))
    expect(await finish(clock, ledger.read('x'))).toEqual({
      kind: 'unavailable',
      reason:
        'S3 refused: AccessDenied (403). The role needs access to the object; S3 also answers 403 for a missing one when s3:ListBucket on the prefix is not allowed.',
    })
  })

  test('a missing bucket is not absent', async () => {
    const { ledger, clock } = await startLedger(() => s3Error('NoSuchBucket', 404))
    expect(await finish(clock, ledger.read('x'))).toMatchObject({ kind: 'unavailable' })
  })

  test('a failure that passes is tried again', async () => {
    const { ledger, clock } = await startLedger((_, count) => (count === 1 ? networkError('ECONNRESET') : 'works'))
    expect(await finish(clock, ledger.read('x'))).toEqual({ kind: 'absent' })
  })

  test.each([
    ['not JSON', '{"v":1', 'not JSON'],
    ['another version', JSON.stringify({ ...buildRecord(), v: 2 }), 'record.v is none of 1'],
    ['a field of another kind', JSON.stringify({ ...buildRecord(), life: '0' }), 'record.life is no count'],
    [
      'a damaged attempt',
      JSON.stringify({ ...buildRecord(), attempts: { count: 1, last: [{}] } }),
      'record.attempts.last[0].at is missing',
    ],
    ['no object', '7', 'record is no object'],
    ['another id', JSON.stringify(buildRecord({ id: 'T-00000-00000' })), 'it names itself otherwise than its object'],
  ])('a damaged record (%s) is unavailable, and says where', async (_, text, where) => {
    const { ledger, s3, clock } = await startLedger()
    await s3.put(KEY, text)
    const reason = `The object ${KEY} is damaged (${where}); it is left as it is. Restore it.`
    expect(await finish(clock, ledger.read('T-7QK2M-9XD4R'))).toEqual({
      kind: 'unavailable',
      reason,
      damaged: true,
    })
  })
})

describe('writing', () => {
  const theirs = buildRecord({ nonce: 'theirs' })
  const theirText = JSON.stringify(theirs)
  const write = (ledger: Ledger, expected: Parameters<Ledger['write']>[2]): ReturnType<Ledger['write']> =>
    ledger.write('T-7QK2M-9XD4R', buildRecord(), expected)

  test('a race that was lost is never overwritten', async () => {
    const { ledger, s3 } = await startLedger()
    await s3.put(KEY, theirText)
    expect(await write(ledger, 'absent')).toEqual({ kind: 'conflict' })
    expect(await write(ledger, { version: '"stale"' })).toEqual({ kind: 'conflict' })
    expect(await s3.text(KEY)).toBe(theirText)
  })

  test('a later write replaces exactly the version that was read', async () => {
    const { ledger, s3 } = await startLedger()
    await s3.put(KEY, theirText)
    expect(await write(ledger, { version: (await s3.version(KEY)) ?? '' })).toMatchObject({ kind: 'written' })
    expect(JSON.parse((await s3.text(KEY)) ?? '')).toMatchObject({ nonce: 'mine' })
  })

  test('a record that vanished is a conflict, not written again', async () => {
    const { ledger, s3 } = await startLedger()
    expect(await write(ledger, { version: '"gone"' })).toEqual({ kind: 'conflict' })
    expect(await s3.keys()).toEqual([])
  })

  test.each(['effect then reset', 'effect then 500', 'effect then hangs'] as const)(
    'one’s own nonce means that it was written (%s)',
    async (fate) => {
      const { ledger, s3, clock } = await startLedger((_, count) => (count === 1 ? fate : 'works'))
      const written = await finish(clock, write(ledger, 'absent'))
      expect(written).toEqual({ kind: 'written', version: await s3.version(KEY) })
    },
  )

  test('a lost answer and then a 412 of one’s own second try: written all the same', async () => {
    const fates: readonly Fate[] = ['effect then reset', networkError('ECONNRESET'), 'works']
    const { ledger, clock } = await startLedger((_, count) => fates[count - 1] ?? 'works')
    expect(await finish(clock, write(ledger, 'absent'))).toMatchObject({ kind: 'written' })
  })

  test.each([
    networkError('ECONNREFUSED', 'connect'),
    s3Error('SlowDown', 503),
    s3Error('ConditionalRequestConflict', 409),
  ])('what did nothing is tried again (%#)', async (fate) => {
    const { ledger, s3, clock } = await startLedger((_, count) => (count === 1 ? fate : 'works'))
    expect(await finish(clock, write(ledger, 'absent'))).toMatchObject({ kind: 'written' })
    expect(s3.calls).toEqual(['PUT', 'GET', 'PUT'])
  })

  test('what cannot be read back is unavailable', async () => {
    const { ledger, clock } = await startLedger((method) =>
      method === 'PUT' ? 'effect then 500' : networkError('ECONNREFUSED', 'connect'),
    )
    expect(await finish(clock, write(ledger, 'absent'))).toEqual({
      kind: 'unavailable',
      reason: 'S3 did not answer: InternalError (500). Reading it back: S3 could not be reached: ECONNREFUSED.',
    })
  })

  test('a store that never answers is unavailable within 4.5 s', async () => {
    const { ledger, clock } = await startLedger(() => 'hangs')
    const written = write(ledger, 'absent')
    await clock.advance(5000)
    expect(await written).toMatchObject({ kind: 'unavailable' })
    expect(clock.pending).toBe(0)
  })

  test('a 409 that lasts without another writer is unavailable, and is not retried without end', async () => {
    const { ledger, s3, clock } = await startLedger((method) =>
      method === 'PUT' ? s3Error('ConditionalRequestConflict', 409) : 'works',
    )
    const written = write(ledger, 'absent')
    await clock.advance(5000)
    expect(await written).toMatchObject({ kind: 'unavailable' })
    expect(s3.calls.filter((method) => method === 'PUT').length).toBeLessThan(10)
  })

  test('a refusal by right is unavailable immediately', async () => {
    const { ledger, s3 } = await startLedger(() => s3Error('AccessDenied', 403))
    expect(await write(ledger, 'absent')).toMatchObject({ kind: 'unavailable' })
    expect(s3.calls).toHaveLength(1)
  })

  test('a damaged record is never written over', async () => {
    const { ledger, s3, clock } = await startLedger()
    await s3.put(KEY, 'damaged')
    expect(await finish(clock, write(ledger, 'absent'))).toMatchObject({ kind: 'unavailable' })
    expect(await s3.text(KEY)).toBe('damaged')
  })

  const anyFate = fc.constantFrom<Fate>(
    'works',
    'works',
    'effect then reset',
    'effect then 500',
    networkError('ECONNRESET'),
    s3Error('ConditionalRequestConflict', 409),
  )
  test('of two writers at the same time at most one gets `written`, and the object is its record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFate, { maxLength: 12 }), async (fates) => {
        const { ledger, s3, clock } = await startLedger((_, count) => fates[count - 1] ?? 'works')
        const nonces = ['one', 'two']
        const writes = nonces.map((nonce) => ledger.write('T-7QK2M-9XD4R', buildRecord({ nonce }), 'absent'))
        await clock.advance(10_000)
        const kinds = (await Promise.all(writes)).map(({ kind }) => kind)
        const stored: { nonce?: string } = JSON.parse((await s3.text(KEY).catch(() => undefined)) ?? '{}')
        const winners = nonces.filter((_, index) => kinds[index] === 'written')
        expect(winners.length).toBeLessThanOrEqual(1)
        for (const winner of winners) expect(stored.nonce).toBe(winner)
        expect(nonces.filter((nonce, index) => kinds[index] === 'conflict' && stored.nonce === nonce)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('a stored object that another program wrote', () => {
  const places = [
    ...Object.keys(buildRecord()),
    'retryAt',
    'deliveredAt',
    'diedAt',
    'firstFailureAt',
    'receipt',
    '__proto__',
  ]
  const anything = fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom(1e300, -1, 0.5))

  let started: Awaited<ReturnType<typeof startLedger>>
  beforeAll(async () => {
    started = await startLedger()
  })

  async function readStored(text: string): Promise<{ ledger: Stored<LedgerRecord>; archive: Stored<DeadLetter> }> {
    const { s3, clock, ledger: records } = started
    const archive = createDeadLetterArchive({ client: s3.client, bucket, clock })
    await s3.put(KEY, text)
    await s3.put('dead-letters/T-7QK2M-9XD4R.json', text)
    const [ledger, letter] = await finish(
      clock,
      Promise.all([records.read('T-7QK2M-9XD4R'), archive.read('T-7QK2M-9XD4R')]),
    )
    return { ledger, archive: letter }
  }

  /** Every number that stands for a time, wherever it is. */
  const timesOf = (value: unknown): number[] =>
    Object.entries(Object(value)).flatMap(([name, each]) =>
      typeof each === 'number' && /(?:At|^at|^until)$/.test(name)
        ? [each]
        : timesOf(typeof each === 'object' ? each : {}),
    )

  test.each([
    ['firstClaimAt', 1e300, 'record.firstClaimAt is no instant'],
    ['retryAt', -8.7e15, 'record.retryAt is no instant'],
    ['claim', { by: 'x', until: 1e16 }, 'record.claim.until is no instant'],
    ['life', 0.5, 'record.life is no count'],
    ['crashes', -1, 'record.crashes is no count'],
  ])('with %s %j is damaged, and says where', async (name, value, damage) => {
    const { ledger } = await readStored(JSON.stringify({ ...buildRecord(), [name]: value }))
    expect(ledger).toEqual({
      kind: 'unavailable',
      reason: expect.stringContaining(`(${damage})`),
      damaged: true,
    })
  })

  test('is found or damaged, never a defect; what is found can be shown', async () => {
    const record = fc
      .dictionary(fc.constantFrom(...places), anything)
      .map((change) => Object.assign(buildRecord(), change))
    const letter = fc
      .dictionary(fc.constantFrom(...Object.keys(buildLetter()), 'toldAt', 'history'), anything)
      .map((change) => Object.assign(buildLetter(), change))
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.oneof(record, letter).map((one) => JSON.stringify(one)),
    )
    await fc.assert(
      fc.asyncProperty(text, async (stored) => {
        for (const { kind, ...rest } of Object.values(await readStored(stored))) {
          expect(['found', 'unavailable']).toContain(kind)
          for (const time of timesOf(rest)) expect(() => new Date(time).toISOString()).not.toThrow()
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('dead letters', () => {
  test('are kept under their key and read back whole', async () => {
    const s3 = await startBucket()
    const archive = createDeadLetterArchive({ client: s3.client, bucket, clock: s3.clock })
    const death = { life: 0, at: START, cause: { code: 'c', reason: 'r' }, toldAt: START, redrivenAt: START }
    const letter = buildLetter({ life: 1, history: [death], attempts: { count: 0, last: [] } })
    expect(await archive.write(letter.key, letter, 'absent')).toMatchObject({ kind: 'written' })
    expect(await s3.keys()).toEqual(['dead-letters/T-7QK2M-9XD4R.json'])
    expect(await archive.read(letter.key)).toMatchObject({ kind: 'found', item: letter })
  })

  test.each([
    ['a key that is not its name', { key: 'T-00000-00000' }, 'it names itself otherwise than its object'],
    ['a key to be pasted into a shell', { key: '$(reboot)\u001b[2J' }, 'it names itself otherwise than its object'],
    [
      'a ticket without a title',
      { ticket: buildTicket({ title: '' }) },
      'record.ticket is no ticket: its title is missing',
    ],
    [
      'a ticket of no id',
      { ticket: buildTicket({ id: 'T-1' }) },
      'record.ticket is no ticket: its id is not a ticket id',
    ],
    ['a ticket of no time', { ticket: buildTicket({ createdAt: 'now' }) }, 'its createdAt is not a UTC instant'],
  ])('with %s are damaged: nothing of them is shown or sent', async (_, change, damage) => {
    const s3 = await startBucket()
    const { client, clock } = s3
    await s3.put('dead-letters/T-7QK2M-9XD4R.json', JSON.stringify(buildLetter(change)))
    const archive = createDeadLetterArchive({ client, bucket, clock })
    expect(await finish(clock, archive.read('T-7QK2M-9XD4R'))).toEqual({
      kind: 'unavailable',
      reason: expect.stringMatching(
        new RegExp(String.raw`^The object dead-letters/T-7QK2M-9XD4R\.json is damaged \(.*${damage}\)`),
      ),
      damaged: true,
    })
  })

  test('are listed page by page; one that is damaged hides none of the others', async () => {
    const s3 = await startBucket()
    const { client, clock } = s3
    for (const key of ['T-1', 'T-2', 'T-4', 'unreadable-5'])
      await s3.put(`dead-letters/${key}.json`, JSON.stringify(buildLetter({ key })))
    await s3.put('dead-letters/T-3.json', 'damaged')
    await s3.put('ledger/low/T-1.json', '{}')
    const listed = finish(
      clock,
      Array.fromAsync(listDeadLetters({ client, bucket, clock }), ({ kind, ...one }) => [
        kind,
        'key' in one && one.key,
      ]),
    )
    expect(await listed).toEqual([
      ['item', 'T-1'],
      ['item', 'T-2'],
      ['unreadable', 'T-3'],
      ['item', 'T-4'],
      ['item', 'unreadable-5'],
    ])
  })

  test('a listing that breaks off says so', async () => {
    const s3 = await startBucket(({ query }) =>
      'continuation-token' in query ? s3Error('AccessDenied', 403) : 'works',
    )
    const { client, clock } = s3
    for (const key of ['T-1', 'T-2', 'T-3'])
      await s3.put(`dead-letters/${key}.json`, JSON.stringify(buildLetter({ key })))
    const kinds = await Array.fromAsync(listDeadLetters({ client, bucket, clock }), ({ kind }) => kind)
    expect(kinds).toEqual(['item', 'item', 'broken-off'])
  })
})
