import type { SQLInputValue } from 'node:sqlite'
import { cacheStatement, type StatementCache } from './query-cache.ts'
import type { Row, Statement, Store } from './store.ts'
import { createTableWrites, type OnWrite, type TableWrites } from './table-writes.ts'

export type { Row }

/** Access to a store: each statement is compiled once, and rows of some tables are cached (`query-cache.ts`). */
export interface Sql {
  /** Runs a statement and returns how many rows it changed. */
  run(statement: string, ...values: readonly SQLInputValue[]): number
  one(statement: string, ...values: readonly SQLInputValue[]): Row | undefined
  all(statement: string, ...values: readonly SQLInputValue[]): readonly Row[]
  /** All of `work` or none of it, also when the process is killed in the middle. Joins a transaction that is open. */
  atomically<Result>(work: () => Result): Result
  readonly onWrite: OnWrite
}

interface Compiled {
  readonly statement: Statement
  readonly cache: StatementCache | undefined
}

const sqlOfStore = new WeakMap<Store, Sql>()

/** The access to a store: one for all services, because a write of one changes what another has cached. */
export function sqlOf(store: Store): Sql {
  const known = sqlOfStore.get(store)
  if (known) return known
  const sql = createSql(store)
  sqlOfStore.set(store, sql)
  return sql
}

function createSql(store: Store): Sql {
  const writes = createTableWrites()
  const known = new Map<string, Compiled>()
  const compile = (text: string): Compiled => {
    const before = known.get(text)
    if (before) return before
    const statement = store.prepare(text)
    const compiled = { statement, cache: cacheStatement(statement.tables, writes.onWrite) }
    known.set(text, compiled)
    return compiled
  }
  /** The result of a statement that has just run. */
  const done = <Result>({ tables }: Statement, result: Result): Result => {
    writes.written(tables.writes)
    return result
  }
  return {
    run(text, ...values) {
      const { statement } = compile(text)
      return done(statement, Number(statement.run(...values).changes))
    },
    one(text, ...values) {
      const { statement, cache } = compile(text)
      if (cache) return cache.rows(values, () => statement.all(...values))[0]
      return done(statement, statement.get(...values))
    },
    all(text, ...values) {
      const { statement, cache } = compile(text)
      if (cache) return cache.rows(values, () => statement.all(...values))
      return done(statement, statement.all(...values))
    },
    atomically: (work) => (store.isTransaction ? work() : runTransaction({ store, writes }, work)),
    onWrite: writes.onWrite,
  }
}

function runTransaction<Result>(
  { store, writes }: { readonly store: Store; readonly writes: TableWrites },
  work: () => Result,
): Result {
  store.exec('BEGIN IMMEDIATE')
  writes.beginTransaction()
  try {
    const result = work()
    store.exec('COMMIT')
    return result
  } catch (error) {
    // After a full disk SQLite may have rolled back by itself: https://www.sqlite.org/lang_transaction.html
    if (store.isTransaction) store.exec('ROLLBACK')
    writes.rollBack()
    throw error
  }
}

/** A column that is text, or throws: a wrong table is a defect. */
export function textOf(row: Row, column: string): string {
  const value = row[column]
  if (typeof value === 'string') return value
  throw new TypeError(`column ${column} holds ${typeof value}, expected text`)
}

/** A column that is text or NULL. */
export function optionalTextOf(row: Row, column: string): string | undefined {
  return row[column] === null || row[column] === undefined ? undefined : textOf(row, column)
}

/** A column that is a number, or throws. */
export function numberOf(row: Row, column: string): number {
  const value = row[column]
  if (typeof value === 'number') return value
  throw new TypeError(`column ${column} holds ${typeof value}, expected a number`)
}

/** A column that is a number or NULL. */
export function optionalNumberOf(row: Row, column: string): number | undefined {
  return row[column] === null || row[column] === undefined ? undefined : numberOf(row, column)
}

/** A column that is a blob, or throws. */
export function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column]
  if (value instanceof Uint8Array) return value
  throw new TypeError(`column ${column} holds ${typeof value}, expected bytes`)
}
