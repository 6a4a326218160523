import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs'
import { checkCredentials } from './check-credentials.ts'

/** Options of every AWS client. For those left out, the SDK's own chains decide (environment, profile, role). */
export interface AwsClientOptions {
  readonly region?: string
  /** Another address than AWS's: the embedded cloud, LocalStack, a proxy. Pass `AWS_ENDPOINT_URL` on. */
  readonly endpoint?: string
  readonly credentials?: NonNullable<SQSClientConfig['credentials']>
  /** Replaces the socket: clients in the process of the embedded cloud hand their requests over directly. */
  readonly requestHandler?: NonNullable<SQSClientConfig['requestHandler']>
  /** Tries of one call. The SDK pauses between them by the system's clock. @default 1: our own retries go by ours */
  readonly maxAttempts?: number
}

/** The clients of the services that our processes use. */
export interface AwsClients {
  readonly sqs: SQSClient
  readonly s3: S3Client
  readonly secretsManager: SecretsManagerClient
}

/** Milliseconds. A backstop only: each adapter ends its calls earlier, by its own clock. */
const CONNECT_TIMEOUT = 1500
const REQUEST_TIMEOUT = 15_000

/** The part of a client's configuration that all three services share. */
export interface SharedConfig {
  readonly maxAttempts: number
  readonly requestHandler: NonNullable<SQSClientConfig['requestHandler']>
  readonly region?: string
  readonly endpoint?: string
  readonly credentials?: NonNullable<SQSClientConfig['credentials']>
}

/** The configuration that clients of all AWS services share: region, endpoint, credentials, time-outs. */
export function shareConfig(options: AwsClientOptions): SharedConfig {
  const { region, endpoint, credentials, requestHandler, maxAttempts = 1 } = options
  return {
    maxAttempts,
    requestHandler: requestHandler ?? {
      connectionTimeout: CONNECT_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      // Without it the SDK only logs a warning and keeps waiting.
      throwOnRequestTimeout: true,
    },
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  }
}

/**
 * An SQS client. It sends to its endpoint, not to the host of the queue's URL: otherwise it would
 * ignore `AWS_ENDPOINT_URL` and use an address that an emulator made up.
 */
export function createSqsClient(options: AwsClientOptions = {}): SQSClient {
  return checkCredentials(new SQSClient({ ...shareConfig(options), useQueueUrlAsEndpoint: false }), options)
}

/**
 * An S3 client: bucket in the path when an endpoint is given (a bucket in the host name needs wildcard DNS), and no
 * checksum beyond what an operation requires, since emulators stumble over the trailers.
 */
export function createS3Client(options: AwsClientOptions = {}): S3Client {
  const client = new S3Client({
    ...shareConfig(options),
    forcePathStyle: options.endpoint !== undefined,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  return checkCredentials(client, options)
}

/** A Secrets Manager client. */
export function createSecretsManagerClient(options: AwsClientOptions = {}): SecretsManagerClient {
  return checkCredentials(new SecretsManagerClient(shareConfig(options)), options)
}

/** The three clients, with the same options. */
export function createAwsClients(options: AwsClientOptions = {}): AwsClients {
  return {
    sqs: createSqsClient(options),
    s3: createS3Client(options),
    secretsManager: createSecretsManagerClient(options),
  }
}
