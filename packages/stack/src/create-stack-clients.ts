import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { SQSClientConfig } from '@aws-sdk/client-sqs'
import { STSClient } from '@aws-sdk/client-sts'
import type { StackClients } from './clients.ts'

/** How the clients reach their AWS. What is left out, the SDK's own chains decide. */
export interface StackClientOptions {
  readonly region?: string
  /** Another address than AWS's own: an emulator, a proxy. */
  readonly endpoint?: string
  readonly credentials?: NonNullable<SQSClientConfig['credentials']>
  /** Replaces the socket: for clients in the process of an emulator. */
  readonly requestHandler?: NonNullable<SQSClientConfig['requestHandler']>
  /** Tries of one call. The SDK pauses between them, and judges skewed clocks, by the system's clock. @default the SDK's */
  readonly maxAttempts?: number
  /** Told of every client that is made: adds middleware to it, for tracing, or to reach a cloud in this process. */
  readonly extend?: ((client: StackClients[keyof StackClients]) => void) | undefined
}

/**
 * Makes the six clients that the stack needs, in the form that works against AWS and emulators alike: SQS calls go to
 * the endpoint and not to the host of a queue's URL, buckets stand in the path.
 */
export function createStackClients({ extend, ...options }: StackClientOptions = {}): StackClients {
  const clients: StackClients = {
    sqs: new SQSClient({ ...options, useQueueUrlAsEndpoint: false }),
    s3: new S3Client({ ...options, forcePathStyle: options.endpoint !== undefined }),
    lambda: new LambdaClient(options),
    iam: new IAMClient(options),
    sts: new STSClient(options),
    secretsManager: new SecretsManagerClient(options),
  }
  if (extend) for (const client of Object.values(clients)) extend(client)
  return clients
}
