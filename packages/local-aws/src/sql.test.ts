import { expect, onTestFinished, test } from 'vitest'
import { openPolicies } from './authorization/evaluate-access.ts'
import { CACHED_TABLES } from './query-cache.ts'
import { IAM_TABLES } from './services/iam/iam-tables.ts'
import { openStsTables } from './services/sts/sts-tables.ts'
import { sqlOf, type Sql } from './sql.ts'
import { openStore, type Store } from './store.ts'

const SETTING = 'SELECT value FROM s3_bucket_settings WHERE bucket = ? AND kind = ?'

function openTables(): Store {
  const store = openStore(':memory:')
  onTestFinished(() => store.close())
  openPolicies(store)
  openStsTables(store)
  return store
}

/** Every service's tables, and a bucket with one setting, which has been read. */
function open(): Sql {
  const sql = sqlOf(openTables())
  sql.run("INSERT INTO s3_buckets (name, account, region, created) VALUES ('b', '1', 'r', 0)")
  set(sql, 'old')
  expect([settingOf(sql), settingOf(sql)]).toEqual(['old', 'old'])
  return sql
}

function set(sql: Sql, value: string): void {
  sql.run("INSERT OR REPLACE INTO s3_bucket_settings (bucket, kind, value) VALUES ('b', 'policy', ?)", value)
}

function settingOf(sql: Sql): unknown {
  return sql.one(SETTING, 'b', 'policy')?.['value']
}

test.each([
  ["INSERT OR REPLACE INTO s3_bucket_settings (bucket, kind, value) VALUES ('b', 'policy', 'new')", 'new'],
  ["insert into s3_bucket_settings values ('b', 'policy', 'x') on conflict do update set value = 'new'", 'new'],
  [`UPDATE OR IGNORE "s3_bucket_settings" SET value = 'new'`, 'new'],
  ["WITH names AS (SELECT 'b' AS name) UPDATE main.s3_bucket_settings SET value = 'new' FROM names", 'new'],
  ["DELETE FROM s3_bucket_settings WHERE bucket = 'b' RETURNING value", undefined],
  ["DELETE FROM s3_buckets WHERE name = 'b'", undefined],
])('a query sees a write at once, however it is written: %s', (write, expected) => {
  for (const method of ['run', 'one', 'all'] as const) {
    const sql = open()
    sql[method](write)
    expect(settingOf(sql)).toBe(expected)
  }
})

test('all services on a store share one cache', () => {
  const store = openTables()
  expect(sqlOf(store)).toBe(sqlOf(store))
})

test('a write that is rolled back is seen inside its transaction only', () => {
  const sql = open()
  const undone = (): void =>
    sql.atomically(() => {
      set(sql, 'undone')
      expect(settingOf(sql)).toBe('undone')
      throw new Error('no')
    })
  expect(undone).toThrow('no')
  expect(settingOf(sql)).toBe('old')
})

test('rows are cached by statement and values, lists too', () => {
  const sql = open()
  const add = (role: string): unknown =>
    sql.run("INSERT INTO iam_attachments (account, role, policy_arn) VALUES ('1', ?, 'arn')", role)
  const attached = (role: string): number =>
    sql.all("SELECT policy_arn FROM iam_attachments WHERE account = '1' AND role = ?", role).length
  add('a')
  expect([attached('a'), attached('b')]).toEqual([1, 0])
  add('b')
  expect([attached('a'), attached('b')]).toEqual([1, 1])
})

test('a query of cached tables runs once, and one of other tables each time', () => {
  const store = openTables()
  let runs = 0
  const counted: Store = {
    ...store,
    prepare: (text) => {
      const statement = store.prepare(text)
      return { ...statement, all: (...values) => ((runs += 1), statement.all(...values)) }
    },
  }
  const runsOf = (query: string): number => {
    runs = 0
    for (let time = 0; time < 3; time += 1) sqlOf(counted).all(query)
    return runs
  }
  expect(runsOf('SELECT * FROM sqs_queues')).toBe(1)
  expect(runsOf('SELECT * FROM sqs_messages')).toBe(3)
  expect(runsOf('SELECT * FROM sqs_queues JOIN sqs_messages ON queue_id = sqs_queues.id')).toBe(3)
})

test('the tables that are cached, and those named for IAM, are tables of the store', () => {
  const rows = openTables().prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const tables = rows.map(({ name }) => String(name))
  expect([...CACHED_TABLES].filter((table) => !tables.includes(table))).toEqual([])
  expect(tables.filter((table) => table.startsWith('iam_')).toSorted()).toEqual([...IAM_TABLES].toSorted())
})
