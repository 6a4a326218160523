export {
  createAwsClients,
  createS3Client,
  createSecretsManagerClient,
  createSqsClient,
  shareConfig,
} from './clients.ts'
export type { AwsClientOptions, AwsClients } from './clients.ts'
export { checkCredentials } from './check-credentials.ts'
export { isThrottled, readStatus } from './read-failure.ts'
