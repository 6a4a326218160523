import { AwsError } from '../../service.ts'
import { type Row, type Sql, numberOf, optionalTextOf, textOf } from '../../sql.ts'
import { type Algorithm, algorithmOf } from './checksums.ts'
import type { ObjectHeaders } from './object-headers.ts'
import { readMetadata, readObjectJson } from './object-record.ts'
import { type StoredTag, readTagSet } from './tag-set.ts'

/** A multipart upload in progress; `started` in milliseconds since the epoch. */
export interface UploadRecord {
  readonly id: string
  readonly key: string
  readonly started: number
  readonly headers: ObjectHeaders
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: readonly StoredTag[]
  /** Undefined if the upload was created without one: S3 then computes a CRC-64 of the whole object. */
  readonly algorithm: Algorithm | undefined
  readonly checksumType: 'COMPOSITE' | 'FULL_OBJECT' | undefined
}

/** A part without its bytes. */
export interface PartRecord {
  readonly number: number
  readonly size: number
  readonly etag: string
  readonly checksum: string | undefined
  readonly modified: number
}

/** The identity of an upload in a request. */
export interface UploadRequest {
  readonly Key?: string | undefined
  readonly UploadId?: string | undefined
}

/** The upload of this id for this key, or NoSuchUpload. */
export function requireUpload(sql: Sql, bucket: string, { Key = '', UploadId = '' }: UploadRequest): UploadRecord {
  const row = sql.one('SELECT * FROM s3_uploads WHERE id = ? AND bucket = ? AND key = ?', UploadId, bucket, Key)
  if (row) return readUpload(row)
  throw new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { details: { UploadId } },
  )
}

/** All multipart uploads in progress in a bucket, by key and start. */
export function allUploads(sql: Sql, bucket: string): readonly UploadRecord[] {
  return sql
    .all('SELECT * FROM s3_uploads WHERE bucket = ? ORDER BY key, started, id', bucket)
    .map((row) => readUpload(row))
}

/** An upload's parts by number. */
export function partsOf(sql: Sql, upload: string): readonly PartRecord[] {
  return sql
    .all('SELECT number, size, etag, checksum, modified FROM s3_parts WHERE upload = ? ORDER BY number', upload)
    .map((row) => ({
      number: numberOf(row, 'number'),
      size: numberOf(row, 'size'),
      etag: textOf(row, 'etag'),
      checksum: optionalTextOf(row, 'checksum'),
      modified: numberOf(row, 'modified'),
    }))
}

function readUpload(row: Row): UploadRecord {
  const type = optionalTextOf(row, 'checksum_type')
  return {
    id: textOf(row, 'id'),
    key: textOf(row, 'key'),
    started: numberOf(row, 'started'),
    headers: readObjectJson(textOf(row, 'headers')),
    metadata: readMetadata(textOf(row, 'metadata')),
    tags: readTagSet(textOf(row, 'tags')),
    algorithm: algorithmOf(optionalTextOf(row, 'checksum_algorithm')),
    checksumType: type === 'COMPOSITE' || type === 'FULL_OBJECT' ? type : undefined,
  }
}
