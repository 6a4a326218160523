import type { Clock } from '../../clock.ts'
import type { CallableCloud } from '../../cloud.ts'
import type { SourceMessage, EventSourcePorts } from '../../event-sources/event-source-ports.ts'
import type { FunctionCredentials } from '../../executors/executor.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import { IAM_TABLES } from '../iam/iam-tables.ts'
import type { SqsService } from '../sqs/create-sqs-service.ts'
import { isRecord } from '../../wire/is-record.ts'
import { readQueueArn } from './check-mapping.ts'

type Fields = Readonly<Record<string, unknown>>

export interface DirectQueueOptions {
  readonly call: CallableCloud['call']
  readonly credentials: (roleArn: string) => Promise<FunctionCredentials>
  readonly sqs: Pick<SqsService, 'waitUntilVisible'>
  readonly store: Store
  readonly clock: Clock
  /** Calls `run` when something else may change a call's result, such as an interceptor. @default never */
  readonly onChange?: ((run: () => void) => void) | undefined
}

/**
 * Opens queues of the same cloud for event source mappings. Each call is made as the function's role, without
 * serialisation. An empty queue is polled again only when it may have a message, or when the result may differ: after
 * a change of a policy, of a queue's attributes or of the clock.
 */
export function createDirectQueue(options: DirectQueueOptions): OpenQueue {
  const pollTriggers = createPollTriggers()
  sqlOf(options.store).onWrite(POLL_TABLES, () => pollTriggers.trigger())
  options.clock.onJump?.(() => pollTriggers.trigger())
  options.onChange?.(() => pollTriggers.trigger())
  return ({ queueArn, roleArn }) => {
    const { region, accountId, queue } = readQueueArn(queueArn)
    const QueueUrl = `http://cloud.internal/${accountId}/${queue}`
    const call = async (operation: string, input: Fields, signal?: AbortSignal): Promise<Fields> =>
      options.call({
        service: 'sqs',
        operation,
        input: { QueueUrl, ...input },
        region,
        credentials: await options.credentials(roleArn),
        ...(signal && { signal }),
      })
    let seenCount = pollTriggers.count
    return {
      ports: {
        async receive({ max, waitSeconds, signal }) {
          seenCount = pollTriggers.count
          const names = { MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] }
          const asked = { MaxNumberOfMessages: max, WaitTimeSeconds: waitSeconds, ...names }
          return recordsOf(await call('ReceiveMessage', asked, signal), 'Messages').map(readMessage)
        },
        async waitForWork(signal) {
          if (seenCount !== pollTriggers.count) return
          const over = new AbortController()
          // A reason avoids the cost of an exception with a stack.
          const end = (): void => over.abort('over')
          const unhook = pollTriggers.onNext(end)
          signal.addEventListener('abort', end, { once: true })
          if (signal.aborted) end()
          await options.sqs.waitUntilVisible({ region, name: queue }, over.signal)
          unhook()
          signal.removeEventListener('abort', end)
        },
        async delete(messages) {
          const failed = recordsOf(await call('DeleteMessageBatch', entriesOf(messages)), 'Failed')
          return messages.filter((_message, index) => failed.some(({ Id }) => Id === String(index)))
        },
        async release(messages) {
          for (let start = 0; start < messages.length; start += 10)
            await call(
              'ChangeMessageVisibilityBatch',
              entriesOf(messages.slice(start, start + 10), { VisibilityTimeout: 0 }),
            )
        },
      },
      async visibilityTimeoutSeconds() {
        const { Attributes } = await call('GetQueueAttributes', { AttributeNames: ['VisibilityTimeout'] })
        return Number(isRecord(Attributes) ? Attributes['VisibilityTimeout'] : undefined)
      },
    }
  }
}

/** The tables that, besides the messages, decide the result of a poller's next call. */
const POLL_TABLES = ['sqs_queues', ...IAM_TABLES]

function entriesOf(messages: readonly SourceMessage[], more: Fields = {}): Fields {
  const toEntry = ({ receiptHandle }: SourceMessage, index: number): Fields => ({
    Id: String(index),
    ReceiptHandle: receiptHandle,
    ...more,
  })
  return { Entries: messages.map(toEntry) }
}

function readMessage(message: Fields): SourceMessage {
  const { MessageId, ReceiptHandle, Body, MD5OfBody, Attributes, MessageAttributes, MD5OfMessageAttributes } = message
  return {
    messageId: String(MessageId),
    receiptHandle: String(ReceiptHandle),
    body: String(Body),
    md5OfBody: String(MD5OfBody),
    attributes: isRecord(Attributes) ? mapValues(Attributes, String) : {},
    messageAttributes: isRecord(MessageAttributes) ? mapValues(MessageAttributes, readAttribute) : undefined,
    md5OfMessageAttributes: typeof MD5OfMessageAttributes === 'string' ? MD5OfMessageAttributes : undefined,
  }
}

type SourceAttribute = NonNullable<SourceMessage['messageAttributes']>[string]

function readAttribute(value: unknown): SourceAttribute {
  const { DataType, StringValue, BinaryValue } = isRecord(value) ? value : {}
  return {
    ...(typeof DataType === 'string' && { DataType }),
    ...(typeof StringValue === 'string' && { StringValue }),
    ...(BinaryValue instanceof Uint8Array && { BinaryValue }),
  }
}

function mapValues<Value>(record: Fields, read: (value: unknown) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, read(value)]))
}

function recordsOf(output: Fields, name: string): readonly Fields[] {
  const items: unknown = output[name]
  return Array.isArray(items) ? items.filter(isRecord) : []
}

/** Wakes idle pollers when their next poll may have another result. */
interface PollTriggers {
  /** Counts the triggers: a poller that compares it with an older value sees whether it missed one. */
  readonly count: number
  trigger(): void
  /** Calls `run` at the next trigger; the returned function cancels that. */
  onNext(run: () => void): () => void
}

function createPollTriggers(): PollTriggers {
  let count = 0
  let waiting = new Set<() => void>()
  return {
    get count() {
      return count
    },
    trigger() {
      count += 1
      const woken = waiting
      waiting = new Set()
      for (const run of woken) run()
    },
    onNext(run) {
      const joined = waiting.add(run)
      return () => void joined.delete(run)
    },
  }
}

/** A queue, accessed as the function's role. */
interface QueueAccess {
  readonly ports: Omit<EventSourcePorts, 'invoke'>
  /** Rejects with SQS's error if the queue does not exist or the role may not read it. */
  visibilityTimeoutSeconds(): Promise<number>
}

/** Opens a queue as a function's role. */
export type OpenQueue = (request: { queueArn: string; roleArn: string }) => QueueAccess
