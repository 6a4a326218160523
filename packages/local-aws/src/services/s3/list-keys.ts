import type { Sql } from '../../sql.ts'
import { type ObjectRecord, readObject } from './object-record.ts'

/** One thing in a listing: an object, or a common prefix of several. */
export type Listed =
  | { readonly kind: 'object'; readonly name: string; readonly object: ObjectRecord }
  | { readonly kind: 'prefix'; readonly name: string }

export interface KeyQuery {
  readonly bucket: string
  readonly prefix: string
  readonly delimiter: string | undefined
  /** Only what comes behind this name, in the order of UTF-8 bytes. */
  readonly after: string
  readonly most: number
}

/** What was found, and whether there is more. */
export interface KeyPage {
  readonly found: readonly Listed[]
  readonly isTruncated: boolean
}

/** Greater than any key that continues a prefix in practice: the last code point, and it sorts last. */
const LAST = '\u{10FFFF}'

/**
 * Lists keys in the order of their UTF-8 bytes, rolled up at the delimiter. What lies under a common prefix is stepped
 * over, not read.
 */
export function listKeys(sql: Sql, { bucket, prefix, delimiter, after, most }: KeyQuery): KeyPage {
  const found: Listed[] = []
  // Nothing was asked for: a client that goes on while there is more would never end.
  if (most === 0) return { found, isTruncated: false }
  let from = startBehind(after, delimiter, prefix)
  for (;;) {
    const rows = sql.all(
      'SELECT * FROM s3_objects WHERE bucket = ?1 AND key > ?2 AND key >= ?3 AND substr(key, 1, length(?3)) = ?3 ORDER BY key LIMIT ?4',
      bucket,
      from,
      prefix,
      most - found.length + 1,
    )
    for (const row of rows) {
      const object = readObject(row)
      const name = commonPrefix(object.key, prefix, delimiter)
      from = object.key
      if (name !== undefined && (name === after || name === found.at(-1)?.name)) continue
      if (found.length === most) return { found, isTruncated: true }
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

/** A name that is itself a common prefix was listed already, and so was all under it. */
function startBehind(after: string, delimiter: string | undefined, prefix: string): string {
  return after !== '' && commonPrefix(after, prefix, delimiter) === after ? after + LAST : after
}
