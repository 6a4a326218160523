import type { IAMClient } from '@aws-sdk/client-iam'
import type { LambdaClient } from '@aws-sdk/client-lambda'
import type { S3Client } from '@aws-sdk/client-s3'
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { SQSClient } from '@aws-sdk/client-sqs'
import type { STSClient } from '@aws-sdk/client-sts'

/**
 * The clients that a composition root made, all for one account and region. The SQS client needs
 * `useQueueUrlAsEndpoint: false` and the S3 client `forcePathStyle: true` to work with emulators too.
 */
export interface StackClients {
  readonly sqs: SQSClient
  readonly s3: S3Client
  readonly lambda: LambdaClient
  readonly iam: IAMClient
  readonly sts: STSClient
  readonly secretsManager: SecretsManagerClient
}
