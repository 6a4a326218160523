import type { Clock } from '../clock.ts'
import type { EventSourcePorts, SourceMessage } from './event-source-ports.ts'
import { processBatch, type BatchReport } from './process-batch.ts'
import type { RecordSource } from './sqs-record.ts'
import { takeBatch } from './take-batch.ts'
import { backOff, wait } from './wait.ts'

/** An event source mapping's settings and dependencies. */
export interface PollerOptions {
  readonly clock: Clock
  readonly ports: EventSourcePorts
  readonly source: RecordSource
  /** @default 10 */
  readonly batchSize?: number
  /** @default 0 */
  readonly windowSeconds?: number
  /** Concurrent batches. @default 5, as AWS starts with */
  readonly maximumConcurrency?: number
  /** @default false */
  readonly reportBatchItemFailures?: boolean
  /** Limits how long a throttled batch is retried. @default 30 */
  readonly visibilityTimeoutSeconds?: number
  readonly observe?: (event: PollerEvent) => void
}

/** What a poller reports. */
export type PollerEvent =
  | { readonly kind: 'batch-started'; readonly messageIds: readonly string[] }
  | ({ readonly kind: 'batch-ended' } & BatchReport)
  | { readonly kind: 'receive-failed'; readonly reason: string }

/** A running poller. */
export interface Poller {
  /** Stops receiving, returns messages that no function got, and waits up to `patienceMs` for running batches. */
  stop(timeoutMs?: number): Promise<void>
}

/**
 * Polls a queue and feeds a function, as Lambda's event source mappings do: one long poll at a time, concurrent
 * batches.
 */
export function startPoller(options: PollerOptions): Poller {
  const { clock, ports, batchSize = 10, windowSeconds = 0, maximumConcurrency = 5 } = options
  const { observe = () => undefined, visibilityTimeoutSeconds = 30 } = options
  const stopping = new AbortController()
  const buffer: SourceMessage[] = []
  const running = new Set<Promise<void>>()
  let windowOver = windowSeconds === 0
  let cancelWindow: (() => void) | undefined
  let wake: (() => void) | undefined

  const run = async (batch: readonly SourceMessage[]): Promise<void> => {
    observe({ kind: 'batch-started', messageIds: batch.map(({ messageId }) => messageId) })
    const report = await processBatch(batch, {
      clock,
      ports,
      source: options.source,
      reportBatchItemFailures: options.reportBatchItemFailures === true,
      throttledForMs: visibilityTimeoutSeconds * 1000,
      signal: stopping.signal,
    })
    observe({ kind: 'batch-ended', ...report })
  }

  const pump = (): void => {
    while (!stopping.signal.aborted && running.size < maximumConcurrency && buffer.length > 0) {
      if (!windowOver && buffer.length < batchSize) break
      const batch = run(takeBatch(buffer, batchSize))
      running.add(batch)
      void batch.finally(() => {
        running.delete(batch)
        pump()
      })
    }
    if (buffer.length === 0) {
      cancelWindow?.()
      cancelWindow = undefined
      windowOver = windowSeconds === 0
    }
    wake?.()
  }

  const openWindow = (): void => {
    if (windowOver || cancelWindow !== undefined || buffer.length === 0) return
    cancelWindow = clock.after(windowSeconds * 1000, () => {
      windowOver = true
      pump()
    })
  }

  const hasRoom = (): boolean => running.size < maximumConcurrency && buffer.length < batchSize

  const poll = async (): Promise<void> => {
    let failures = 0
    while (!stopping.signal.aborted) {
      if (!hasRoom()) {
        await new Promise<void>((resolve) => (wake = resolve))
        continue
      }
      try {
        const max = Math.min(10, batchSize - buffer.length)
        const messages = await ports.receive({ max, waitSeconds: 20, signal: stopping.signal })
        failures = 0
        buffer.push(...messages)
        openWindow()
        pump()
        if (messages.length === 0) await ports.waitForWork?.(stopping.signal)
      } catch (error) {
        if (stopping.signal.aborted) return
        observe({ kind: 'receive-failed', reason: error instanceof Error ? error.message : String(error) })
        await wait(clock, backOff(failures, 10_000), stopping.signal)
        failures += 1
      }
    }
  }
  const polling = poll()

  return {
    async stop(timeoutMs = 30_000) {
      stopping.abort()
      cancelWindow?.()
      wake?.()
      await polling
      const unseen = buffer.splice(0)
      if (unseen.length > 0) await ports.release?.(unseen).catch(() => undefined)
      const timeout = new AbortController()
      await Promise.race([Promise.all(running), wait(clock, timeoutMs, timeout.signal)])
      timeout.abort()
    },
  }
}
