import { createS3Client, createSqsClient } from 'ticket-adapters/aws'
import { createAddressBook, createCaseStore, createIndexStore } from 'ticket-adapters/s3'
import { createDeadLetterQueue, createEffectQueue, createSourceQueue } from 'ticket-adapters/sqs'
import { createApplyBatch } from './apply/apply-batch.ts'
import type { DeliveryClients } from './compose-delivery.ts'
import {
  type FunctionRuntime,
  type QueueHandler,
  composeFunction,
  deadLetterQueueOf,
  effectQueuesOf,
  lambdaEntry,
} from './compose-function.ts'

/** Events: what happens to tickets, added to their cases. */
export function createHandler(runtime: FunctionRuntime<DeliveryClients>): QueueHandler {
  return composeFunction(runtime, ({ settings, log, metrics }) => {
    const { clock, clients } = runtime
    const { s3, sqs } = clients
    const store = { client: s3, bucket: settings.bucket, clock }
    return createApplyBatch({
      cases: createCaseStore(store),
      index: createIndexStore(store),
      people: createAddressBook(store),
      effects: createEffectQueue({ client: sqs, ...effectQueuesOf(settings), clock, log }),
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

export const handler: QueueHandler = lambdaEntry(createHandler, (options) => ({
  s3: createS3Client(options),
  sqs: createSqsClient(options),
}))
