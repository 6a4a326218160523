import { readCopySource } from '../../services/s3/copy-source.ts'
import { hasObject } from '../../services/s3/object-record.ts'
import type { RequiredPermission } from '../required-permission.ts'
import type { Access, AccessTable, Input, Scope } from './access.ts'
import { optionalTextIn, textIn } from './read-input.ts'

/**
 * Permissions of S3's operations.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export const s3Access: AccessTable = {
  AbortMultipartUpload: onObject('AbortMultipartUpload'),
  CompleteMultipartUpload: write,
  CopyObject: (input, scope) => [...write(input), ...readSource(input, scope)],
  CreateBucket: onBucket('CreateBucket'),
  CreateMultipartUpload: write,
  DeleteBucket: onBucket('DeleteBucket'),
  DeleteBucketEncryption: onBucket('PutEncryptionConfiguration'),
  DeleteBucketLifecycle: onBucket('PutLifecycleConfiguration'),
  DeleteBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),
  DeleteBucketPolicy: onBucket('DeleteBucketPolicy'),
  DeleteBucketTagging: onBucket('PutBucketTagging'),
  DeleteObject: (input) => deletePermission(textIn(input, 'Bucket'), input),
  DeleteObjectTagging: onObject('DeleteObjectTagging'),
  // The operation checks each key by itself; denied keys are among the answer's errors.
  DeleteObjects: () => [],
  DeletePublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
  GetBucketAccelerateConfiguration: onBucket('GetAccelerateConfiguration'),
  GetBucketAcl: onBucket('GetBucketAcl'),
  GetBucketAnalyticsConfiguration: onBucket('GetAnalyticsConfiguration'),
  GetBucketCors: onBucket('GetBucketCORS'),
  GetBucketEncryption: onBucket('GetEncryptionConfiguration'),
  GetBucketIntelligentTieringConfiguration: onBucket('GetIntelligentTieringConfiguration'),
  GetBucketInventoryConfiguration: onBucket('GetInventoryConfiguration'),
  GetBucketLifecycleConfiguration: onBucket('GetLifecycleConfiguration'),
  GetBucketLocation: onBucket('GetBucketLocation'),
  GetBucketLogging: onBucket('GetBucketLogging'),
  GetBucketMetricsConfiguration: onBucket('GetMetricsConfiguration'),
  GetBucketNotificationConfiguration: onBucket('GetBucketNotification'),
  GetBucketOwnershipControls: onBucket('GetBucketOwnershipControls'),
  GetBucketPolicy: onBucket('GetBucketPolicy'),
  GetBucketPolicyStatus: onBucket('GetBucketPolicyStatus'),
  GetBucketReplication: onBucket('GetReplicationConfiguration'),
  GetBucketRequestPayment: onBucket('GetBucketRequestPayment'),
  GetBucketTagging: onBucket('GetBucketTagging'),
  GetBucketVersioning: onBucket('GetBucketVersioning'),
  GetBucketWebsite: onBucket('GetBucketWebsite'),
  GetObject: read('GetObject'),
  GetObjectAcl: read('GetObjectAcl'),
  GetObjectAttributes: read('GetObject', 'GetObjectAttributes'),
  GetObjectLegalHold: read('GetObjectLegalHold'),
  GetObjectLockConfiguration: onBucket('GetBucketObjectLockConfiguration'),
  GetObjectRetention: read('GetObjectRetention'),
  GetObjectTagging: read('GetObjectTagging'),
  GetPublicAccessBlock: onBucket('GetBucketPublicAccessBlock'),
  HeadBucket: list('ListBucket'),
  HeadObject: read('GetObject'),
  ListBucketAnalyticsConfigurations: onBucket('GetAnalyticsConfiguration'),
  ListBucketIntelligentTieringConfigurations: onBucket('GetIntelligentTieringConfiguration'),
  ListBucketInventoryConfigurations: onBucket('GetInventoryConfiguration'),
  ListBucketMetricsConfigurations: onBucket('GetMetricsConfiguration'),
  ListBuckets: () => ({ action: 's3:ListAllMyBuckets', resource: 'arn:aws:s3:::*', displayName: '' }),
  ListMultipartUploads: list('ListBucketMultipartUploads'),
  ListObjectVersions: list('ListBucketVersions'),
  ListObjects: list('ListBucket'),
  ListObjectsV2: list('ListBucket'),
  ListParts: onObject('ListMultipartUploadParts'),
  PutBucketAcl: onBucket('PutBucketAcl'),
  PutBucketEncryption: onBucket('PutEncryptionConfiguration'),
  PutBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),
  PutBucketPolicy: onBucket('PutBucketPolicy'),
  PutBucketTagging: onBucket('PutBucketTagging'),
  PutObject: write,
  PutObjectTagging: onObject('PutObjectTagging'),
  PutPublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
  UploadPart: write,
  UploadPartCopy: (input, scope) => [...write(input), ...readSource(input, scope)],
}

function onBucket(name: string): Access {
  return (input) => ({ action: `s3:${name}`, resource: bucketArn(textIn(input, 'Bucket')) })
}

function onObject(name: string): Access {
  return (input) => ({ action: `s3:${name}`, resource: objectArn(textIn(input, 'Bucket'), textIn(input, 'Key')) })
}

function list(name: string): Access {
  return (input) => ({
    action: `s3:${name}`,
    resource: bucketArn(textIn(input, 'Bucket')),
    keys: {
      's3:prefix': optionalTextIn(input, 'Prefix'),
      's3:delimiter': optionalTextIn(input, 'Delimiter'),
      's3:max-keys': typeof input['MaxKeys'] === 'number' ? String(input['MaxKeys']) : undefined,
    },
  })
}

function read(...names: readonly string[]): Access {
  return (input, scope) => readNeeds({ bucket: textIn(input, 'Bucket'), key: textIn(input, 'Key') }, names, scope)
}

/**
 * Reading a missing object also requires `s3:ListBucket`: only a caller that may list keys gets "no such key". S3
 * takes the key as `s3:prefix` then (https://github.com/ceph/ceph/pull/68577 follows it in that).
 */
