import { AwsError } from '../../service.ts'
import { notImplemented } from './s3-errors.ts'

/** The headers by which a request may set an ACL. */
export interface AclRequest {
  readonly ACL?: string | undefined
  readonly GrantFullControl?: string | undefined
  readonly GrantRead?: string | undefined
  readonly GrantReadACP?: string | undefined
  readonly GrantWrite?: string | undefined
  readonly GrantWriteACP?: string | undefined
}

/**
 * ACLs do nothing on a bucket whose owner owns all (the default), and S3 refuses to set one there. Where ownership was
 * changed they would count, so they are refused as not implemented rather than taken and forgotten.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export function refuseAcl(request: AclRequest, ownership: unknown): void {
  const { GrantFullControl, GrantRead, GrantReadACP, GrantWrite, GrantWriteACP, ACL } = request
  const grants = [GrantFullControl, GrantRead, GrantReadACP, GrantWrite, GrantWriteACP]
  const isSet = ACL !== undefined || grants.some((grant) => grant !== undefined)
  if (!isSet || ACL === 'bucket-owner-full-control') return
  if (ownership === undefined || ownership === 'BucketOwnerEnforced') {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs', { status: 400 })
  }
  if (ACL !== 'private') throw notImplemented('x-amz-acl')
}
