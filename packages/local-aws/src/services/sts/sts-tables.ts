import type { Store } from '../../store.ts'

/** Creates the table of sessions if it is missing. `role` is NULL for a session of the account's root. */
export function openStsTables(store: Store): void {
  store.exec(`
    CREATE TABLE IF NOT EXISTS sts_sessions (
      access_key_id TEXT PRIMARY KEY, secret TEXT NOT NULL, token TEXT NOT NULL, account TEXT NOT NULL, arn TEXT NOT NULL,
      user_id TEXT NOT NULL, role TEXT, policies TEXT NOT NULL, expires INTEGER NOT NULL
    ) WITHOUT ROWID
  `)
}
