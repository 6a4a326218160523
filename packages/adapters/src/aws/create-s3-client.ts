import { S3Client } from '@aws-sdk/client-s3'
import type { AwsClientOptions } from './client-options.ts'
import { extended, shareConfig } from './client-options.ts'

/**
 * An S3 client: bucket in the path when an endpoint is given (a bucket in the host name needs wildcard DNS), and no
 * checksum beyond what an operation requires, since emulators stumble over the trailers.
 */
export function createS3Client(options: AwsClientOptions<S3Client> = {}): S3Client {
  const client = new S3Client({
    ...shareConfig(options),
    forcePathStyle: options.endpoint !== undefined,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  return extended(client, options)
}
