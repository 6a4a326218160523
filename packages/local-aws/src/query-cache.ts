import { IAM_TABLES } from './services/iam/iam-tables.ts'
import type { Row, StatementTables } from './store.ts'
import type { OnWrite } from './table-writes.ts'

/**
 * The tables whose rows are cached: few rows, read by nearly every call and hardly ever written. They decide who has
 * access to which queue or bucket.
 */
export const CACHED_TABLES: ReadonlySet<string> = new Set([
  ...IAM_TABLES,
  'sts_sessions',
  'sqs_queues',
  's3_buckets',
  's3_bucket_settings',
])

/** Missing keys are cached, too. */
const MAX_RESULTS = 1_000

/** The rows that one statement gives, by the values it was run with, until one of its tables is written. */
export interface StatementCache {
  rows(values: readonly unknown[], query: () => readonly Row[]): readonly Row[]
}

/** Caches a statement's rows. Undefined for a statement that writes, or reads a table that is not cached. */
export function cacheStatement({ reads, writes }: StatementTables, onWrite: OnWrite): StatementCache | undefined {
  if (writes.size > 0 || reads.size === 0 || [...reads].some((table) => !CACHED_TABLES.has(table))) return undefined
  const results = new Map<string, readonly Row[]>()
  onWrite(reads, () => results.clear())
  return {
    rows(values, query) {
      const key = JSON.stringify(values)
      const cached = results.get(key)
      if (cached) return cached
      const rows = query()
      if (results.size >= MAX_RESULTS) results.clear()
      results.set(key, rows)
      return rows
    },
  }
}
