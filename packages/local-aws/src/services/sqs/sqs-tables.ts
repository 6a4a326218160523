import type { Store } from '../../store.ts'

/**
 * Times are milliseconds since the epoch. A message in flight has a `handle_nonce` and is not yet visible; one that is
 * delayed has none. `AUTOINCREMENT` keeps a receipt handle from ever naming another message.
 */
export function createSqsTables(store: Store): void {
  store.exec(`
    CREATE TABLE IF NOT EXISTS sqs_queues (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      region TEXT NOT NULL,
      account TEXT NOT NULL,
      name TEXT NOT NULL,
      attributes TEXT NOT NULL,
      tags TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      modified_at INTEGER NOT NULL,
      purged_at INTEGER,
      UNIQUE (region, name)
    );
    CREATE TABLE IF NOT EXISTS sqs_messages (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      queue_id INTEGER NOT NULL REFERENCES sqs_queues (id) ON DELETE CASCADE,
      id TEXT NOT NULL,
      body TEXT NOT NULL,
      md5 TEXT NOT NULL,
      attributes TEXT,
      trace_header TEXT,
      group_id TEXT,
      sender TEXT NOT NULL,
      sent_at INTEGER NOT NULL,
      visible_at INTEGER NOT NULL,
      receive_count INTEGER NOT NULL DEFAULT 0,
      first_received_at INTEGER,
      received_at INTEGER,
      handle_nonce TEXT,
      dead_letter_source TEXT
    );
    CREATE INDEX IF NOT EXISTS sqs_messages_by_visibility ON sqs_messages (queue_id, visible_at, seq);
    CREATE TABLE IF NOT EXISTS sqs_deleted_queues (
      region TEXT NOT NULL,
      name TEXT NOT NULL,
      deleted_at INTEGER NOT NULL,
      PRIMARY KEY (region, name)
    );
    CREATE TABLE IF NOT EXISTS sqs_move_tasks (
      handle TEXT PRIMARY KEY,
      region TEXT NOT NULL,
      source TEXT NOT NULL,
      destination TEXT,
      per_second INTEGER,
      status TEXT NOT NULL,
      moved INTEGER NOT NULL DEFAULT 0,
      to_move INTEGER NOT NULL,
      started_at INTEGER NOT NULL,
      failure TEXT
    );
  `)
}
