import type { GetObjectRequest, HeadObjectRequest } from '@aws-sdk/client-s3'
import { type Call, AwsError } from '../../service.ts'
import { type Sql, numberOf, optionalTextOf } from '../../sql.ts'
import { type ByteRange, readRange } from './byte-range.ts'
import { type Checksum, checksumMember } from './checksums.ts'
import { requireBucket } from './find-bucket.ts'
import { readBody } from './object-body.ts'
import { describeHeaders } from './object-headers.ts'
import { type ObjectRecord, requireObject } from './object-record.ts'
import { checkRead } from './read-conditions.ts'
import { refuseVersion } from './refuse-unsupported.ts'
import type { S3Context } from './s3-context.ts'
import { invalidRequest } from './s3-errors.ts'

type ReadRequest = GetObjectRequest | HeadObjectRequest

export function getObject({ sql }: S3Context, input: GetObjectRequest, call: Call): object {
  const object = find(sql, input, call)
  refuseArchived(object)
  const range = rangeOf(sql, object, input)
  const Body = readBody(sql, object, range)
  return { ...describe(sql, object, { input, range }), ...overrides(input), Body }
}

export function headObject({ sql }: S3Context, input: HeadObjectRequest, call: Call): object {
  const object = find(sql, input, call)
  return { ...describe(sql, object, { input, range: rangeOf(sql, object, input) }), ...overrides(input) }
}

function find(sql: Sql, input: ReadRequest, call: Call): ObjectRecord {
  const { name } = requireBucket(sql, input, call)
  refuseVersion(input.VersionId)
  const object = requireObject(sql, name, input.Key)
  checkRead(input, object)
  return object
}

function rangeOf(sql: Sql, object: ObjectRecord, { Range, PartNumber }: ReadRequest): ByteRange | undefined {
  if (PartNumber === undefined) return readRange(Range, object.size)
  if (Range !== undefined) throw invalidRequest('Cannot specify both Range header and partNumber query parameter')
  const row = sql.one('SELECT start, size FROM s3_chunks WHERE object = ? AND number = ?', object.id, PartNumber)
  if (!row) {
    throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', {
      status: 416,
      details: { PartNumberRequested: `${PartNumber}`, ActualPartCount: `${object.parts ?? 1}` },
    })
  }
  const [first, size] = [numberOf(row, 'start'), numberOf(row, 'size')]
  return size === 0 ? undefined : { first, last: first + size - 1 }
}

interface Reading {
  readonly input: ReadRequest
  readonly range: ByteRange | undefined
}

function describe(sql: Sql, object: ObjectRecord, { input, range }: Reading): object {
  const checksum = input.ChecksumMode === 'ENABLED' ? checksumRead(sql, object, { input, range }) : undefined
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(object.modified),
    ContentLength: range ? range.last - range.first + 1 : object.size,
    ETag: `"${object.etag}"`,
    ...describeHeaders(object.headers),
    Metadata: object.metadata,
    ...(range && {
      ContentRange: `bytes ${range.first}-${range.last}/${object.size}`,
      $metadata: { httpStatusCode: 206 },
    }),
    ...(input.PartNumber !== undefined && object.parts !== undefined && { PartsCount: object.parts }),
    ...(object.tags.length > 0 && { TagCount: object.tags.length }),
    ...(checksum && { ...checksumMember(checksum), ChecksumType: object.checksumType }),
  }
}

/**
 * The checksum of the returned bytes, which clients verify: of the whole object, or of a part if the object's
 * checksum is COMPOSITE. A range has none, nor has a part of an object with a FULL_OBJECT checksum.
 */
function checksumRead(sql: Sql, object: ObjectRecord, { input, range }: Reading): Checksum | undefined {
  const { checksum, checksumType, id, parts } = object
  if (input.PartNumber === undefined) return range && coversLess(range, object) ? undefined : checksum
  if (parts === undefined) return checksum
  if (checksumType !== 'COMPOSITE') return undefined
  const row = sql.one('SELECT checksum FROM s3_chunks WHERE object = ? AND number = ?', id, input.PartNumber)
  const value = row && optionalTextOf(row, 'checksum')
  return value === undefined ? undefined : { algorithm: checksum.algorithm, value }
}

function coversLess({ first, last }: ByteRange, { size }: ObjectRecord): boolean {
  return first > 0 || last < size - 1
}

/** Headers that the request overrides. */
function overrides(input: ReadRequest): object {
  return {
    ...(input.ResponseCacheControl !== undefined && { CacheControl: input.ResponseCacheControl }),
    ...(input.ResponseContentDisposition !== undefined && { ContentDisposition: input.ResponseContentDisposition }),
    ...(input.ResponseContentEncoding !== undefined && { ContentEncoding: input.ResponseContentEncoding }),
    ...(input.ResponseContentLanguage !== undefined && { ContentLanguage: input.ResponseContentLanguage }),
    ...(input.ResponseContentType !== undefined && { ContentType: input.ResponseContentType }),
    ...(input.ResponseExpires && {
      ExpiresString: input.ResponseExpires.toUTCString(),
      Expires: input.ResponseExpires,
    }),
  }
}

function refuseArchived({ headers: { StorageClass = '' } }: ObjectRecord): void {
  if (StorageClass !== 'GLACIER' && StorageClass !== 'DEEP_ARCHIVE') return
  throw new AwsError('InvalidObjectState', "The operation is not valid for the object's storage class", {
    details: { StorageClass },
  })
}
