import { AwsError } from '../../service.ts'
import { type Row, type Sql, numberOf, optionalNumberOf, textOf } from '../../sql.ts'
import { type Algorithm, algorithmOf } from './checksums.ts'
import type { ObjectHeaders } from './object-headers.ts'
import { noSuchKey } from './s3-errors.ts'
import { type StoredTag, readTagSet } from './tag-set.ts'

/** Properties of an object besides its bytes. */
export interface ObjectAttributes {
  /** Without its quotes. */
  readonly etag: string
  readonly headers: ObjectHeaders
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: readonly StoredTag[]
  readonly checksum: { readonly algorithm: Algorithm; readonly value: string }
  readonly checksumType: 'COMPOSITE' | 'FULL_OBJECT'
  /** Number of uploaded parts; undefined if it was not uploaded in parts. */
  readonly parts?: number | undefined
}

/** An object as stored; `modified` in milliseconds since the epoch, whole seconds as S3 keeps them. */
export interface ObjectRecord extends ObjectAttributes {
  readonly id: number
  readonly key: string
  readonly size: number
  readonly modified: number
}

const MAX_KEY_BYTES = 1024

/** Refuses a key of more than 1,024 bytes. */
export function checkKey(key: string | undefined): string {
  const size = Buffer.byteLength(key ?? '')
  if (size > MAX_KEY_BYTES) {
    throw new AwsError('KeyTooLongError', 'Your key is too long', {
      status: 400,
      details: { Size: `${size}`, MaxSizeAllowed: `${MAX_KEY_BYTES}` },
    })
  }
  return key ?? ''
}

export function hasObject(sql: Sql, bucket: string, key: string): boolean {
  return sql.one('SELECT 1 AS found FROM s3_objects WHERE bucket = ? AND key = ?', bucket, key) !== undefined
}

export function findObject(sql: Sql, bucket: string, key: string): ObjectRecord | undefined {
  const row = sql.one('SELECT * FROM s3_objects WHERE bucket = ? AND key = ?', bucket, key)
  return row && readObject(row)
}

/** The object of this key, or NoSuchKey. */
export function requireObject(sql: Sql, bucket: string, key: string | undefined): ObjectRecord {
  const object = findObject(sql, bucket, checkKey(key))
  if (!object) throw noSuchKey(key ?? '')
  return object
}

/** An object's place, size and time (milliseconds since the epoch). */
export interface ObjectPlace {
  readonly bucket: string
  readonly key: string
  readonly size: number
  readonly now: number
}

/** Creates or replaces an object, without its bytes; returns its id. Inside a transaction. */
export function replaceObject(sql: Sql, { bucket, key, size, now }: ObjectPlace, attributes: ObjectAttributes): number {
  dropObject(sql, bucket, key)
  const row = sql.one(
    `INSERT INTO s3_objects (bucket, key, size, etag, modified, parts, headers, metadata, tags, checksum_algorithm, checksum_type, checksum)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
    bucket,
    key,
    size,
    attributes.etag,
    Math.floor(now / 1000) * 1000,
    attributes.parts ?? null,
    JSON.stringify(attributes.headers),
    JSON.stringify(attributes.metadata),
    JSON.stringify(attributes.tags),
    attributes.checksum.algorithm,
    attributes.checksumType,
    attributes.checksum.value,
  )
  if (!row) throw new Error('INSERT … RETURNING gave no row')
  return numberOf(row, 'id')
}

export function dropObject(sql: Sql, bucket: string, key: string): void {
  sql.run('DELETE FROM s3_objects WHERE bucket = ? AND key = ?', bucket, key)
}

/** Reads one row of `s3_objects`. */
export function readObject(row: Row): ObjectRecord {
  const algorithm = algorithmOf(textOf(row, 'checksum_algorithm'))
  if (!algorithm) throw new Error(`unknown checksum algorithm in the store: ${textOf(row, 'checksum_algorithm')}`)
  return {
    id: numberOf(row, 'id'),
    key: textOf(row, 'key'),
    size: numberOf(row, 'size'),
    modified: numberOf(row, 'modified'),
    etag: textOf(row, 'etag'),
    parts: optionalNumberOf(row, 'parts'),
    headers: readObjectJson(textOf(row, 'headers')),
    metadata: readMetadata(textOf(row, 'metadata')),
    tags: readTagSet(textOf(row, 'tags')),
    checksum: { algorithm, value: textOf(row, 'checksum') },
    checksumType: textOf(row, 'checksum_type') === 'COMPOSITE' ? 'COMPOSITE' : 'FULL_OBJECT',
  }
}

/** Headers as {@link replaceObject} and an upload store them. */
export function readObjectJson(json: string): ObjectHeaders {
  const value: unknown = JSON.parse(json)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

export function readMetadata(json: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(readObjectJson(json)).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  )
}
