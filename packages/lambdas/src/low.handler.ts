import { createArchiveSink } from 'ticket-adapters/s3'
import { composeDelivery } from './compose-delivery.ts'
import { type FunctionRuntime, type QueueHandler, lambdaEntry } from './compose-function.ts'

/** Low priority: an object in S3. */
export function createHandler(runtime: FunctionRuntime): QueueHandler {
  return composeDelivery(runtime, {
    lane: 'low',
    makeSink: ({ s3, settings }) => createArchiveSink({ client: s3, bucket: settings.bucket, clock: runtime.clock }),
  })
}

export const handler: QueueHandler = lambdaEntry(createHandler)
