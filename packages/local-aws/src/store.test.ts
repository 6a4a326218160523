import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openStore, StoreUnusable } from './store.ts'

function makePath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'cloud.sqlite')
}

/** A closed store of some pages. */
function makeStore(): string {
  const path = makePath()
  const store = openStore(path)
  store.exec('CREATE TABLE t (a TEXT PRIMARY KEY, b TEXT)')
  for (let row = 0; row < 500; row += 1) store.prepare('INSERT INTO t VALUES (?, ?)').run(`${row}`, 'x'.repeat(200))
  store.close()
  return path
}

function failureOf(path: string): StoreUnusable {
  try {
    openStore(path).close()
  } catch (error) {
    if (error instanceof StoreUnusable) return error
    throw error
  }
  throw new Error('the store was opened')
}

test('a store is opened again', () => {
  const path = makeStore()
  const store = openStore(path)
  expect(store.prepare('SELECT count(*) AS rows FROM t').get()).toEqual({ rows: 500 })
  store.close()
})

test.each<[string, (bytes: Buffer) => Buffer]>([
  ['its first page is overwritten', (bytes) => bytes.fill('garbage ', 0, 4096)],
  ['a page in the middle is overwritten', (bytes) => bytes.fill(0xa5, 8192, 12_288)],
  ['half of it is missing', (bytes) => bytes.subarray(0, bytes.length / 2)],
  ['it is something else', () => Buffer.from('{"not": "a database"}'.repeat(100))],
])('a damaged store is rejected, and not changed: %s', (_what, damage) => {
  const path = makeStore()
  const damaged = Buffer.from(damage(readFileSync(path)))
  writeFileSync(path, damaged)
  const { code, message } = failureOf(path)
  expect(code).toBe('damaged')
  expect(message).toContain(`${path} cannot be used: `)
  expect(message).toContain('Move or delete it to start with an empty store.')
  expect(message).not.toContain('\n')
  expect(readFileSync(path).equals(damaged)).toBe(true)
})

test('a store of another format is rejected, and not changed', () => {
  const path = makePath()
  const older = new DatabaseSync(path)
  older.exec('CREATE TABLE sqs_queues (name TEXT)')
  older.close()
  const before = readFileSync(path)
  expect(failureOf(path)).toMatchObject({ code: 'other-format', message: expect.stringContaining('its format is 0') })
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('the error for a read-only place names it', () => {
  const path = makePath()
  mkdirSync(path)
  expect(failureOf(path)).toMatchObject({ code: 'out-of-reach', message: expect.stringContaining('unable to open') })
})
