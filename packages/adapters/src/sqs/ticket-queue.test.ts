import { fc } from '@fast-check/vitest'
import { openEnvelope, type Enqueued } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { buildTicket, ticketNumber } from '../../test/build-ticket.ts'
import { type AwsAnswer, type AwsCall, fakeAws, HANG, jsonError, networkError } from '../../test/fake-aws.ts'
import { type SqsBatch, answerBatch, readBatch } from '../../test/fake-sqs.ts'
import { type VirtualClock, startClock } from '../../test/clock.ts'
import { watch } from '../../test/watch.ts'
import { createSqsClient } from '../aws/index.ts'
import { createTicketQueue } from './index.ts'

const queueUrls = {
  low: 'http://sqs.test/000000000000/dev-LP',
  medium: 'http://sqs.test/000000000000/dev-MP',
  high: 'http://sqs.test/000000000000/dev-HP',
}

type Answer = (batch: SqsBatch, call: number) => AwsAnswer | typeof HANG | Promise<AwsAnswer>

function startQueue(answer: Answer): {
  readonly clock: VirtualClock
  readonly batches: SqsBatch[]
  readonly calls: AwsCall[]
  readonly queue: ReturnType<typeof createTicketQueue>
} {
  const clock = startClock()
  const batches: SqsBatch[] = []
  const calls: AwsCall[] = []
  const client = createSqsClient(
    fakeAws((call) => {
      calls.push(call)
      batches.push(readBatch(call))
      return answer(readBatch(call), batches.length)
    }),
  )
  return { clock, batches, calls, queue: createTicketQueue({ client, queueUrls, clock }) }
}

/** An answer that comes when the test says so. */
function createGate(): { readonly open: () => void; readonly opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: resolve, opened: promise }
}

describe('one ticket', () => {
  test('leaves immediately, to the queue of its priority, with the attributes that the consumers read', async () => {
    const { queue, batches, calls, clock } = startQueue((batch) => answerBatch(batch))
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    expect(await queue.enqueue(buildTicket({ priority: 'high' }), { traceparent })).toEqual({ kind: 'accepted' })
    expect(calls.map(({ host, action }) => [host, action])).toEqual([['aws.test', 'SendMessageBatch']])
    expect(batches[0]?.QueueUrl).toBe('http://sqs.test/000000000000/dev-HP')
    expect(batches[0]?.Entries[0]?.MessageAttributes).toEqual({
      ticket: { DataType: 'String', StringValue: 'T-7QK2M-9XD4R' },
      life: { DataType: 'Number', StringValue: '0' },
      traceparent: { DataType: 'String', StringValue: traceparent },
    })
    const opened = openEnvelope({ body: batches[0]?.Entries[0]?.MessageBody ?? '', messageId: 'm', attributes: {} })
    expect(opened).toMatchObject({ ok: true, value: { life: 0, ticket: { id: 'T-7QK2M-9XD4R' } } })
    expect(clock.pending).toBe(0)
  })

  test('over 256 KiB is not sent, and its size is reported', async () => {
    const { queue, batches } = startQueue((batch) => answerBatch(batch))
    const outcome = await queue.enqueue(buildTicket({ description: 'é'.repeat(50_000) }))
    expect(outcome).toMatchObject({ kind: 'too-large', limit: 262_144 })
    expect(batches).toEqual([])
  })
})

describe('tickets at the same moment', () => {
  test('share calls of ten while one is out, and a partial batch goes when it comes back', async () => {
    const gate = createGate()
    const { queue, batches } = startQueue(async (batch, call) => {
      if (call === 1) await gate.opened
      return answerBatch(batch)
    })
    const sent = Array.from({ length: 16 }, (_, index) => queue.enqueue(ticketNumber(index)))
    await Promise.all(sent.slice(1, 11))
    expect(batches.map(({ Entries }) => Entries.length)).toEqual([1, 10])
    gate.open()
    await Promise.all(sent)
    expect(batches.map(({ Entries }) => Entries.length)).toEqual([1, 10, 5])
  })

  test('do not wait longer than 25 ms for a call that hangs', async () => {
    const { queue, batches, clock } = startQueue((batch, call) => (call === 1 ? HANG : answerBatch(batch)))
    const first = queue.enqueue(ticketNumber(1))
    const second = queue.enqueue(ticketNumber(2))
    await clock.advance(24)
    expect(batches).toHaveLength(1)
    await clock.advance(1)
    expect(await second).toEqual({ kind: 'accepted' })
    await clock.advance(3975)
    expect(await first).toMatchObject({ kind: 'unknown' })
  })

  test('never weigh more than one mebibyte together', async () => {
    const gate = createGate()
    const { queue, batches } = startQueue(async (batch, call) => {
      if (call === 1) await gate.opened
      return answerBatch(batch)
    })
    const description = 'x'.repeat(250_000)
    const sent = [0, 1, 2, 3, 4, 5].map((index) => queue.enqueue({ ...ticketNumber(index), description }))
    gate.open()
    expect(await Promise.all(sent)).toEqual(sent.map(() => ({ kind: 'accepted' })))
    expect(batches.map(({ Entries }) => Entries.length)).toEqual([1, 4, 1])
  })

  test('every caller gets its own entry’s answer, and no call holds more than ten', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('ok', 'fault', 'throttled-once'), { minLength: 1, maxLength: 60 }),
        async (fates) => {
          const failedOnce = new Set<string>()
          const { queue, batches, clock } = startQueue((batch) =>
            answerBatch(batch, ({ MessageAttributes }) => {
              const id = MessageAttributes['ticket']?.StringValue ?? ''
              const fate = fates[Number(id.slice(-5))]
              if (fate === 'fault') return { Code: 'InvalidMessageContents', SenderFault: true }
              if (fate === 'ok' || failedOnce.has(id)) return undefined
              failedOnce.add(id)
              return { Code: 'ThrottlingException', SenderFault: false }
            }),
          )
          const sent = fates.map((_, index) => queue.enqueue(ticketNumber(index)))
          await clock.advance(1000)
          const outcomes = await Promise.all(sent)
          expect(outcomes.map(({ kind }) => kind)).toEqual(
            fates.map((fate) => (fate === 'fault' ? 'refused' : 'accepted')),
          )
          expect(Math.max(...batches.map(({ Entries }) => Entries.length))).toBeLessThanOrEqual(10)
          expect(clock.pending).toBe(0)
        },
      ),
      {
        numRuns: 40,
      },
    )
  })
})

