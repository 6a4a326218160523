import { expect, test } from 'vitest'
import { createManualClock } from '../testing/manual-clock.ts'
import type { BatchInvocation, EventSourcePorts, SourceMessage } from './event-source-ports.ts'
import { startPoller, type Poller, type PollerEvent, type PollerOptions } from './poller.ts'

const source = { queueArn: 'arn:aws:sqs:us-east-1:000000000000:q', region: 'us-east-1' }

interface Bench {
  readonly clock: ReturnType<typeof createManualClock>
  readonly poller: Poller
  /** Message ids of each event that the function was given. */
  readonly invoked: string[][]
  readonly deleted: string[]
  readonly released: string[]
  readonly events: PollerEvent[]
  /** The requested batch sizes. */
  readonly asked: number[]
  send(...ids: string[]): Promise<void>
  /** Completes the oldest pending invocation. */
  answer(invocation: BatchInvocation): Promise<void>
  failReceives(count: number): void
  failDeletes(count: number): void
}

/** A queue and a function as lists: messages are received in order, and the test responds for the function. */
function startBench(options: Partial<PollerOptions> = {}): Bench {
  const clock = createManualClock(1_795_514_400_000)
  const queue: SourceMessage[] = []
  const pending: ((invocation: BatchInvocation) => void)[] = []
  const bench = { invoked: [] as string[][], deleted: [] as string[], released: [] as string[], asked: [] as number[] }
  const events: PollerEvent[] = []
  let receiveFailures = 0
  let deleteFailures = 0
  let ring: (() => void) | undefined
  const ports: EventSourcePorts = {
    async receive({ max, signal }) {
      bench.asked.push(max)
      if (receiveFailures > 0) {
        receiveFailures -= 1
        throw new Error('the queue is gone')
      }
      if (queue.length === 0) {
        await new Promise<void>((resolve) => {
          ring = resolve
          signal.addEventListener('abort', () => resolve())
        })
      }
      return signal.aborted ? [] : queue.splice(0, max)
    },
    async delete(messages) {
      if (deleteFailures > 0) {
        deleteFailures -= 1
        return messages
      }
      bench.deleted.push(...messages.map(({ messageId }) => messageId))
      return []
    },
    async release(messages) {
      bench.released.push(...messages.map(({ messageId }) => messageId))
    },
    invoke(payload) {
      const { Records }: { Records: { messageId: string }[] } = JSON.parse(payload)
      bench.invoked.push(Records.map(({ messageId }) => messageId))
      return new Promise((resolve) => pending.push(resolve))
    },
  }
  const poller = startPoller({ clock, ports, source, observe: (event) => events.push(event), ...options })
  return {
    ...bench,
    clock,
    poller,
    events,
    async send(...ids) {
      queue.push(...ids.map(messageOf))
      ring?.()
      await settled()
    },
    async answer(invocation) {
      pending.shift()?.(invocation)
      await settled()
    },
    failReceives: (count) => (receiveFailures = count),
    failDeletes: (count) => (deleteFailures = count),
  }
}

