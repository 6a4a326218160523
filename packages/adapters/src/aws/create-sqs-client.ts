import { SQSClient } from '@aws-sdk/client-sqs'
import type { AwsClientOptions } from './client-options.ts'
import { extended, shareConfig } from './client-options.ts'

/**
 * An SQS client. It sends to its endpoint, not to the host of the queue's URL: otherwise `AWS_ENDPOINT_URL` would
 * be passed over for an address that an emulator made up.
 */
export function createSqsClient(options: AwsClientOptions<SQSClient> = {}): SQSClient {
  return extended(new SQSClient({ ...shareConfig(options), useQueueUrlAsEndpoint: false }), options)
}
