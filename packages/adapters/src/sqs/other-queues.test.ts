import { fc } from '@fast-check/vitest'
import type { DeadLetterMessage } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { buildTicket } from '../../test/build-ticket.ts'
import { type AwsAnswer, fakeAws, jsonError, networkError } from '../../test/fake-aws.ts'
import { type SqsEntry, answerBatch, readBatch } from '../../test/fake-sqs.ts'
import { startClock } from '../../test/clock.ts'
import { createSqsClient } from '../aws/index.ts'
import { createLog, createRedaction } from '../log/index.ts'
import { createDeadLetterQueue, createEnvelopeSender, createSourceQueue, findQueueUrl } from './index.ts'

const QUEUE = 'http://sqs.test/000000000000/dev-DLQ'

async function sendLetter(message: DeadLetterMessage): Promise<{ readonly sent: boolean; readonly entry: SqsEntry }> {
  const clock = startClock()
  const entries: SqsEntry[] = []
  const client = createSqsClient(
    fakeAws((call) => {
      entries.push(...readBatch(call).Entries)
      return answerBatch(readBatch(call))
    }),
  )
  const sent = await createDeadLetterQueue({ client, queueUrl: QUEUE, clock }).send(message)
  const [entry] = entries
  if (!entry) throw new Error('nothing was sent')
  return { sent, entry }
}

describe('the dead-letter queue', () => {
  test('gets the body whole, with code, reason, ticket and life', async () => {
    const cause = { code: 'trello-400', reason: 'trello answered 400: invalid value for name.' }
    const { sent, entry } = await sendLetter({ body: '{"v":1}', cause, ticket: 'T-7QK2M-9XD4R', life: 2 })
    expect(sent).toBe(true)
    expect(entry.MessageBody).toBe('{"v":1}')
    expect(entry.MessageAttributes).toEqual({
      code: { DataType: 'String', StringValue: 'trello-400' },
      reason: { DataType: 'String', StringValue: 'trello answered 400: invalid value for name.' },
      ticket: { DataType: 'String', StringValue: 'T-7QK2M-9XD4R' },
      life: { DataType: 'Number', StringValue: '2' },
    })
  })

  test('takes a body of one mebibyte, at the cost of the reason', async () => {
    const body = 'x'.repeat(1_048_576 - 40)
    const { sent, entry } = await sendLetter({ body, cause: { code: 'poison', reason: 'It crashed three times.' } })
    expect(sent).toBe(true)
    expect(entry.MessageBody).toHaveLength(1_048_536)
    expect(Object.keys(entry.MessageAttributes)).toEqual(['code'])
  })

  describe('of a message that goes there as it came', () => {
    const cause = { code: 'unreadable', reason: 'the body is not JSON' }
    const carried = async (
      attributes: Readonly<Record<string, string>>,
      body = 'b',
    ): Promise<Readonly<Record<string, string | undefined>>> => {
      const { entry } = await sendLetter({ body, cause, attributes })
      return Object.fromEntries(
        Object.entries(entry.MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
      )
    }

    test('carries its attributes; those that would mean something to us under other names', async () => {
      const attributes = {
        sender: 'crm',
        traceparent: '00-1',
        life: 'x',
        code: 'theirs',
        ticket: 'T-1',
        reason: 'r',
        source: 's',
      }
      expect(await carried(attributes)).toEqual({
        code: 'unreadable',
        reason: 'the body is not JSON',
        sender: 'crm',
        traceparent: '00-1',
        'original.life': 'x',
        'original.code': 'theirs',
        'original.ticket': 'T-1',
        'original.reason': 'r',
        'original.source': 's',
      })
    })

    test('carries as many as SQS takes, ten with our own', async () => {
      const many = Object.fromEntries(Array.from({ length: 10 }, (_, number) => [`a${number}`, 'x']))
      expect(Object.keys(await carried(many))).toHaveLength(10)
    })

    test('carries those that there is room for: the body comes first, then our own', async () => {
      const body = 'x'.repeat(1_048_576 - 150)
      expect(Object.keys(await carried({ long: 'x'.repeat(100), short: 'x' }, body))).toEqual([
        'code',
        'reason',
        'short',
      ])
    })

    test.each(['', 'aws.x', 'Amazon.x', '.x', 'x.', 'a..b', 'a b', 'ä', 'x'.repeat(257)])(
      'is sent without the attribute %j, which SQS refuses',
      async (name) => {
        expect(Object.keys(await carried({ [name]: 'x', sender: 'crm' }))).toEqual(['code', 'reason', 'sender'])
      },
    )
  })

  test('whatever a reason holds, SQS can take it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 1500 }), async (reason) => {
        const { entry } = await sendLetter({ body: 'b', cause: { code: 'c', reason } })
        const value = entry.MessageAttributes['reason']?.StringValue ?? 'absent'
        expect(value).toMatch(/^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]+$/u)
        expect(value.length).toBeLessThanOrEqual(1000)
      }),
      { numRuns: 50 },
    )
  })

  test('that does not confirm means false, after the tries that the time allows', async () => {
    const clock = startClock()
    let calls = 0
    const client = createSqsClient(
      fakeAws(() => {
        calls += 1
        throw networkError('ECONNREFUSED', 'connect')
      }),
    )
    const sent = createDeadLetterQueue({ client, queueUrl: QUEUE, clock }).send({
      body: 'b',
      cause: { code: 'c', reason: 'r' },
    })
    await clock.advance(5000)
    expect(await sent).toBe(false)
    expect(calls).toBe(6)
  })
})

