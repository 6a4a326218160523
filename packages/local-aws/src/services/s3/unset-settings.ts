import { type Call, type Operation, AwsError } from '../../service.ts'
import { type BucketRequest, requireBucket } from './find-bucket.ts'
import { requireObject } from './object-record.ts'
import type { S3Context } from './s3-context.ts'
import { invalidRequest } from './s3-errors.ts'

/**
 * Reads settings that this cloud cannot store: answers as S3 does for a setting that was never made. Clients such as
 * Terraform read all of them. Texts as recorded on AWS.
 */
export function createUnsetSettings({ sql }: S3Context): Record<string, Operation> {
  const bucketOf = (input: BucketRequest, call: Call): string => requireBucket(sql, input, call).name
  const absent =
    (code: string, message: string): Operation =>
    (input: BucketRequest, call: Call) => {
      throw new AwsError(code, message, { status: 404, details: { BucketName: bucketOf(input, call) } })
    }
  const answer =
    (output: object): Operation =>
    (input: BucketRequest, call: Call) => {
      bucketOf(input, call)
      return output
    }
  const unlocked: Operation = (input: BucketRequest & { readonly Key?: string }, call: Call) => {
    requireObject(sql, bucketOf(input, call), input.Key)
    throw invalidRequest('Bucket is missing Object Lock Configuration')
  }
  const noConfiguration = absent('NoSuchConfiguration', 'The specified configuration does not exist.')
  const none = answer({ IsTruncated: false })

  return {
    GetBucketAccelerateConfiguration: answer({}),
    GetBucketAnalyticsConfiguration: noConfiguration,
    GetBucketCors: absent('NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
    GetBucketIntelligentTieringConfiguration: noConfiguration,
    GetBucketInventoryConfiguration: noConfiguration,
    GetBucketLogging: answer({}),
    GetBucketMetricsConfiguration: noConfiguration,
    GetBucketNotificationConfiguration: answer({}),
    GetBucketReplication: absent(
      'ReplicationConfigurationNotFoundError',
      'The replication configuration was not found',
    ),
    GetBucketRequestPayment: answer({ Payer: 'BucketOwner' }),
    GetBucketWebsite: absent(
      'NoSuchWebsiteConfiguration',
      'The specified bucket does not have a website configuration',
    ),
    GetObjectLegalHold: unlocked,
    GetObjectLockConfiguration: absent(
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
    ),
    GetObjectRetention: unlocked,
    ListBucketAnalyticsConfigurations: none,
    ListBucketIntelligentTieringConfigurations: none,
    ListBucketInventoryConfigurations: none,
    ListBucketMetricsConfigurations: none,
  }
}
