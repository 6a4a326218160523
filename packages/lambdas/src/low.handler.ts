import { createArchiveSink } from 'ticket-adapters/s3'
import { composeDelivery } from './compose-delivery.ts'
import type { Outside, QueueHandler } from './compose-function.ts'
import { handlerOfProcess } from './compose-function.ts'

/** Low priority: an object in S3. */
export function createHandler(outside: Outside): QueueHandler {
  return composeDelivery(outside, {
    lane: 'low',
    makeSink: ({ s3, settings }) => createArchiveSink({ client: s3, bucket: settings.bucket, clock: outside.clock }),
  })
}

export const handler: QueueHandler = handlerOfProcess(createHandler)
