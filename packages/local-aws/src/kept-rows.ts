import type { SQLInputValue } from 'node:sqlite'
import { changesOf } from './store-changes.ts'
import type { Store } from './store.ts'

/** What a statement gave, by the values it was given: until somebody writes to one of its tables. */
export interface KeptRows<Found> {
  find(values: readonly SQLInputValue[], look: () => Found): Found
}

/** Few rows, asked for by nearly every call, and hardly ever written: who may do what to which queue or bucket. */
const KEPT = /^(?:iam_\w+|sts_sessions|sqs_queues|s3_buckets|s3_bucket_settings)$/u
const READ = /\b(?:FROM|JOIN)\s+(\w+)/giu
/** Keys that nobody issued are looked up, too. */
const MOST_KEPT = 1_000

/** Keeps what a statement gives; undefined for one that reads another table than those of settings, or that writes. */
export function keepRows<Found>(store: Store, statement: string): KeptRows<Found> | undefined {
  const tables = keptTablesOf(statement)
  if (!tables) return undefined
  const kept = new Map<string, { readonly found: Found }>()
  const reached = reachedBy(store, tables)
  changesOf(store).onWrite(
    (table) => reached.has(table),
    () => kept.clear(),
  )
  return {
    find(values, look) {
      const key = JSON.stringify(values)
      const before = kept.get(key)
      if (before) return before.found
      const found = look()
      if (kept.size >= MOST_KEPT) kept.clear()
      kept.set(key, { found })
      return found
    },
  }
}

/** By the statement's text, which is the same in every store. */
const keptTables = new Map<string, readonly string[] | undefined>()

/** The tables that a statement reads if all of them are kept, and it reads only. */
function keptTablesOf(statement: string): readonly string[] | undefined {
  if (!keptTables.has(statement)) {
    const tables = [...statement.matchAll(READ)].flatMap(([, table]) => table ?? [])
    const isKept = /^\s*SELECT\b/iu.test(statement) && tables.length > 0 && tables.every((table) => KEPT.test(table))
    keptTables.set(statement, isKept ? tables : undefined)
  }
  return keptTables.get(statement)
}

const parents = new WeakMap<Store, Map<string, readonly string[]>>()

/** Tables whose deletions delete in this one as well. */
function parentsOf(store: Store, table: string): readonly string[] {
  const known = parents.get(store) ?? new Map<string, readonly string[]>()
  parents.set(store, known)
  const before = known.get(table)
  if (before) return before
  const rows = store.prepare('SELECT "table" AS parent FROM pragma_foreign_key_list(?)').all(table)
  const found = rows.flatMap(({ parent }) => (typeof parent === 'string' ? parent : []))
  known.set(table, found)
  return found
}

/** These tables, and those whose deletions delete in them as well. */
function reachedBy(store: Store, tables: readonly string[]): ReadonlySet<string> {
  const reached = new Set(tables)
  // A set gives what is added to it on the way, too.
  for (const table of reached) for (const parent of parentsOf(store, table)) reached.add(parent)
  return reached
}
