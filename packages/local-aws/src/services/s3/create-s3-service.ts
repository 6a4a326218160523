import type { Clock } from '../../clock.ts'
import type { Observe } from '../../events.ts'
import { type RandomBytes, systemRandom } from '../../random.ts'
import { bindOperations, type Service } from '../../service.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import {
  createBucket,
  deleteBucket,
  getBucketAcl,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketAcl,
} from './bucket-operations.ts'
import {
  deleteBucketPolicy,
  getBucketPolicy,
  getBucketPolicyStatus,
  putBucketPolicy,
} from './bucket-policy-operations.ts'
import {
  deleteBucketEncryption,
  deleteBucketLifecycle,
  deleteBucketOwnershipControls,
  deletePublicAccessBlock,
  getBucketEncryption,
  getBucketLifecycleConfiguration,
  getBucketOwnershipControls,
  getPublicAccessBlock,
  putBucketEncryption,
  putBucketOwnershipControls,
  putPublicAccessBlock,
} from './bucket-setting-operations.ts'
import { completeMultipartUpload } from './complete-upload.ts'
import { copyObject } from './copy-object.ts'
import { deleteObject, deleteObjects } from './delete-object.ts'
import { getObject, headObject } from './get-object.ts'
import { listObjects, listObjectsV2 } from './list-objects.ts'
import { listMultipartUploads, listParts } from './list-uploads.ts'
import { getObjectAcl, getObjectAttributes, listObjectVersions } from './object-details.ts'
import { putObject } from './put-object.ts'
import type { S3Context } from './s3-context.ts'
import { openS3Tables } from './s3-tables.ts'
import {
  deleteBucketTagging,
  deleteObjectTagging,
  getBucketTagging,
  getObjectTagging,
  putBucketTagging,
  putObjectTagging,
} from './tagging-operations.ts'
import { unsetSettings } from './unset-settings.ts'
import { abortMultipartUpload, createMultipartUpload, uploadPart, uploadPartCopy } from './upload-operations.ts'

export interface S3ServiceOptions {
  readonly store: Store
  readonly clock: Clock
  readonly observe?: Observe
  /** @default the operating system's randomness */
  readonly random?: RandomBytes
}

/** S3: buckets and objects, conditional writes, checksums, listings, uploads in parts. Bodies are in the store. */
export function createS3Service({ store, clock, observe, random = systemRandom }: S3ServiceOptions): Service {
  openS3Tables(store)
  const context: S3Context = {
    sql: sqlOf(store),
    clock,
    random,
    emit: (kind, bucket, key) => observe?.({ at: clock.now(), source: 's3', kind, bucket, key }),
  }
  return {
    name: 's3',
    operations: bindOperations(context, {
      AbortMultipartUpload: abortMultipartUpload,
      CompleteMultipartUpload: completeMultipartUpload,
      CopyObject: copyObject,
      CreateBucket: createBucket,
      CreateMultipartUpload: createMultipartUpload,
      DeleteBucket: deleteBucket,
      DeleteBucketEncryption: deleteBucketEncryption,
      DeleteBucketLifecycle: deleteBucketLifecycle,
      DeleteBucketOwnershipControls: deleteBucketOwnershipControls,
      DeleteBucketPolicy: deleteBucketPolicy,
      DeleteBucketTagging: deleteBucketTagging,
      DeleteObject: deleteObject,
      DeleteObjectTagging: deleteObjectTagging,
      DeleteObjects: deleteObjects,
      DeletePublicAccessBlock: deletePublicAccessBlock,
      GetBucketAcl: getBucketAcl,
      GetBucketEncryption: getBucketEncryption,
      GetBucketLifecycleConfiguration: getBucketLifecycleConfiguration,
      GetBucketLocation: getBucketLocation,
      GetBucketOwnershipControls: getBucketOwnershipControls,
      GetBucketPolicy: getBucketPolicy,
      GetBucketPolicyStatus: getBucketPolicyStatus,
      GetBucketTagging: getBucketTagging,
      GetBucketVersioning: getBucketVersioning,
      GetObject: getObject,
      GetObjectAcl: getObjectAcl,
      GetObjectAttributes: getObjectAttributes,
      GetObjectTagging: getObjectTagging,
      GetPublicAccessBlock: getPublicAccessBlock,
      HeadBucket: headBucket,
      HeadObject: headObject,
      ListBuckets: listBuckets,
      ListMultipartUploads: listMultipartUploads,
      ListObjectVersions: listObjectVersions,
      ListObjects: listObjects,
      ListObjectsV2: listObjectsV2,
      ListParts: listParts,
      PutBucketAcl: putBucketAcl,
      PutBucketEncryption: putBucketEncryption,
      PutBucketOwnershipControls: putBucketOwnershipControls,
      PutBucketPolicy: putBucketPolicy,
      PutBucketTagging: putBucketTagging,
      PutObject: putObject,
      PutObjectTagging: putObjectTagging,
      PutPublicAccessBlock: putPublicAccessBlock,
      UploadPart: uploadPart,
      UploadPartCopy: uploadPartCopy,
      ...unsetSettings,
    }),
  }
}
