import { createHash } from 'node:crypto'
import { type Call, AwsError } from '../../service.ts'
import type { Sql } from '../../sql.ts'
import { readSetting } from './bucket-settings.ts'
import { invalidArgument, invalidRequest, notImplemented } from './s3-errors.ts'

/** The encryption that a write requests. */
export interface EncryptionRequest {
  readonly ServerSideEncryption?: string | undefined
  readonly SSEKMSKeyId?: string | undefined
  readonly BucketKeyEnabled?: boolean | undefined
  readonly SSECustomerAlgorithm?: string | undefined
  readonly SSECustomerKey?: string | undefined
}

/** The encryption that a response states. */
export interface Encryption {
  readonly ServerSideEncryption: string
  readonly SSEKMSKeyId?: string
  readonly BucketKeyEnabled?: boolean
}

interface EncryptionPlace {
  readonly sql: Sql
  readonly bucket: string
  readonly call: Call
}

/**
 * The encryption of a new object: the requested one, else the bucket's default, else S3's own keys. There is no KMS
 * here: of its keys only the one that AWS manages for S3 (`aws/s3`) exists.
 */
export function encryptionOf(request: EncryptionRequest, { sql, bucket, call }: EncryptionPlace): Encryption {
  if (request.SSECustomerAlgorithm !== undefined || request.SSECustomerKey !== undefined) {
    throw notImplemented('x-amz-server-side-encryption-customer-algorithm')
  }
  const wanted = request.ServerSideEncryption
  if (wanted !== undefined && wanted !== 'AES256' && wanted !== 'aws:kms') {
    throw invalidArgument('The encryption method specified is not supported', 'x-amz-server-side-encryption', wanted)
  }
  const method = wanted ?? defaultMethod(sql, bucket)
  if (method === 'AES256') {
    if (request.SSEKMSKeyId !== undefined) {
      throw invalidArgument(
        'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
        'x-amz-server-side-encryption',
        wanted,
      )
    }
    return { ServerSideEncryption: method }
  }
  if (request.SSEKMSKeyId !== undefined) refuseKey(request.SSEKMSKeyId, call)
  return {
    ServerSideEncryption: method,
    SSEKMSKeyId: managedKey(call),
    ...(request.BucketKeyEnabled && { BucketKeyEnabled: true }),
  }
}

/** Object lock needs a bucket that was created for it, and this cloud has none. */
export function refuseObjectLock(request: {
  readonly ObjectLockMode?: string | undefined
  readonly ObjectLockRetainUntilDate?: Date | undefined
  readonly ObjectLockLegalHoldStatus?: string | undefined
}): void {
  if (request.ObjectLockMode ?? request.ObjectLockRetainUntilDate ?? request.ObjectLockLegalHoldStatus) {
    throw invalidRequest('Bucket is missing Object Lock Configuration')
  }
}

/** AWS's error for a missing key: no customer key exists here. */
export function refuseKey(key: string, { region, caller }: Call): never {
  const arn = key.startsWith('arn:') ? key : `arn:aws:kms:${region}:${caller.accountId}:key/${key}`
  throw new AwsError('KMS.NotFoundException', `Key '${arn}' does not exist`, { status: 400 })
}

function defaultMethod(sql: Sql, bucket: string): string {
  const rules = readSetting(sql, bucket, 'encryption')?.['Rules']
  return JSON.stringify(rules ?? '').includes('"SSEAlgorithm":"aws:kms"') ? 'aws:kms' : 'AES256'
}

function managedKey({ region, caller }: Call): string {
  const digest = createHash('sha256').update(`aws/s3 ${region} ${caller.accountId}`).digest('hex')
  const id = digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return `arn:aws:kms:${region}:${caller.accountId}:key/${id}`
}