describe('failures', () => {
  const failing: readonly (readonly [string, () => AwsAnswer | typeof HANG, Enqueued['kind'], number])[] = [
    ['a queue that does not exist', () => jsonError('QueueDoesNotExist'), 'refused', 1],
    ['a throttle until the end', () => jsonError('RequestThrottled', 403), 'refused', 6],
    ['an internal error until the end', () => jsonError('InternalFailure', 500), 'unknown', 6],
    ['an answer that is not JSON', () => ({ status: 200, body: '<html>' }), 'unknown', 6],
    ['an answer that leaves the entry out', () => ({ status: 200, body: '{"Successful":[]}' }), 'unknown', 6],
    ['no answer', () => HANG, 'unknown', 1],
  ]
  test.each(failing)('%s: %#', async (...[, answer, kind, calls]) => {
    const { queue, batches, clock } = startQueue(answer)
    const sent = queue.enqueue(buildTicket())
    await clock.advance(4000)
    expect(await sent).toMatchObject({ kind })
    expect(batches).toHaveLength(calls)
  })

  test('a refused connection is refused: nothing was sent', async () => {
    const { queue, clock } = startQueue(() => {
      throw networkError('ECONNREFUSED', 'connect')
    })
    const sent = queue.enqueue(buildTicket())
    await clock.advance(4000)
    expect(await sent).toEqual({ kind: 'refused', reason: 'It was not queued: ECONNREFUSED.' })
  })

  test('a reset leaves open what happened, even when every later try is refused', async () => {
    const { queue, clock } = startQueue((_, call) => {
      if (call === 1) throw networkError('ECONNRESET')
      return jsonError('QueueDoesNotExist')
    })
    const sent = queue.enqueue(buildTicket())
    await clock.advance(4000)
    expect(await sent).toMatchObject({ kind: 'unknown' })
  })

  test('a failure that passes is not seen by the caller', async () => {
    const { queue, clock } = startQueue((batch, call) =>
      call < 3 ? jsonError('ServiceUnavailable', 503) : answerBatch(batch),
    )
    const sent = queue.enqueue(buildTicket())
    await clock.advance(300)
    expect(await sent).toEqual({ kind: 'accepted' })
  })

  test('what was refused together is tried alone, so that one bad message does not fail the others', async () => {
    const gate = createGate()
    const { queue } = startQueue(async (batch, call) => {
      if (call === 1) await gate.opened
      const bad = batch.Entries.some(({ MessageBody }) => MessageBody.includes('Ticket 3'))
      return bad ? jsonError('InvalidMessageContents') : answerBatch(batch)
    })
    const sent = [1, 2, 3, 4, 5].map((index) => queue.enqueue(ticketNumber(index)))
    gate.open()
    const kinds = (await Promise.all(sent)).map(({ kind }) => kind)
    expect(kinds).toEqual(['accepted', 'accepted', 'refused', 'accepted', 'accepted'])
  })

  test('what found no free call in time was surely not sent', async () => {
    const { queue, batches, clock } = startQueue(() => HANG)
    const sent = Array.from({ length: 320 }, (_, index) => queue.enqueue(ticketNumber(index)))
    await clock.advance(4250)
    const kinds = (await Promise.all(sent)).map(({ kind }) => kind)
    // 32 calls are out at most: the first with one ticket, the others with ten.
    expect(batches).toHaveLength(32)
    expect(kinds.filter((kind) => kind === 'unknown')).toHaveLength(311)
    expect(kinds.slice(311)).toEqual(Array.from({ length: 9 }, () => 'refused'))
  })
})

test('drain waits for what is being sent and for what waits for another try', async () => {
  const { queue, clock } = startQueue((batch, call) =>
    call === 1 ? jsonError('RequestThrottled', 403) : answerBatch(batch),
  )
  const sent = queue.enqueue(buildTicket())
  const drain = watch(queue.drain())
  await clock.advance(99)
  expect(drain.ended()).toBe(false)
  await clock.advance(1)
  expect(drain.ended()).toBe(true)
  expect(await sent).toEqual({ kind: 'accepted' })
})