async function postpone(seconds: number, answer: AwsAnswer): Promise<{ asked: unknown[]; lines: string[] }> {
  const clock = startClock()
  const asked: unknown[] = []
  const lines: string[] = []
  const log = createLog({ write: (line) => lines.push(line), clock, redaction: createRedaction() })
  const client = createSqsClient(
    fakeAws(({ body }) => {
      asked.push(JSON.parse(body))
      return answer
    }),
  )
  await createSourceQueue({ client, queueUrl: QUEUE, clock, log }).postpone([{ receiptHandle: 'handle', seconds }])
  return { asked, lines }
}

function failing(Code: string): AwsAnswer {
  const failed = { Id: '0', Code, SenderFault: true }
  return { status: 200, body: JSON.stringify({ Successful: [], Failed: [failed] }) }
}

describe('the source queue', () => {
  test.each([
    [0, 0],
    [12.2, 13],
    [43_200, 43_200],
    [90_000, 43_200],
    [-5, 0],
  ])('hides a message for %d s as SQS can: %d s', async (seconds, timeout) => {
    const { asked } = await postpone(seconds, { status: 200, body: '{}' })
    const entry = { Id: '0', ReceiptHandle: 'handle', VisibilityTimeout: timeout }
    expect(asked).toEqual([{ QueueUrl: QUEUE, Entries: [entry] }])
  })

  test.each(['MessageNotInflight', 'ReceiptHandleIsInvalid'])('takes %s for harmless', async (name) => {
    expect((await postpone(60, failing(name))).lines).toEqual([])
  })

  test('logs an entry that SQS refuses', async () => {
    const { lines } = await postpone(60, failing('InternalError'))
    expect(lines).toEqual([expect.stringContaining('SQS refused: InternalError.')])
  })

  test('hides ten messages a call', async () => {
    const sizes: number[] = []
    const client = createSqsClient(
      fakeAws(({ body }) => {
        const { Entries }: { Entries: readonly unknown[] } = JSON.parse(body)
        sizes.push(Entries.length)
        return { status: 200, body: '{}' }
      }),
    )
    const messages = Array.from({ length: 25 }, (_, n) => ({ receiptHandle: `handle-${n}`, seconds: 180 }))
    await createSourceQueue({ client, queueUrl: QUEUE, clock: startClock() }).postpone(messages)
    expect(sizes).toEqual([10, 10, 5])
  })

  test('logs any other failure, and does not throw', async () => {
    const { lines } = await postpone(60, jsonError('AccessDenied', 403))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('SQS refused: AccessDenied (403).')
  })
})

