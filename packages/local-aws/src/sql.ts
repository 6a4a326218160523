import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { Store } from './store.ts'
import { changesOf, tablesWrittenBy } from './store-changes.ts'

/** One row as SQLite gives it; read its columns with {@link textOf}, {@link numberOf} and their like. */
export type Row = Readonly<Record<string, SQLOutputValue>>

/** A service's access to the store: each statement is compiled once. */
export interface Sql {
  /** Runs a statement and tells how many rows it changed. */
  run(statement: string, ...values: readonly SQLInputValue[]): number
  one(statement: string, ...values: readonly SQLInputValue[]): Row | undefined
  all(statement: string, ...values: readonly SQLInputValue[]): readonly Row[]
  /** All of `work` or none of it, also when the process is killed in the middle. Joins a transaction already begun. */
  atomically<Result>(work: () => Result): Result
}

interface Compiled {
  readonly statement: StatementSync
  /** Tables that it writes to. */
  readonly writes: readonly string[]
}

/** Wraps a store for one service. */
export function createSql(store: Store): Sql {
  const compiled = new Map<string, Compiled>()
  const changes = changesOf(store)
  const compile = (text: string): Compiled => {
    const known = compiled.get(text)
    if (known) return known
    const fresh = { statement: store.prepare(text), writes: tablesWrittenBy(text) }
    compiled.set(text, fresh)
    return fresh
  }
  const execute = <Result>(text: string, step: (statement: StatementSync) => Result): Result => {
    const { statement, writes } = compile(text)
    const result = step(statement)
    changes.tell(writes)
    return result
  }
  return {
    run: (text, ...values) => Number(execute(text, (statement) => statement.run(...values)).changes),
    one: (text, ...values) => execute(text, (statement) => statement.get(...values)),
    all: (text, ...values) => execute(text, (statement) => statement.all(...values)),
    atomically: (work) => {
      if (store.isTransaction) return work()
      store.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        store.exec('COMMIT')
        return result
      } catch (error) {
        store.exec('ROLLBACK')
        throw error
      }
    },
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
