import { type Call, AwsError } from '../../service.ts'
import { type BucketRequest, requireBucket } from './find-bucket.ts'
import { requireObject } from './object-record.ts'
import type { S3Context } from './s3-context.ts'
import { invalidRequest } from './s3-errors.ts'

type Read = (context: S3Context, input: BucketRequest & { readonly Key?: string }, call: Call) => object

const noConfiguration = absent('NoSuchConfiguration', 'The specified configuration does not exist.')
const none = answer({ IsTruncated: false })

/**
 * Reads settings that this cloud cannot store: answers as S3 does for a setting that was never made. Clients such as
 * Terraform read all of them. Texts as recorded on AWS.
 */
export const unsetSettings: Readonly<Record<string, Read>> = {
  GetBucketAccelerateConfiguration: answer({}),
  GetBucketAnalyticsConfiguration: noConfiguration,
  GetBucketCors: absent('NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
  GetBucketIntelligentTieringConfiguration: noConfiguration,
  GetBucketInventoryConfiguration: noConfiguration,
  GetBucketLogging: answer({}),
  GetBucketMetricsConfiguration: noConfiguration,
  GetBucketNotificationConfiguration: answer({}),
  GetBucketReplication: absent('ReplicationConfigurationNotFoundError', 'The replication configuration was not found'),
  GetBucketRequestPayment: answer({ Payer: 'BucketOwner' }),
  GetBucketWebsite: absent('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'),
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

function absent(code: string, message: string): Read {
  return ({ sql }, input, call) => {
    const { name } = requireBucket(sql, input, call)
    throw new AwsError(code, message, { status: 404, details: { BucketName: name } })
  }
}

function answer(output: object): Read {
  return ({ sql }, input, call) => {
    requireBucket(sql, input, call)
    return output
  }
}

function unlocked({ sql }: S3Context, input: BucketRequest & { readonly Key?: string }, call: Call): never {
  requireObject(sql, requireBucket(sql, input, call).name, input.Key)
  throw invalidRequest('Bucket is missing Object Lock Configuration')
}
