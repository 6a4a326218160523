import type { DeleteObjectRequest, DeleteObjectsRequest, ObjectIdentifier } from '@aws-sdk/client-s3'
import { deletePermission } from '../../authorization/access/s3-access.ts'
import { type Call, AwsError } from '../../service.ts'
import { requireBucket } from './find-bucket.ts'
import { checkKey, dropObject, findObject } from './object-record.ts'
import { refuseVersion } from './refuse-unsupported.ts'
import type { S3Context } from './s3-context.ts'
import { malformedXml, preconditionFailed } from './s3-errors.ts'
import { checkDelete } from './write-conditions.ts'

const MAX_KEYS = 1000

/** Deletes an object; deleting a missing key succeeds. */
export function deleteObject(context: S3Context, input: DeleteObjectRequest, call: Call): object {
  const { sql } = context
  const { name } = requireBucket(sql, input, call)
  const { Key, VersionId, IfMatch: ETag, IfMatchSize: Size, IfMatchLastModifiedTime: LastModifiedTime } = input
  sql.atomically(() => deleteOne(context, name, { Key, VersionId, ETag, Size, LastModifiedTime }))
  return {}
}

export function deleteObjects(context: S3Context, input: DeleteObjectsRequest, call: Call): object {
  const { sql } = context
  const { name } = requireBucket(sql, input, call)
  const wanted = input.Delete?.Objects ?? []
  if (wanted.length === 0 || wanted.length > MAX_KEYS) throw malformedXml()
  const Deleted: object[] = []
  const Errors: object[] = []
  sql.atomically(() => {
    for (const identifier of wanted) {
      const { Key, VersionId } = identifier
      try {
        const refused = call.deny(deletePermission(name, identifier))
        if (refused) throw refused
        deleteOne(context, name, identifier)
        Deleted.push({ Key, ...(VersionId !== undefined && { VersionId }) })
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        Errors.push({ Key, VersionId, Code: error.code, Message: error.message })
      }
    }
  })
  return { ...(!input.Delete?.Quiet && { Deleted }), Errors }
}

function deleteOne({ sql, emit }: S3Context, bucket: string, wanted: ObjectIdentifier): void {
  refuseVersion(wanted.VersionId)
  const key = checkKey(wanted.Key)
  const existing = findObject(sql, bucket, key)
  checkDelete(wanted.ETag, existing)
  if (existing && wanted.Size !== undefined && wanted.Size !== existing.size)
    throw preconditionFailed('x-amz-if-match-size')
  if (existing && wanted.LastModifiedTime && wanted.LastModifiedTime.getTime() !== existing.modified) {
    throw preconditionFailed('x-amz-if-match-last-modified-time')
  }
  if (!existing) return
  dropObject(sql, bucket, key)
  emit('object-deleted', bucket, key)
}
