import type {
  DeleteBucketTaggingRequest,
  DeleteObjectTaggingRequest,
  GetBucketTaggingRequest,
  GetObjectTaggingRequest,
  PutBucketTaggingRequest,
  PutObjectTaggingRequest,
} from '@aws-sdk/client-s3'
import { type Call, AwsError } from '../../service.ts'
import type { Sql } from '../../sql.ts'
import { dropSetting, readSettingText, writeSetting } from './bucket-settings.ts'
import { requireBucket } from './find-bucket.ts'
import { NO_CONTENT, malformedXml } from './s3-errors.ts'
import { requireObject } from './object-record.ts'
import { refuseVersion } from './refuse-unsupported.ts'
import type { S3Context } from './s3-context.ts'
import { objectTagSetOf, readTagSet, tagSetOf } from './tag-set.ts'

export function putBucketTagging({ sql }: S3Context, input: PutBucketTaggingRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  if (!input.Tagging?.TagSet) throw malformedXml()
  writeSetting(sql, { bucket: name, kind: 'tagging' }, tagSetOf(input.Tagging.TagSet))
  return NO_CONTENT
}

export function getBucketTagging({ sql }: S3Context, input: GetBucketTaggingRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  const tags = readTagSet(readSettingText(sql, name, 'tagging') ?? '[]')
  if (tags.length === 0) {
    throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', { status: 404, details: { BucketName: name } })
  }
  return { TagSet: tags }
}

export function deleteBucketTagging({ sql }: S3Context, input: DeleteBucketTaggingRequest, call: Call): object {
  dropSetting(sql, requireBucket(sql, input, call).name, 'tagging')
  return {}
}

export function putObjectTagging({ sql }: S3Context, input: PutObjectTaggingRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  refuseVersion(input.VersionId)
  if (!input.Tagging?.TagSet) throw malformedXml()
  return setObjectTags(sql, requireObject(sql, name, input.Key).id, objectTagSetOf(input.Tagging.TagSet))
}

export function getObjectTagging({ sql }: S3Context, input: GetObjectTaggingRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  refuseVersion(input.VersionId)
  return { TagSet: requireObject(sql, name, input.Key).tags }
}

export function deleteObjectTagging({ sql }: S3Context, input: DeleteObjectTaggingRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  refuseVersion(input.VersionId)
  return setObjectTags(sql, requireObject(sql, name, input.Key).id, [])
}

function setObjectTags(sql: Sql, id: number, tags: readonly object[]): object {
  sql.run('UPDATE s3_objects SET tags = ? WHERE id = ?', JSON.stringify(tags), id)
  return {}
}
