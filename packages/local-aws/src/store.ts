import { DatabaseSync } from 'node:sqlite'

/** One SQLite database for the whole cloud; each service owns its tables (`CREATE TABLE IF NOT EXISTS sqs_…`). */
export type Store = DatabaseSync

/**
 * Opens the store: a file, or `:memory:`. Write-ahead log with `synchronous=NORMAL`: what was answered survives a
 * killed process (not a power cut, which an emulator need not promise).
 */
export function openStore(path: string): Store {
  const store = new DatabaseSync(path)
  store.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000')
  return store
}
