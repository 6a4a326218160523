import { AwsError } from '../../service.ts'
import { notImplemented, invalidArgument } from './s3-errors.ts'

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
 * With `BucketOwnerEnforced` (the default) ACLs have no effect, and S3 rejects requests that set one. With another
 * ownership they would have an effect, so this cloud rejects them as not implemented.
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

/** Buckets have no versioning: the only version of an object is `null`. */
export function refuseVersion(version: string | undefined): void {
  if (version === undefined || version === 'null') return
  throw invalidArgument('Invalid version id specified', 'versionId', version)
}
