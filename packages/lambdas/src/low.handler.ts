import { createBucketSink } from 'ticket-adapters/s3'
import { createS3Client, createSqsClient } from 'ticket-adapters/aws'
import { type DeliveryClients, composeDelivery } from './compose-delivery.ts'
import { type FunctionRuntime, type QueueHandler, lambdaEntry } from './compose-function.ts'

/** Low priority: an object in S3. */
export function createHandler(runtime: FunctionRuntime<DeliveryClients>): QueueHandler {
  const { clients, clock } = runtime
  return composeDelivery(runtime, {
    lane: 'low',
    makeSink: ({ settings }) => createBucketSink({ client: clients.s3, bucket: settings.bucket, clock }),
  })
}

export const handler: QueueHandler = lambdaEntry(createHandler, (options) => ({
  s3: createS3Client(options),
  sqs: createSqsClient(options),
}))