function urlOf(name: string): string {
  return `http://sqs.test/0/${name}`
}

/** Sends one redrive, and gives its result and the batch that SQS got. */
async function redrive(redriven: Parameters<ReturnType<typeof createEnvelopeSender>>[0]): Promise<{
  readonly sent: unknown
  readonly batch: ReturnType<typeof readBatch> | undefined
}> {
  const batches: ReturnType<typeof readBatch>[] = []
  const client = createSqsClient(
    fakeAws((call) => {
      batches.push(readBatch(call))
      return answerBatch(readBatch(call))
    }),
  )
  const queueUrls = {
    low: urlOf('LP'),
    medium: urlOf('MP'),
    high: urlOf('HP'),
    news: urlOf('NQ'),
    events: urlOf('EVQ'),
  }
  const send = createEnvelopeSender({ client, queueUrls, clock: startClock() })
  return { sent: await send(redriven), batch: batches[0] }
}

test('a redrive goes to the queue of the ticket’s priority, in its next life', async () => {
  const { sent, batch } = await redrive({ ticket: buildTicket({ priority: 'low' }), life: 3 })
  expect(sent).toEqual({ kind: 'accepted' })
  expect(batch?.QueueUrl).toBe('http://sqs.test/0/LP')
  expect(batch?.Entries[0]?.MessageAttributes['life']).toEqual({ DataType: 'Number', StringValue: '3' })
  expect(JSON.parse(batch?.Entries[0]?.MessageBody ?? '')).toMatchObject({ life: 3, ticket: { id: 'T-7QK2M-9XD4R' } })
})

test('a redrive of an effect goes to the queue of its place, in its next life', async () => {
  const { id: ticket, source } = buildTicket()
  const effect = { kind: 'note', place: 'board', ticket, source, event: 'teams:1' } as const
  const { sent, batch } = await redrive({ effect, life: 2 })
  expect(sent).toEqual({ kind: 'accepted' })
  expect(batch?.QueueUrl).toBe('http://sqs.test/0/MP')
  expect(batch?.Entries[0]?.MessageAttributes['ticket']).toMatchObject({ StringValue: ticket })
  expect(JSON.parse(batch?.Entries[0]?.MessageBody ?? '')).toEqual({ v: 1, life: 2, effect })
})

describe('the URL of a queue', () => {
  test('is what SQS says', async () => {
    const client = createSqsClient(fakeAws(() => ({ status: 200, body: JSON.stringify({ QueueUrl: QUEUE }) })))
    const found = await findQueueUrl({ client, name: 'dev-DLQ', clock: startClock() })
    expect(found).toEqual({ ok: true, value: QUEUE })
  })

  test.each([
    [jsonError('QueueDoesNotExist'), { code: 'queue-missing', name: 'dev-DLQ' }],
    [
      jsonError('AccessDenied', 403),
      { code: 'queue-refused', name: 'dev-DLQ', reason: 'SQS refused: AccessDenied (403).' },
    ],
    [
      jsonError('RequestThrottled', 403),
      { code: 'queue-unavailable', name: 'dev-DLQ', reason: 'SQS refused: RequestThrottled (403).' },
    ],
    [
      { status: 200, body: '{}' },
      { code: 'queue-unavailable', name: 'dev-DLQ', reason: 'SQS answered without a URL.' },
    ],
  ])('that cannot be found is explained (%#)', async (answer, failure) => {
    const client = createSqsClient(fakeAws(() => answer))
    const found = await findQueueUrl({ client, name: 'dev-DLQ', clock: startClock() })
    expect(found).toEqual({ ok: false, failure })
  })
})
