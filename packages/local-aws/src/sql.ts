import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { Statement, Store } from './store.ts'
import { keepRows, type KeptRows } from './kept-rows.ts'
import { once } from './once.ts'
import { changesOf, tablesWrittenBy } from './store-changes.ts'

/** One row as SQLite gives it; read its columns with {@link textOf}, {@link numberOf} and their like. */
export type Row = Readonly<Record<string, SQLOutputValue>>

/** A service's access to the store: each statement is compiled once, and rows of settings are read once ({@link keepRows}). */
export interface Sql {
  /** Runs a statement and tells how many rows it changed. */
  run(statement: string, ...values: readonly SQLInputValue[]): number
  one(statement: string, ...values: readonly SQLInputValue[]): Row | undefined
  all(statement: string, ...values: readonly SQLInputValue[]): readonly Row[]
  /** All of `work` or none of it, also when the process is killed in the middle. Joins a transaction already begun. */
  atomically<Result>(work: () => Result): Result
}

interface Compiled {
  readonly statement: Statement
  /** Tables that it writes to. */
  readonly writes: readonly string[]
  readonly one: () => KeptRows<Row | undefined> | undefined
  readonly all: () => KeptRows<readonly Row[]> | undefined
}

/** Wraps a store for one service. */
export function createSql(store: Store): Sql {
  const compiled = new Map<string, Compiled>()
  const changes = changesOf(store)
  const compile = (text: string): Compiled => {
    const known = compiled.get(text)
    if (known) return known
    const fresh = {
      statement: store.prepare(text),
      writes: tablesWrittenBy(text),
      one: once(() => keepRows<Row | undefined>(store, text)),
      all: once(() => keepRows<readonly Row[]>(store, text)),
    }
    compiled.set(text, fresh)
    return fresh
  }
  const told = <Result>({ writes }: Compiled, result: Result): Result => {
    if (writes.length > 0) changes.tell(writes)
    return result
  }
  return {
    run(text, ...values) {
      const compiled = compile(text)
      return told(compiled, Number(compiled.statement.run(...values).changes))
    },
    one(text, ...values) {
      const compiled = compile(text)
      const look = (): Row | undefined => compiled.statement.get(...values)
      const kept = compiled.one()
      return kept ? kept.find(values, look) : told(compiled, look())
    },
    all(text, ...values) {
      const compiled = compile(text)
      const look = (): readonly Row[] => compiled.statement.all(...values)
      const kept = compiled.all()
      return kept ? kept.find(values, look) : told(compiled, look())
    },
    atomically: (work) => {
      if (store.isTransaction) return work()
      store.exec('BEGIN IMMEDIATE')
      changes.begin()
      try {
        const result = work()
        store.exec('COMMIT')
        return result
      } catch (error) {
        // After a full disk SQLite may have rolled back by itself: https://www.sqlite.org/lang_transaction.html
        if (store.isTransaction) store.exec('ROLLBACK')
        changes.takeBack()
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