function readNeeds(
  { bucket, key }: { bucket: string; key: string },
  names: readonly string[],
  { sql }: Scope,
): readonly RequiredPermission[] {
  const permissions = names.map((name) => ({ action: `s3:${name}`, resource: objectArn(bucket, key) }))
  if (hasObject(sql, bucket, key)) return permissions
  return [...permissions, { action: 's3:ListBucket', resource: bucketArn(bucket), keys: { 's3:prefix': key } }]
}

function readSource(input: Input, scope: Scope): readonly RequiredPermission[] {
  const { name, key } = readCopySource(textIn(input, 'CopySource'))
  return readNeeds({ bucket: name, key }, ['GetObject'], scope)
}

/** A write with tags also requires the permission to tag. */
function write(input: Input): readonly RequiredPermission[] {
  const resource = objectArn(textIn(input, 'Bucket'), textIn(input, 'Key'))
  const keys = {
    's3:if-match': optionalTextIn(input, 'IfMatch'),
    's3:if-none-match': optionalTextIn(input, 'IfNoneMatch'),
    's3:x-amz-server-side-encryption': optionalTextIn(input, 'ServerSideEncryption'),
    's3:x-amz-storage-class': optionalTextIn(input, 'StorageClass'),
  }
  const put = { action: 's3:PutObject', resource, keys }
  return optionalTextIn(input, 'Tagging') === undefined ? [put] : [put, { action: 's3:PutObjectTagging', resource }]
}

/** One object to delete: the input of DeleteObject, or an entry of DeleteObjects. */
interface Deletion {
  readonly Key?: unknown
  readonly VersionId?: unknown
  readonly IfMatch?: unknown
  readonly ETag?: unknown
}

/** The permission to delete one object; deleting a version has an action of its own. */
export function deletePermission(bucket: string, object: Deletion): RequiredPermission {
  const action = object.VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion'
  const ifMatch = object.IfMatch ?? object.ETag
  return {
    action,
    resource: objectArn(bucket, typeof object.Key === 'string' ? object.Key : ''),
    keys: { 's3:if-match': typeof ifMatch === 'string' ? ifMatch : undefined },
  }
}

function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`
}

function objectArn(bucket: string, key: string): string {
  return `${bucketArn(bucket)}/${key}`
}