function messageOf(messageId: string): SourceMessage {
  return {
    messageId,
    receiptHandle: `handle-${messageId}`,
    body: `body ${messageId}`,
    md5OfBody: 'md5',
    attributes: {},
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

const fine: BatchInvocation = { kind: 'answered', payload: 'null' }

test('a message reaches the function without any time passing, and is deleted when it is done', async () => {
  const bench = startBench()
  await bench.send('a')
  expect(bench.invoked).toEqual([['a']])
  expect(bench.deleted).toEqual([])
  await bench.answer(fine)
  expect(bench.deleted).toEqual(['a'])
  await bench.poller.stop()
})

test('concurrent batches are limited, and the rest stays in the queue', async () => {
  const bench = startBench({ batchSize: 1, maximumConcurrency: 2 })
  await bench.send('a', 'b', 'c')
  expect(bench.invoked).toEqual([['a'], ['b']])
  expect(bench.asked).toEqual([1, 1])
  await bench.answer(fine)
  expect(bench.invoked).toEqual([['a'], ['b'], ['c']])
  await bench.answer(fine)
  await bench.answer(fine)
  await bench.poller.stop()
})

test('a window gathers a batch until it is over or the batch is full', async () => {
  const bench = startBench({ batchSize: 3, windowSeconds: 5 })
  await bench.send('a')
  await bench.clock.advance(4_999)
  expect(bench.invoked).toEqual([])
  await bench.send('b')
  await bench.clock.advance(1)
  expect(bench.invoked).toEqual([['a', 'b']])
  await bench.send('c', 'd', 'e')
  expect(bench.invoked).toEqual([
    ['a', 'b'],
    ['c', 'd', 'e'],
  ])
  await bench.answer(fine)
  await bench.answer(fine)
  await bench.poller.stop()
})

test('a failed function leaves the whole batch where it is', async () => {
  const bench = startBench({ reportBatchItemFailures: true })
  await bench.send('a', 'b')
  await bench.answer({ kind: 'failed', reason: 'Error: no' })
  expect(bench.deleted).toEqual([])
  expect(bench.events.at(-1)).toEqual({
    kind: 'batch-ended',
    messageIds: ['a', 'b'],
    failed: ['a', 'b'],
    reason: 'Error: no',
  })
  await bench.poller.stop()
})

test('a partial batch response counts only with ReportBatchItemFailures', async () => {
  const payload = '{"batchItemFailures":[{"itemIdentifier":"b"}]}'
  const agreed = startBench({ reportBatchItemFailures: true })
  await agreed.send('a', 'b', 'c')
  await agreed.answer({ kind: 'answered', payload })
  expect(agreed.deleted).toEqual(['a', 'c'])
  const plain = startBench()
  await plain.send('a', 'b', 'c')
  await plain.answer({ kind: 'answered', payload })
  expect(plain.deleted).toEqual(['a', 'b', 'c'])
  await Promise.all([agreed.poller.stop(), plain.poller.stop()])
})

test('a throttled batch is retried with growing pauses, but only within the visibility timeout', async () => {
  const bench = startBench({ visibilityTimeoutSeconds: 1 })
  await bench.send('a')
  for (const pause of [100, 200, 400]) {
    await bench.answer({ kind: 'throttled' })
    await bench.clock.advance(pause)
    await settled()
  }
  expect(bench.invoked).toHaveLength(4)
  await bench.answer({ kind: 'throttled' })
  expect(bench.events.at(-1)).toMatchObject({ kind: 'batch-ended', failed: ['a'], reason: 'throttled' })
  await bench.poller.stop()
})

test('a failed receive is retried with growing pauses', async () => {
  const bench = startBench()
  bench.failReceives(2)
  await bench.send('a')
  await bench.answer(fine)
  await bench.clock.advance(100)
  await settled()
  const failures = bench.events.filter(({ kind }) => kind === 'receive-failed')
  expect(failures).toHaveLength(2)
  await bench.clock.advance(199)
  await bench.send('b')
  expect(bench.invoked).toEqual([['a']])
  await bench.clock.advance(1)
  await settled()
  expect(bench.invoked).toEqual([['a'], ['b']])
  await bench.answer(fine)
  await bench.poller.stop()
})

test('a failed delete is retried', async () => {
  const bench = startBench()
  bench.failDeletes(1)
  await bench.send('a')
  await bench.answer(fine)
  expect(bench.deleted).toEqual([])
  await bench.clock.advance(100)
  await settled()
  expect(bench.deleted).toEqual(['a'])
  await bench.poller.stop()
})

test('stopping returns messages that no function got, and waits for running batches', async () => {
  const bench = startBench({ windowSeconds: 60, batchSize: 2 })
  await bench.send('a', 'b')
  await bench.send('c')
  let stopped = false
  const stopping = bench.poller.stop().then(() => (stopped = true))
  await settled()
  expect(bench.released).toEqual(['c'])
  expect(stopped).toBe(false)
  await bench.answer(fine)
  await stopping
  expect(bench.deleted).toEqual(['a', 'b'])
  await bench.send('d')
  expect(bench.invoked).toEqual([['a', 'b']])
})

test('stopping waits for a limited time', async () => {
  const bench = startBench()
  await bench.send('a')
  const stopping = bench.poller.stop(1_000)
  await settled()
  await bench.clock.advance(1_000)
  await expect(stopping).resolves.toBeUndefined()
})
