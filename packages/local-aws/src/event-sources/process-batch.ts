import type { Clock } from '../clock.ts'
import type { BatchInvocation, EventSourcePorts, SourceMessage } from './event-source-ports.ts'
import { readBatchResponse, type BatchVerdict } from './read-batch-response.ts'
import { sqsEvent, type RecordSource } from './sqs-record.ts'
import { backOff, wait } from './wait.ts'

/** The result of a batch. */
export interface BatchReport {
  readonly messageIds: readonly string[]
  /** The messages that stay in the queue. */
  readonly failed: readonly string[]
  /** Why, where the whole batch failed. */
  readonly reason: string | undefined
}

/** Settings of {@link processBatch}. */
export interface BatchSettings {
  readonly clock: Clock
  readonly ports: EventSourcePorts
  readonly source: RecordSource
  readonly reportBatchItemFailures: boolean
  /** How long a throttled batch is retried: within the queue's visibility timeout. */
  readonly throttledForMs: number
  readonly signal: AbortSignal
}

/** Invokes the function with a batch and deletes what succeeded. Never rejects. */
export async function processBatch(batch: readonly SourceMessage[], settings: BatchSettings): Promise<BatchReport> {
  const messageIds = batch.map(({ messageId }) => messageId)
  const invoked = await invokeWithin(batch, settings)
  const verdict = verdictOf(invoked, { messageIds, partial: settings.reportBatchItemFailures })
  switch (verdict.kind) {
    case 'all-failed':
      return { messageIds, failed: messageIds, reason: verdict.reason }
    case 'all-succeeded':
      await deleteAll(batch, settings)
      return { messageIds, failed: [], reason: undefined }
    case 'some-failed': {
      await deleteAll(
        batch.filter(({ messageId }) => !verdict.failed.has(messageId)),
        settings,
      )
      return { messageIds, failed: [...verdict.failed], reason: undefined }
    }
  }
}

function verdictOf(
  invoked: BatchInvocation,
  options: { messageIds: readonly string[]; partial: boolean },
): BatchVerdict {
  switch (invoked.kind) {
    case 'failed':
      return { kind: 'all-failed', reason: invoked.reason }
    case 'throttled':
      return { kind: 'all-failed', reason: 'throttled' }
    case 'answered':
      return options.partial ? readBatchResponse(invoked.payload, options.messageIds) : { kind: 'all-succeeded' }
  }
}

async function invokeWithin(batch: readonly SourceMessage[], settings: BatchSettings): Promise<BatchInvocation> {
  const payload = sqsEvent(batch, settings.source)
  const { clock, ports, signal, throttledForMs } = settings
  const giveUpAt = clock.now() + throttledForMs
  for (let attempt = 0; ; attempt += 1) {
    const invoked = await ports.invoke(payload, batch).catch((error: unknown): BatchInvocation => ({
      kind: 'failed',
      reason: error instanceof Error ? error.message : String(error),
    }))
    const pause = backOff(attempt, 10_000)
    if (invoked.kind !== 'throttled' || signal.aborted || clock.now() + pause > giveUpAt) return invoked
    await wait(clock, pause, signal)
  }
}

/** A message that cannot be deleted is delivered twice: SQS delivers at least once. */
async function deleteAll(messages: readonly SourceMessage[], settings: BatchSettings): Promise<void> {
  const { clock, ports, signal } = settings
  for (let start = 0; start < messages.length; start += 10) {
    let left: readonly SourceMessage[] = messages.slice(start, start + 10)
    for (let attempt = 0; left.length > 0 && attempt < DELETE_ATTEMPTS; attempt += 1) {
      if (attempt > 0) await wait(clock, backOff(attempt - 1, 10_000), signal)
      const tried = left
      left = await ports.delete(tried).catch(() => tried)
    }
  }
}

const DELETE_ATTEMPTS = 5
