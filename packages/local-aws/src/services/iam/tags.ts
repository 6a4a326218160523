import type { Tag } from '@aws-sdk/client-iam'
import { AwsError } from '../../service.ts'
import { type Sql, textOf } from '../../sql.ts'
import { checkLength } from './check-parameters.ts'
import { limitExceeded } from './iam-errors.ts'

const MAX_TAGS = 50

/** Checked tags of a request: keys of 1 to 128 characters, unique without regard to case, values of 0 to 256. */
function checkTags(tags: readonly Tag[] | undefined): readonly { readonly key: string; readonly value: string }[] {
  const checked = (tags ?? []).map((tag, index) => ({
    key: checkLength(`tags.${index + 1}.member.key`, tag.Key, { min: 1, max: 128 }),
    value: checkLength(`tags.${index + 1}.member.value`, tag.Value, { min: 0, max: 256 }),
  }))
  if (new Set(checked.map(({ key }) => key.toLowerCase())).size < checked.length) {
    throw new AwsError(
      'InvalidInputException',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    )
  }
  if (checked.some(({ key }) => key.toLowerCase().startsWith('aws:'))) {
    throw new AwsError('InvalidInputException', 'Tag keys that begin with aws: are reserved for AWS use.')
  }
  return checked
}

/** Adds tags to a resource, or overwrites those of the same key; 50 at most. */
export function writeTags(sql: Sql, arn: string, tags: readonly Tag[] | undefined): void {
  for (const { key, value } of checkTags(tags)) {
    sql.run('INSERT OR REPLACE INTO iam_tags (arn, key, value) VALUES (?, ?, ?)', arn, key, value)
  }
  if (readTags(sql, arn).length > MAX_TAGS) throw limitExceeded(`The number of tags has reached the maximum limit.`)
}

export function removeTags(sql: Sql, arn: string, keys: readonly string[] | undefined): void {
  for (const key of keys ?? []) sql.run('DELETE FROM iam_tags WHERE arn = ? AND key = ?', arn, key)
}

/** A resource's tags, sorted by key. */
export function readTags(sql: Sql, arn: string): Tag[] {
  return sql
    .all('SELECT key, value FROM iam_tags WHERE arn = ? ORDER BY key', arn)
    .map((row) => ({ Key: textOf(row, 'key'), Value: textOf(row, 'value') }))
}

export function dropTags(sql: Sql, arn: string): void {
  sql.run('DELETE FROM iam_tags WHERE arn = ?', arn)
}
