import type { Store } from './store.ts'

/** Tells which tables of a store are written to. A store is written to by this process alone, and by `createSql` alone. */
export interface StoreChanges {
  /** Something was written to these tables. */
  tell(tables: Iterable<string>): void
  /** A transaction begins. */
  begin(): void
  /** It is undone: all that was written in it is written once more, to what it was. */
  takeBack(): void
  /** Calls `run` at each write to a table that passes, the transaction around it mostly still open. */
  onWrite(isWatched: (table: string) => boolean, run: () => void): void
}

const known = new WeakMap<Store, StoreChanges>()

/** The changes of a store, the same for all who ask. */
export function changesOf(store: Store): StoreChanges {
  const before = known.get(store)
  if (before) return before
  const watches: { readonly isWatched: (table: string) => boolean; readonly run: () => void }[] = []
  /** Since the transaction began. */
  let written = new Set<string>()
  const tell = (tables: Iterable<string>): void => {
    for (const table of tables) {
      written.add(table)
      for (const { isWatched, run } of watches) if (isWatched(table)) run()
    }
  }
  const changes: StoreChanges = {
    tell,
    begin: () => void (written = new Set()),
    takeBack: () => tell([...written]),
    onWrite: (isWatched, run) => void watches.push({ isWatched, run }),
  }
  known.set(store, changes)
  return changes
}

const WRITTEN = /\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)/giu

/** The tables that a statement of ours names as written to; not those that a cascade reaches. */
export function tablesWrittenBy(statement: string): readonly string[] {
  const before = writtenBy.get(statement)
  if (before) return before
  const tables = [...statement.matchAll(WRITTEN)].flatMap(([, table]) => table ?? [])
  writtenBy.set(statement, tables)
  return tables
}

/** By the statement's text, which is the same in every store. */
const writtenBy = new Map<string, readonly string[]>()
