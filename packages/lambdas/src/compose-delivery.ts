import type { AwsClients } from 'ticket-adapters/aws'
import {
  createAddressBook,
  createCaseStore,
  createDeadLetterArchive,
  createIndexStore,
  createLedger,
} from 'ticket-adapters/s3'
import { createDeadLetterQueue, createSourceQueue } from 'ticket-adapters/sqs'
import type { DeliveryLane, EffectSink, TicketSink } from 'ticket-core'
import {
  type FunctionRuntime,
  type FunctionContext,
  type QueueHandler,
  composeFunction,
  deadLetterQueueOf,
} from './compose-function.ts'
import { createDeliverBatch } from './deliver/deliver-batch.ts'

/** The clients that every delivery function needs. */
export type DeliveryClients = Pick<AwsClients, 's3' | 'sqs'>

/** An outcome must still be written after a place. Milliseconds. */
const PLACE_TIMEOUT = 1500

/** A delivery function: line 2 with its sink, on SQS and the ledger in S3. */
export function composeDelivery(
  runtime: FunctionRuntime<DeliveryClients>,
  {
    lane,
    makeSink,
    isCalledBack = false,
    hasDeathNews = false,
  }: {
    lane: DeliveryLane
    makeSink: (context: FunctionContext) => TicketSink & EffectSink
    /** The vendor calls back, and knows only its own id of a ticket. @default false */
    isCalledBack?: boolean
    /** Teams are notified of dead letters. @default false */
    hasDeathNews?: boolean
  },
): QueueHandler {
  return composeFunction(runtime, (context) => {
    const { settings, log, metrics } = context
    const { clock, clients } = runtime
    const { s3, sqs } = clients
    const store = { client: s3, bucket: settings.bucket, clock }
    return createDeliverBatch({
      lane,
      sink: makeSink(context),
      cases: createCaseStore(store),
      index: createIndexStore(store),
      people: createAddressBook(store),
      ...(isCalledBack && { places: createIndexStore({ ...store, timeoutMs: PLACE_TIMEOUT }) }),
      ...(hasDeathNews && { letters: createDeadLetterArchive(store) }),
      ledger: createLedger({ ...store, lane }),
      source: createSourceQueue({ client: sqs, queueUrl: settings.queueUrl, clock, log }),
      deadLetters: createDeadLetterQueue({ client: sqs, queueUrl: deadLetterQueueOf(settings), clock, log }),
      clock,
      log,
      metrics,
      giveUpAfterMs: settings.giveUpAfterMs,
      newNonce: () => runtime.newNonce(),
      jitter: () => runtime.jitter(),
    })
  })
}
