import type {
  DeleteBucketPolicyRequest,
  GetBucketPolicyRequest,
  GetBucketPolicyStatusRequest,
  PutBucketPolicyRequest,
} from '@aws-sdk/client-s3'
import { type Call, AwsError } from '../../service.ts'
import type { Sql } from '../../sql.ts'
import { dropSetting, readSettingText, writeSettingText } from './bucket-settings.ts'
import { checkBucketPolicy } from './check-bucket-policy.ts'
import { requireBucket } from './find-bucket.ts'
import { NO_CONTENT, accessDenied } from './s3-errors.ts'
import { readPublicAccessBlock } from './public-access-block.ts'
import type { S3Context } from './s3-context.ts'

// * Operations on a bucket's policy, which is stored as it was sent. A public policy is rejected while the bucket
// blocks public policies.

export function putBucketPolicy({ sql }: S3Context, input: PutBucketPolicyRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  const text = input.Policy ?? ''
  const { isPublic } = checkBucketPolicy(text, name)
  if (isPublic && readPublicAccessBlock(sql, name)?.BlockPublicPolicy) {
    throw accessDenied(
      `User: ${call.caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::${name}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    )
  }
  writeSettingText(sql, { bucket: name, kind: 'policy' }, text)
  return NO_CONTENT
}

export function getBucketPolicy({ sql }: S3Context, input: GetBucketPolicyRequest, call: Call): object {
  return {
    Policy: requirePolicy(sql, requireBucket(sql, input, call).name),
  }
}

export function getBucketPolicyStatus({ sql }: S3Context, input: GetBucketPolicyStatusRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  return { PolicyStatus: { IsPublic: checkBucketPolicy(requirePolicy(sql, name), name).isPublic } }
}

export function deleteBucketPolicy({ sql }: S3Context, input: DeleteBucketPolicyRequest, call: Call): object {
  dropSetting(sql, requireBucket(sql, input, call).name, 'policy')
  return {}
}

function requirePolicy(sql: Sql, name: string): string {
  const policy = readSettingText(sql, name, 'policy')
  if (policy !== undefined) return policy
  throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', {
    status: 404,
    details: { BucketName: name },
  })
}
