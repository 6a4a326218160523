import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import type { IAMClient } from '@aws-sdk/client-iam'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { STSClient } from '@aws-sdk/client-sts'
import type { AwsClients } from 'ticket-adapters/aws'

/**
 * The clients that a composition root made, all for one account and region. The SQS client needs
 * `useQueueUrlAsEndpoint: false` and the S3 client `forcePathStyle: true` to work with emulators too.
 */
export interface StackClients extends AwsClients {
  readonly lambda: LambdaClient
  readonly iam: IAMClient
  readonly sts: STSClient
  readonly eventBridge: EventBridgeClient
}
