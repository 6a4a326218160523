import type {
  DeleteBucketTaggingRequest,
  DeleteObjectTaggingRequest,
  GetBucketTaggingRequest,
  GetObjectTaggingRequest,
  PutBucketTaggingRequest,
  PutObjectTaggingRequest,
} from '@aws-sdk/client-s3'
import { type Call, type Operation, AwsError } from '../../service.ts'
import { dropSetting, readSettingText, writeSetting } from './bucket-settings.ts'
import { requireBucket } from './find-bucket.ts'
import { NO_CONTENT } from './no-content.ts'
import { requireObject } from './object-record.ts'
import { refuseVersion } from './refuse-version.ts'
import type { S3Context } from './s3-context.ts'
import { malformedXml } from './s3-errors.ts'
import { objectTagSetOf, readTagSet, tagSetOf } from './tag-set.ts'

/** Tags of buckets and of objects. */
export function createTaggingOperations({ sql }: S3Context): Record<string, Operation> {
  const setObjectTags = (id: number, tags: readonly object[]): object => {
    sql.run('UPDATE s3_objects SET tags = ? WHERE id = ?', JSON.stringify(tags), id)
    return {}
  }

  return {
    PutBucketTagging: (input: PutBucketTaggingRequest, call: Call) => {
      const { name } = requireBucket(sql, input, call)
      if (!input.Tagging?.TagSet) throw malformedXml()
      writeSetting(sql, { bucket: name, kind: 'tagging' }, tagSetOf(input.Tagging.TagSet))
      return NO_CONTENT
    },
    GetBucketTagging: (input: GetBucketTaggingRequest, call: Call) => {
      const { name } = requireBucket(sql, input, call)
      const tags = readTagSet(readSettingText(sql, name, 'tagging') ?? '[]')
      if (tags.length === 0) {
        throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', { status: 404, details: { BucketName: name } })
      }
      return { TagSet: tags }
    },
    DeleteBucketTagging: (input: DeleteBucketTaggingRequest, call: Call) => {
      dropSetting(sql, requireBucket(sql, input, call).name, 'tagging')
      return {}
    },

    PutObjectTagging: (input: PutObjectTaggingRequest, call: Call) => {
      const { name } = requireBucket(sql, input, call)
      refuseVersion(input.VersionId)
      if (!input.Tagging?.TagSet) throw malformedXml()
      return setObjectTags(requireObject(sql, name, input.Key).id, objectTagSetOf(input.Tagging.TagSet))
    },
    GetObjectTagging: (input: GetObjectTaggingRequest, call: Call) => {
      const { name } = requireBucket(sql, input, call)
      refuseVersion(input.VersionId)
      return { TagSet: requireObject(sql, name, input.Key).tags }
    },
    DeleteObjectTagging: (input: DeleteObjectTaggingRequest, call: Call) => {
      const { name } = requireBucket(sql, input, call)
      refuseVersion(input.VersionId)
      return setObjectTags(requireObject(sql, name, input.Key).id, [])
    },
  }
}
