import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { SQSClientConfig } from '@aws-sdk/client-sqs'
import { createSqsPorts } from '../../event-sources/sdk-ports.ts'
import type { FunctionCredentials } from '../../executors/executor.ts'
import { readQueueArn } from './check-mapping.ts'
import type { OpenQueue } from './queue-access.ts'

/** Of a client in this process: any will do. */
const ENDPOINT = 'http://sqs.internal'

/** Opens queues by SDK clients that hand their requests to this cloud, each signed as its function's role. */
export function createOpenQueue(options: {
  readonly requestHandler: NonNullable<SQSClientConfig['requestHandler']>
  readonly credentials: (roleArn: string) => Promise<FunctionCredentials>
}): OpenQueue {
  return ({ queueArn, roleArn }) => {
    const { region, accountId, queue } = readQueueArn(queueArn)
    const sqs = new SQSClient({
      endpoint: ENDPOINT,
      region,
      requestHandler: options.requestHandler,
      useQueueUrlAsEndpoint: false,
      // The poller knows how to wait; the SDK's own retries would wait on the system's clock.
      maxAttempts: 1,
      credentials: async () => {
        const { expiration, ...keys } = await options.credentials(roleArn)
        return expiration === undefined ? keys : { ...keys, expiration: new Date(expiration) }
      },
    })
    const queueUrl = `${ENDPOINT}/${accountId}/${queue}`
    return {
      ports: createSqsPorts({ sqs, queueUrl }),
      async visibilityTimeoutSeconds() {
        const asked = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['VisibilityTimeout'] })
        const { Attributes } = await sqs.send(asked)
        return Number(Attributes?.VisibilityTimeout)
      },
    }
  }
}
