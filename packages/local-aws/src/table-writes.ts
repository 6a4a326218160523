export type OnWrite = (tables: Iterable<string>, run: () => void) => void

/** Notifies of writes to tables. This process alone writes to a store, and through `sqlOf` alone. */
export interface TableWrites {
  /** Calls `run` after each write to one of these tables, in most cases before its transaction ends. */
  readonly onWrite: OnWrite
  /** A statement has written to these tables. */
  written(tables: Iterable<string>): void
  beginTransaction(): void
  /** All writes since `beginTransaction` were undone: their tables have changed once more. */
  rollBack(): void
}

export function createTableWrites(): TableWrites {
  const listeners = new Map<string, (() => void)[]>()
  let inTransaction = new Set<string>()
  const notify = (table: string): void => {
    for (const run of listeners.get(table) ?? []) run()
  }
  return {
    onWrite(tables, run) {
      for (const table of tables) listeners.set(table, [...(listeners.get(table) ?? []), run])
    },
    written(tables) {
      for (const table of tables) {
        inTransaction.add(table)
        notify(table)
      }
    },
    beginTransaction() {
      inTransaction = new Set()
    },
    rollBack() {
      for (const table of inTransaction) notify(table)
    },
  }
}
