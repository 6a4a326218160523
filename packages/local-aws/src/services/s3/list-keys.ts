import type { Sql } from '../../sql.ts'
import { type ObjectRecord, readObject } from './object-record.ts'

/** An entry of a listing: an object, or a common prefix of several. */
export type Listed =
  | { readonly kind: 'object'; readonly name: string; readonly object: ObjectRecord }
  | { readonly kind: 'prefix'; readonly name: string }

export interface KeyQuery {
  readonly bucket: string
  readonly prefix: string
  readonly delimiter: string | undefined
  /** Only names after this one, in the order of UTF-8 bytes. */
  readonly after: string
  readonly max: number
}

/** The entries, and whether there are more. */
export interface KeyPage {
  readonly found: readonly Listed[]
  readonly isTruncated: boolean
}

/** Greater than any key that continues a prefix in practice: the last code point, and it sorts last. */
const LAST = '\u{10FFFF}'

/**
 * Lists keys in the order of their UTF-8 bytes, grouped at the delimiter. Keys under a common prefix are skipped, not
 * read.
 */
export function listKeys(sql: Sql, { bucket, prefix, delimiter, after, max }: KeyQuery): KeyPage {
  const found: Listed[] = []
  // `MaxKeys` is 0: a truncated page would make clients ask forever.
  if (max === 0) return { found, isTruncated: false }
  let from = startBehind(after, delimiter, prefix)
  for (;;) {
    const rows = sql.all(
      'SELECT * FROM s3_objects WHERE bucket = ?1 AND key > ?2 AND key >= ?3 AND key < ?5 AND substr(key, 1, length(?3)) = ?3 ORDER BY key LIMIT ?4',
      bucket,
      from,
      prefix,
      max - found.length + 1,
      // Without it, the last page reads all keys behind the prefix.
      prefix + LAST,
    )
    for (const row of rows) {
      const object = readObject(row)
      const name = commonPrefix(object.key, prefix, delimiter)
      from = object.key
      if (name !== undefined && (name === after || name === found.at(-1)?.name)) continue
      if (found.length === max) return { found, isTruncated: true }
      found.push(name === undefined ? { kind: 'object', name: object.key, object } : { kind: 'prefix', name })
      if (name !== undefined) {
        from = name + LAST
        break
      }
    }
    if (rows.length === 0) return { found, isTruncated: false }
  }
}

function commonPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (!delimiter) return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at === -1 ? undefined : key.slice(0, at + delimiter.length)
}

/** A marker that is a common prefix also covers all keys under it. */
function startBehind(after: string, delimiter: string | undefined, prefix: string): string {
  return after !== '' && commonPrefix(after, prefix, delimiter) === after ? after + LAST : after
}
