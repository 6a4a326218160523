import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { AwsClientOptions } from './client-options.ts'
import { extended, shareConfig } from './client-options.ts'

/** A Secrets Manager client. */
export function createSecretsManagerClient(options: AwsClientOptions<SecretsManagerClient> = {}): SecretsManagerClient {
  return extended(new SecretsManagerClient(shareConfig(options)), options)
}
