import type {
  GetBucketEncryptionRequest,
  PutBucketEncryptionRequest,
  PutBucketOwnershipControlsRequest,
  PutPublicAccessBlockRequest,
} from '@aws-sdk/client-s3'
import { type Call, AwsError } from '../../service.ts'
import { dropSetting, readSetting, writeSetting } from './bucket-settings.ts'
import { refuseKey } from './encryption.ts'
import { requireBucket } from './find-bucket.ts'
import { readPublicAccessBlock } from './public-access-block.ts'
import type { S3Context } from './s3-context.ts'
import { malformedXml } from './s3-errors.ts'

const OWNERSHIPS = new Set<unknown>(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'])

// New buckets have S3's defaults since 2023.

export function putPublicAccessBlock({ sql }: S3Context, input: PutPublicAccessBlockRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  if (!input.PublicAccessBlockConfiguration) throw malformedXml()
  writeSetting(sql, { bucket: name, kind: 'public-access-block' }, input.PublicAccessBlockConfiguration)
  return {}
}

export function getPublicAccessBlock({ sql }: S3Context, input: GetBucketEncryptionRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  const configuration = readPublicAccessBlock(sql, name)
  if (!configuration) {
    throw missing('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', name)
  }
  return { PublicAccessBlockConfiguration: configuration }
}

export function deletePublicAccessBlock({ sql }: S3Context, input: GetBucketEncryptionRequest, call: Call): object {
  writeSetting(sql, { bucket: requireBucket(sql, input, call).name, kind: 'public-access-block' }, { deleted: true })
  return {}
}

export function putBucketEncryption({ sql }: S3Context, input: PutBucketEncryptionRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  const rules = input.ServerSideEncryptionConfiguration?.Rules ?? []
  const [rule] = rules
  const byDefault = rule?.ApplyServerSideEncryptionByDefault
  if (!rule || rules.length !== 1 || !byDefault) throw malformedXml()
  if (byDefault.SSEAlgorithm !== 'AES256' && byDefault.SSEAlgorithm !== 'aws:kms') throw malformedXml()
  if (byDefault.KMSMasterKeyID !== undefined) refuseKey(byDefault.KMSMasterKeyID, call)
  writeSetting(sql, { bucket: name, kind: 'encryption' }, { Rules: [{ BucketKeyEnabled: false, ...rule }] })
  return {}
}

export function getBucketEncryption({ sql }: S3Context, input: GetBucketEncryptionRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  return { ServerSideEncryptionConfiguration: readSetting(sql, name, 'encryption') ?? DEFAULT_ENCRYPTION }
}

export function deleteBucketEncryption({ sql }: S3Context, input: GetBucketEncryptionRequest, call: Call): object {
  dropSetting(sql, requireBucket(sql, input, call).name, 'encryption')
  return {}
}

// Nothing expires here, so PutBucketLifecycleConfiguration is not implemented.
export function getBucketLifecycleConfiguration(
  { sql }: S3Context,
  input: GetBucketEncryptionRequest,
  call: Call,
): object {
  const { name } = requireBucket(sql, input, call)
  throw missing('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', name)
}

export function deleteBucketLifecycle({ sql }: S3Context, input: GetBucketEncryptionRequest, call: Call): object {
  requireBucket(sql, input, call)
  return {}
}

export function putBucketOwnershipControls(
  { sql }: S3Context,
  input: PutBucketOwnershipControlsRequest,
  call: Call,
): object {
  const { name } = requireBucket(sql, input, call)
  const rules = input.OwnershipControls?.Rules ?? []
  const ownership = rules[0]?.ObjectOwnership
  if (rules.length !== 1 || !OWNERSHIPS.has(ownership)) throw malformedXml()
  writeSetting(sql, { bucket: name, kind: 'ownership' }, { ObjectOwnership: ownership })
  return {}
}

export function getBucketOwnershipControls({ sql }: S3Context, input: GetBucketEncryptionRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  const stored = readSetting(sql, name, 'ownership') ?? { ObjectOwnership: 'BucketOwnerEnforced' }
  if (stored['deleted'] === true) {
    throw missing('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found', name)
  }
  return { OwnershipControls: { Rules: [stored] } }
}

export function deleteBucketOwnershipControls(
  { sql }: S3Context,
  input: GetBucketEncryptionRequest,
  call: Call,
): object {
  writeSetting(sql, { bucket: requireBucket(sql, input, call).name, kind: 'ownership' }, { deleted: true })
  return {}
}

const DEFAULT_ENCRYPTION = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
} as const

function missing(code: string, message: string, bucket: string): AwsError {
  return new AwsError(code, message, { status: 404, details: { BucketName: bucket } })
}
