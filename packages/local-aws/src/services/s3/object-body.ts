import { AwsError } from '../../service.ts'
import { type Sql, bytesOf } from '../../sql.ts'
import { StoredDataDamaged } from '../../storage-failure.ts'
import type { ByteRange } from './byte-range.ts'
import { checksumOf } from './checksums.ts'
import type { ObjectRecord } from './object-record.ts'

/**
 * The largest body of one request. S3 itself takes 5 GiB; this cloud keeps a body in memory, and SQLite less than 1
 * GB in one value. Larger objects are uploaded in parts, as SDKs do by themselves.
 */
export const MAX_BODY_BYTES = 268_435_456

/** Rejects a body that is too large for one request. */
export function checkBodySize(body: Uint8Array): void {
  if (body.byteLength > MAX_BODY_BYTES) throw entityTooLarge(body.byteLength)
}

export function entityTooLarge(proposed: number): AwsError {
  return new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
    status: 400,
    details: { ProposedSize: `${proposed}`, MaxSizeAllowed: `${MAX_BODY_BYTES}` },
  })
}

/** Stores the bytes of an object that was not uploaded in parts. */
export function writeBody(sql: Sql, object: number, body: Uint8Array): void {
  sql.run(
    'INSERT INTO s3_chunks (object, number, start, size, data) VALUES (?, 1, 0, ?, ?)',
    object,
    body.byteLength,
    body,
  )
}

/**
 * The bytes from `first` to `last`, both included; all of them by default. Throws {@link StoredDataDamaged} if some
 * are missing, or if the whole does not match its checksum.
 */
export function readBody(sql: Sql, object: StoredBody, range?: ByteRange): Uint8Array {
  const { first, last } = range ?? { first: 0, last: object.size - 1 }
  const body = readChunks(sql, object.id, { first, last })
  const name = `the object ${object.key}`
  if (body.byteLength !== last - first + 1)
    throw new StoredDataDamaged(`${name} has ${last - first + 1} bytes, and ${body.byteLength} of them are there`)
  const { algorithm, value } = object.checksum
  const isWhole = body.byteLength === object.size && object.checksumType === 'FULL_OBJECT'
  if (isWhole && checksumOf(algorithm, body) !== value)
    throw new StoredDataDamaged(`${name} does not have the ${algorithm} that it was stored with`)
  return body
}

type StoredBody = Pick<ObjectRecord, 'id' | 'key' | 'size' | 'checksum' | 'checksumType'>

/** The stored bytes, unchecked. */
export function readChunks(sql: Sql, object: number, range?: ByteRange): Uint8Array {
  const { first, last } = range ?? { first: 0, last: Number.MAX_SAFE_INTEGER }
  const rows = sql.all(
    `SELECT substr(data, max(?1 - start, 0) + 1, min(?2 - start, size - 1) - max(?1 - start, 0) + 1) AS data
      FROM s3_chunks WHERE object = ?3 AND start <= ?2 AND start + size > ?1 ORDER BY number`,
    first,
    last,
    object,
  )
  const [only, ...others] = rows.map((row) => bytesOf(row, 'data'))
  if (only === undefined) return new Uint8Array()
  return others.length === 0 ? only : Buffer.concat([only, ...others])
}
