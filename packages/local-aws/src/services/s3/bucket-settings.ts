import { type Sql, textOf } from '../../sql.ts'

/** The settings of a bucket that are stored as one document each. */
export type SettingKind = 'encryption' | 'ownership' | 'policy' | 'public-access-block' | 'tagging'

type Json = Readonly<Record<string, unknown>>

/** A setting as an object; undefined when it was never set or was deleted. */
export function readSetting(sql: Sql, bucket: string, kind: SettingKind): Json | undefined {
  const value = readSettingText(sql, bucket, kind)
  const parsed: unknown = value === undefined ? undefined : JSON.parse(value)
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined
}

/** The same as the stored text: a bucket policy is returned as it was sent. */
export function readSettingText(sql: Sql, bucket: string, kind: SettingKind): string | undefined {
  const row = sql.one('SELECT value FROM s3_bucket_settings WHERE bucket = ? AND kind = ?', bucket, kind)
  return row && textOf(row, 'value')
}

/** Which setting of which bucket. */
export interface SettingPlace {
  readonly bucket: string
  readonly kind: SettingKind
}

export function writeSetting(sql: Sql, place: SettingPlace, value: object): void {
  writeSettingText(sql, place, JSON.stringify(value))
}

export function writeSettingText(sql: Sql, { bucket, kind }: SettingPlace, text: string): void {
  sql.run('INSERT OR REPLACE INTO s3_bucket_settings (bucket, kind, value) VALUES (?, ?, ?)', bucket, kind, text)
}

export function dropSetting(sql: Sql, bucket: string, kind: SettingKind): void {
  sql.run('DELETE FROM s3_bucket_settings WHERE bucket = ? AND kind = ?', bucket, kind)
}
