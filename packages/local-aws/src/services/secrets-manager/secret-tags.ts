import type { Tag } from '@aws-sdk/client-secrets-manager'
import { type Sql, textOf } from '../../sql.ts'
import { invalidParameter, validationError } from './secrets-errors.ts'

const MAX_TAGS = 50

/** Adds tags to a secret, or overwrites those of the same key; 50 at most. */
export function writeTags(sql: Sql, secret: number, tags: readonly Tag[] | undefined): void {
  for (const { Key = '', Value = '' } of tags ?? []) {
    if (Key.length < 1 || Key.length > 128 || Value.length > 256) {
      throw validationError(
        "1 validation error detected: Value at 'tags' failed to satisfy constraint: keys have 1 to 128 characters, values 256 at most",
      )
    }
    if (Key.toLowerCase().startsWith('aws:'))
      throw invalidParameter('Tag keys that begin with aws: are reserved for AWS use.')
    sql.run('INSERT OR REPLACE INTO sm_tags (secret, key, value) VALUES (?, ?, ?)', secret, Key, Value)
  }
  if (readTags(sql, secret).length > MAX_TAGS) throw invalidParameter(`A secret can have at most ${MAX_TAGS} tags.`)
}

export function removeTags(sql: Sql, secret: number, keys: readonly string[] | undefined): void {
  for (const key of keys ?? []) sql.run('DELETE FROM sm_tags WHERE secret = ? AND key = ?', secret, key)
}

/** A secret's tags, sorted by key. */
export function readTags(sql: Sql, secret: number): Tag[] {
  return sql
    .all('SELECT key, value FROM sm_tags WHERE secret = ? ORDER BY key', secret)
    .map((row) => ({ Key: textOf(row, 'key'), Value: textOf(row, 'value') }))
}
