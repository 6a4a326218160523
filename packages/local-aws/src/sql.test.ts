import { expect, onTestFinished, test } from 'vitest'
import { openIamTables } from './services/iam/iam-tables.ts'
import { openS3Tables } from './services/s3/s3-tables.ts'
import { createSql, type Sql } from './sql.ts'
import { openStore } from './store.ts'

const SETTING = 'SELECT value FROM s3_bucket_settings WHERE bucket = ? AND kind = ?'

/** Two services on one store, which holds a bucket with one setting. */
function open(): { readonly reader: Sql; readonly writer: Sql } {
  const store = openStore(':memory:')
  onTestFinished(() => store.close())
  openS3Tables(store)
  openIamTables(store)
  const writer = createSql(store)
  writer.run("INSERT INTO s3_buckets (name, account, region, created) VALUES ('b', '1', 'r', 0)")
  set(writer, 'old')
  return { reader: createSql(store), writer }
}

function set(sql: Sql, value: string): void {
  sql.run("INSERT OR REPLACE INTO s3_bucket_settings (bucket, kind, value) VALUES ('b', 'policy', ?)", value)
}

function settingOf(sql: Sql): unknown {
  return sql.one(SETTING, 'b', 'policy')?.['value']
}

test('what one service writes, the next look of another sees, whatever it saw before', () => {
  const { reader, writer } = open()
  expect([settingOf(reader), settingOf(reader)]).toEqual(['old', 'old'])
  set(writer, 'new')
  expect([settingOf(reader), settingOf(writer)]).toEqual(['new', 'new'])
  const gone = writer.one("DELETE FROM s3_bucket_settings WHERE bucket = 'b' RETURNING value")
  expect([gone?.['value'], settingOf(reader)]).toEqual(['new', undefined])
})

test('what was seen within a transaction that is taken back was never there', () => {
  const { reader, writer } = open()
  expect(settingOf(reader)).toBe('old')
  const undone = (): void =>
    writer.atomically(() => {
      set(writer, 'undone')
      expect(settingOf(reader)).toBe('undone')
      throw new Error('no')
    })
  expect(undone).toThrow('no')
  expect(settingOf(reader)).toBe('old')
})

test('what goes with the row that it belongs to is missed, too', () => {
  const { reader, writer } = open()
  expect(settingOf(reader)).toBe('old')
  writer.run("DELETE FROM s3_buckets WHERE name = 'b'")
  expect(settingOf(reader)).toBeUndefined()
})

test('one statement with other values is another question, and lists follow as well', () => {
  const { reader, writer } = open()
  const add = (role: string): unknown =>
    writer.run("INSERT INTO iam_attachments (account, role, policy_arn) VALUES ('1', ?, 'arn')", role)
  const attached = (role: string): number =>
    reader.all("SELECT policy_arn FROM iam_attachments WHERE account = '1' AND role = ?", role).length
  add('a')
  expect([attached('a'), attached('b')]).toEqual([1, 0])
  add('b')
  expect([attached('a'), attached('b')]).toEqual([1, 1])
})
