import type { PutObjectRequest } from '@aws-sdk/client-s3'
import type { Call } from '../../service.ts'
import { readSetting } from './bucket-settings.ts'
import {
  type Checksum,
  algorithmOf,
  checksumMember,
  checksumOf,
  givenChecksum,
  verifyChecksum,
  verifyContentMd5,
} from './checksums.ts'
import { encryptionOf, refuseObjectLock } from './encryption.ts'
import { requireBucket } from './find-bucket.ts'
import { checkBodySize, writeBody } from './object-body.ts'
import { checkMetadata, headersOf } from './object-headers.ts'
import { checkKey, findObject, replaceObject } from './object-record.ts'
import { refuseAcl } from './refuse-unsupported.ts'
import type { S3Context } from './s3-context.ts'
import { notImplemented } from './s3-errors.ts'
import { tagSetOfHeader } from './tag-set.ts'
import { checkWrite } from './write-conditions.ts'

type PutObjectInput = Omit<PutObjectRequest, 'Body'> & { readonly Body?: Uint8Array | undefined }

/** Stores an object whole, if its checksums and its conditions hold. */
export function putObject({ sql, clock, emit }: S3Context, input: PutObjectInput, call: Call): object {
  const { name: bucket } = requireBucket(sql, input, call)
  const key = checkKey(input.Key)
  const body = input.Body ?? new Uint8Array()
  checkBodySize(body)
  refuseAcl(input, readSetting(sql, bucket, 'ownership')?.['ObjectOwnership'])
  refuseObjectLock(input)
  if (input.WriteOffsetBytes !== undefined) throw notImplemented('x-amz-write-offset-bytes')
  verifyContentMd5(input.ContentMD5, body)
  const checksum = checksumFor(input, body)
  const encryption = encryptionOf(input, { sql, bucket, call })
  const headers = { ...headersOf(input), ...encryption }
  const metadata = checkMetadata(input.Metadata)
  const tags = tagSetOfHeader(input.Tagging)
  const etag = Buffer.from(checksumOf('MD5', body), 'base64').toString('hex')
  sql.atomically(() => {
    checkWrite(input, findObject(sql, bucket, key))
    const id = replaceObject(
      sql,
      { bucket, key, size: body.byteLength, now: clock.now() },
      { etag, headers, metadata, tags, checksum, checksumType: 'FULL_OBJECT' },
    )
    writeBody(sql, id, body)
  })
  emit('object-put', bucket, key)
  return { ETag: `"${etag}"`, ...checksumMember(checksum), ChecksumType: 'FULL_OBJECT', ...encryption }
}

/** The request's checksum, verified; else one of the requested algorithm; else CRC-64, as S3 computes. */
function checksumFor(input: PutObjectInput, body: Uint8Array): Checksum {
  const given = givenChecksum(input)
  if (given) return verifyChecksum(given, body)
  const algorithm = algorithmOf(input.ChecksumAlgorithm) ?? 'CRC64NVME'
  return { algorithm, value: checksumOf(algorithm, body) }
}
