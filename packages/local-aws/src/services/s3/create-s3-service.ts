import type { Clock } from '../../clock.ts'
import type { Observe } from '../../events.ts'
import { type RandomBytes, systemRandom } from '../../random.ts'
import type { Service } from '../../service.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import { createBucketOperations } from './bucket-operations.ts'
import { createBucketPolicyOperations } from './bucket-policy-operations.ts'
import { createBucketSettingOperations } from './bucket-setting-operations.ts'
import { createCompleteUpload } from './complete-upload.ts'
import { createCopyObject } from './copy-object.ts'
import { createDeleteObject } from './delete-object.ts'
import { createGetObject } from './get-object.ts'
import { createListObjects } from './list-objects.ts'
import { createListUploads } from './list-uploads.ts'
import { createObjectDetails } from './object-details.ts'
import { createPutObject } from './put-object.ts'
import type { S3Context } from './s3-context.ts'
import { openS3Tables } from './s3-tables.ts'
import { createTaggingOperations } from './tagging-operations.ts'
import { createUnsetSettings } from './unset-settings.ts'
import { createUploadOperations } from './upload-operations.ts'

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
    operations: {
      ...createBucketOperations(context),
      ...createBucketSettingOperations(context),
      ...createBucketPolicyOperations(context),
      ...createUnsetSettings(context),
      ...createPutObject(context),
      ...createGetObject(context),
      ...createDeleteObject(context),
      ...createCopyObject(context),
      ...createListObjects(context),
      ...createObjectDetails(context),
      ...createTaggingOperations(context),
      ...createUploadOperations(context),
      ...createCompleteUpload(context),
      ...createListUploads(context),
    },
  }
}
