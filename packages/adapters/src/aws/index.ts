export { createS3Client, createSecretsManagerClient, createSqsClient, extended, shareConfig } from './clients.ts'
export type { AwsClient, AwsClientOptions } from './clients.ts'
export { isThrottled, readStatus } from './read-failure.ts'
