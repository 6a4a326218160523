import type {
  DeleteBucketPolicyRequest,
  GetBucketPolicyRequest,
  GetBucketPolicyStatusRequest,
  PutBucketPolicyRequest,
} from '@aws-sdk/client-s3'
import { type Call, type Operation, AwsError } from '../../service.ts'
import { dropSetting, readSettingText, writeSettingText } from './bucket-settings.ts'
import { checkBucketPolicy } from './check-bucket-policy.ts'
import { requireBucket } from './find-bucket.ts'
import { NO_CONTENT } from './no-content.ts'
import { readPublicAccessBlock } from './public-access-block.ts'
import type { S3Context } from './s3-context.ts'
import { accessDenied } from './s3-errors.ts'

/**
 * Operations on a bucket's policy, which is stored as it was sent. A public policy is rejected while the bucket
 * blocks public policies.
 */
export function createBucketPolicyOperations({ sql }: S3Context): Record<string, Operation> {
  const requirePolicy = (name: string): string => {
    const policy = readSettingText(sql, name, 'policy')
    if (policy !== undefined) return policy
    throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', {
      status: 404,
      details: { BucketName: name },
    })
  }

  return {
    PutBucketPolicy: (input: PutBucketPolicyRequest, call: Call) => {
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
    },
    GetBucketPolicy: (input: GetBucketPolicyRequest, call: Call) => ({
      Policy: requirePolicy(requireBucket(sql, input, call).name),
    }),
    GetBucketPolicyStatus: (input: GetBucketPolicyStatusRequest, call: Call) => {
      const { name } = requireBucket(sql, input, call)
      return { PolicyStatus: { IsPublic: checkBucketPolicy(requirePolicy(name), name).isPublic } }
    },
    DeleteBucketPolicy: (input: DeleteBucketPolicyRequest, call: Call) => {
      dropSetting(sql, requireBucket(sql, input, call).name, 'policy')
      return {}
    },
  }
}
