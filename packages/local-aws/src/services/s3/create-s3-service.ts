import type { Clock } from '../../clock.ts'
import type { Observe } from '../../events.ts'
import { type RandomBytes, systemRandom } from '../../random.ts'
import { bindOperations, type Service } from '../../service.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import * as bucketOperations from './bucket-operations.ts'
import * as bucketPolicyOperations from './bucket-policy-operations.ts'
import * as bucketSettingOperations from './bucket-setting-operations.ts'
import * as completeUpload from './complete-upload.ts'
import * as copyObject from './copy-object.ts'
import * as deleteObject from './delete-object.ts'
import * as getObject from './get-object.ts'
import * as listObjects from './list-objects.ts'
import * as listUploads from './list-uploads.ts'
import * as objectDetails from './object-details.ts'
import * as putObject from './put-object.ts'
import type { S3Context } from './s3-context.ts'
import { openS3Tables } from './s3-tables.ts'
import * as taggingOperations from './tagging-operations.ts'
import { unsetSettings } from './unset-settings.ts'
import * as uploadOperations from './upload-operations.ts'

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
      ...bucketOperations,
      ...bucketPolicyOperations,
      ...bucketSettingOperations,
      ...completeUpload,
      ...copyObject,
      ...deleteObject,
      ...getObject,
      ...listObjects,
      ...listUploads,
      ...objectDetails,
      ...putObject,
      ...taggingOperations,
      ...uploadOperations,
      ...unsetSettings,
    }),
  }
}
