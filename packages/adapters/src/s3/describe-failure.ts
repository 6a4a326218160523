import type { AwsFailure } from '../aws/read-failure.ts'
import { describeAwsFailure } from '../aws/read-failure.ts'

/** Says what went wrong and what to do about it, where that is known. */
export function describeS3Failure(failure: AwsFailure): string {
  const said = describeAwsFailure('S3', failure)
  if (failure.kind !== 'refused') return said
  if (failure.status === 403)
    return `${said} The role needs access to the object; S3 also answers 403 for a missing one when s3:ListBucket on the prefix is not allowed.`
  if (failure.name === 'NoSuchBucket') return `${said} The bucket does not exist: apply the stack.`
  if (failure.status === 301 || failure.name === 'PermanentRedirect')
    return `${said} The bucket is in another region than the client.`
  return said
}
